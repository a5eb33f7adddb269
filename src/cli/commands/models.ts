import { join } from 'node:path';
import { convertModel, fetchModel } from '../../app/models/getModel.ts';
import { planDownload, type Bits, type DownloadPlan } from '../../app/models/planDownload.ts';
import { AppError, toAppError } from '../../core/errors.ts';
import { catalogue, findModel, isXcomet, type CatalogueModel } from '../../core/models/catalogue.ts';
import { isNonCommercial } from '../../core/ranking/licence.ts';
import { defaultHost, type Hub } from '../../jobs/models/hub.ts';
import { checkPython } from '../../jobs/python.ts';
import { runCommand } from '../../jobs/runCommand.ts';
import { purposeOf, sentenceFor } from '../../messages.ts';
import { invalid, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';
import { pythonOf } from '../training.ts';

const help = `Usage: interlinear models [--json]
       interlinear models get ID --out DIR [--yes]

Without "get": the published models that rank and align here, with licence and source.
With it: asks the host how large the model is, shows size, source and licence, and fetches nothing unless --yes is given
(exit code 1). Fetched files are compared with the digests that the host names; what was broken off goes on the next time.
The checkpoint is then converted by the trainer's exporter and removed.

  ID               comet-22, awesome-align, ...; also the publisher's name
  --out DIR        new folder for the model
  --yes            fetch what was shown
  --bits 32|16|8   what the model's matrices are kept in (default 32); the change of its scores is measured and stored
  --host URL       hub or mirror (default: HF_ENDPOINT, else ${defaultHost})
  --token-env VAR  environment variable with a token of the host, for gated models (default HF_TOKEN)
  --python PATH    Python with the trainer's packages (default: .venv beside the program, else python3)
  --json           machine-readable output

Example:
  interlinear models get comet-22 --out models/wmt22-comet-da --yes
  interlinear rank candidates.jsonl --utility comet --comet-model models/wmt22-comet-da`;

const options = {
  out: { type: 'string' }, yes: { type: 'boolean' }, bits: { type: 'string' }, host: { type: 'string' }, 'token-env': { type: 'string' },
  python: { type: 'string' }, json: { type: 'boolean' },
} as const;

export const modelsCommand: Command = {
  name: 'models',
  summary: 'list published ranking and alignment models, and download them',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, options);
    const [act, id, ...rest] = parsed.positionals;
    if (act === undefined) {
      list(parsed.flag('json'), context);
      return 0;
    }
    if (act !== 'get') throw invalid(act, 'was not expected; see --help');
    if (id === undefined) throw invalid('ID', 'is missing; see --help');
    if (rest.length > 0) throw invalid(rest.join(' '), `was not expected after ${id}`);
    return get(modelOf(id), parsed, context);
  },
};

function list(json: boolean, context: CommandContext): void {
  for (const model of catalogue) {
    const { id, name, kind, repository, licence, gated } = model;
    if (json) context.print(JSON.stringify({ id, name, kind, repository, licence, gated, commercial: !isNonCommercial(licence) }));
    else context.print(`${id.padEnd(15)} ${repository.padEnd(40)} ${termsOf(model)}\n${' '.repeat(16)}${purposeOf(kind)}`);
  }
}

/** @throws AppError `model.unknown`, `model.xcomet` */
function modelOf(id: string): CatalogueModel {
  const model = findModel(id);
  if (model !== undefined) return model;
  if (isXcomet(id)) throw new AppError('model.xcomet', { name: id });
  throw new AppError('model.unknown', { id, known: catalogue.map((known) => known.id).join(', ') });
}

function termsOf({ licence, gated }: CatalogueModel): string {
  return [licence, ...(isNonCommercial(licence) ? ['not for commercial use'] : []), ...(gated ? ['needs a token'] : [])].join(', ');
}

async function get(model: CatalogueModel, parsed: Arguments, context: CommandContext): Promise<ExitCode> {
  const out = resolvePath(context.cwd, parsed.required('out'));
  const bits = bitsOf(parsed);
  const hub = hubOf(parsed, context);
  const python = pythonOf({ parsed, context });
  const plan = await planDownload({ model, hub, out, bits }, context.signal);
  show(plan, out, parsed.flag('json'), context);
  if (!parsed.flag('yes')) {
    context.note('Nothing was fetched. Add --yes to fetch it.');
    return 1;
  }
  const cannot = await checkPython(python).then(() => undefined, (thrown: unknown) => toAppError(thrown, python));
  if (cannot !== undefined) context.note(`It will be fetched and not converted: ${sentenceFor(cannot)}`);
  await fetchModel(plan, { hub, signal: context.signal, onBytes: percents(plan, context) });
  if (cannot !== undefined) throw cannot;
  const onStep = ({ step, of, what }: { readonly step: number; readonly of: number; readonly what: string }): void => { context.note(`converting (${step} of ${of}): ${what}`); };
  await convertModel(plan, out, { python, package: join(context.home, 'trainer'), run: runCommand, bits, signal: context.signal, onStep });
  if (parsed.flag('json')) context.print(JSON.stringify({ id: model.id, folder: out }));
  else context.print(useOf(model, out));
  return 0;
}

function bitsOf(parsed: Arguments): Bits {
  const given = parsed.text('bits') ?? '32';
  const found = ([32, 16, 8] as const).find((bits) => String(bits) === given);
  if (found === undefined) throw invalid(`--bits ${given}`, 'must be 32, 16 or 8');
  return found;
}

function hubOf(parsed: Arguments, context: CommandContext): Hub {
  const host = (parsed.text('host') ?? context.env['HF_ENDPOINT'] ?? defaultHost).replace(/\/+$/u, '');
  if (!URL.canParse(host) || !/^https?:$/u.test(new URL(host).protocol)) throw invalid(`--host ${host}`, 'must be an http or https address');
  const variable = parsed.text('token-env');
  const token = context.env[variable ?? 'HF_TOKEN'];
  if (variable !== undefined && token === undefined) throw invalid(`--token-env ${variable}`, 'the environment has no such variable');
  return { host, fetch, ...(token !== undefined && token !== '' && { token }) };
}

/** Size, source and licence: what a person says yes to. */
function show({ model, host, commit, bytes, left, needed, free, files, digests }: DownloadPlan, out: string, json: boolean, context: CommandContext): void {
  const { id, repository, licence } = model;
  if (json) {
    context.print(JSON.stringify({
      id, host, repository, commit, licence, commercial: !isNonCommercial(licence), bytes, left, needed, free,
      files: files.map(({ file }) => ({ repository: file.repository, path: file.path, bytes: file.bytes, digest: file.digest?.hex })),
    }));
    return;
  }
  const others = [...new Set(files.map(({ file }) => file.repository))].filter((name) => name !== repository);
  context.print([
    `model     ${repository}${commit === undefined ? '' : ` at ${commit.slice(0, 12)}`}, ${purposeOf(model.kind)}`,
    `from      ${host}${others.length === 0 ? '' : ` (settings and tokenizer also from ${others.join(', ')})`}`,
    `size      ${sizeText(bytes)} in ${files.length} files, ${sizeText(left)} of it to be fetched; ${digests} have a digest to compare with`,
    `licence   ${termsOf(model)}`,
    `into      ${out} (${sizeText(needed)} needed with the conversion, ${sizeText(free)} free)`,
  ].join('\n'));
}

function sizeText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A line every five percent. */
function percents({ model, bytes }: DownloadPlan, context: CommandContext): (value: { readonly done: number }) => void {
  let told = -1;
  return ({ done }) => {
    const percent = bytes === 0 ? 100 : 5 * Math.floor((20 * done) / bytes);
    if (percent <= told) return;
    told = percent;
    context.note(`${model.name}: ${percent} % of ${sizeText(bytes)}`);
  };
}

function useOf({ kind }: CatalogueModel, out: string): string {
  const uses: Readonly<Record<CatalogueModel['kind'], string>> = {
    comet: `interlinear rank FILE --utility comet --comet-model ${out}`,
    cometkiwi: `interlinear rank FILE --qe cometkiwi --qe-model ${out}`,
    awesome: `interlinear align FILE --aligner embedding --model ${out}`,
    wspalign: `interlinear align FILE --aligner span --model ${out}`,
  };
  return `${out}\nuse it with: ${uses[kind]}`;
}
