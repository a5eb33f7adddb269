import { join } from 'node:path';
import { Compute } from '../../app/compute.ts';
import { createBackend, type BackendChoice } from '../../app/backends.ts';
import { openBytes, openDocument, segmentRef, type OpenedDocument } from '../../app/openDocument.ts';
import { parseRunSettings, defaultRun, type RunSettings } from '../../app/settings.ts';
import { earlierTexts, holdsTranslation, machineTexts } from '../../app/translation/machineTexts.ts';
import { dryRun } from '../../app/translation/dryRun.ts';
import { signatureOf, type RunContext, type SegmentJob } from '../../app/translation/translateSegment.ts';
import { servedModelFolder } from '../../app/training/servedModel.ts';
import { TranslationRun } from '../../app/translation/translationRun.ts';
import { abortError } from '../../protocol/channel.ts';
import type { CandidateSet } from '../../core/candidate.ts';
import { toAppError } from '../../core/errors.ts';
import type { TextPair } from '../../core/prompting/context.ts';
import { Places } from '../../core/document/place.ts';
import type { Segment } from '../../core/document/segment.ts';
import { composeTarget } from '../../core/document/target.ts';
import { decodeHead, encodeText } from '../../core/document/encoding.ts';
import { headLength, sourceLanguageIn } from '../../core/document/namedSource.ts';
import { parseLanguage } from '../../core/text/languages.ts';
import { sentenceFor } from '../../messages.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { AdapterRegistry } from '../../jobs/adapterRegistry.ts';
import { invalid, onePositional, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import { columnOption, columnsFrom } from '../columnOption.ts';
import { sourceLanguageFrom } from '../files.ts';
import { knowledgeOptions, withKnowledge } from '../folderKnowledge.ts';
import { tellLeaving } from '../leaving.ts';
import { checkOutputs } from '../outputs.ts';
import { PartialSets } from '../partialSets.ts';
import { askedServerOptions, refuseServerOptions, serverFrom, urlsOf } from '../serverOptions.ts';
import { codecOfFormat, inputName, standardStream } from '../standardInput.ts';
import { providerFrom } from '../engineOptions.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear translate IN --to LANG [--out OUT] [--candidates FILE] [options]

Translates a document segment by segment: draws N candidates, ranks them by Minimum Bayes Risk, splices the best ones in.
IN is a file, or - for standard input.

  --to LANG            target language, for example ja
  --from LANG          source language (default: what a bilingual file names, else from the file name, else en)
  --n N                candidates a segment, 1 to 1024 (default 16)
  --seed S             seed (default 7): the same seed gives the same candidates
  --temperature T      default: what the model's card recommends
  --top-p P, --top-k K
  --format EXTENSION   of standard input: md, html, xliff, po ... or a name such as strings.xml (default txt)
  --columns LIST       of a CSV or TSV file whose first row does not tell: source=English text,target=4,key=ID,comment=Remarks,header=no
  --out OUT            write the translated document here; - is standard output, where it goes without --out when IN is -
                       or when there is no --candidates
  --candidates FILE    write every candidate set here, one JSON line a segment
  --again              of a file that holds both languages (XLIFF, PO, ...): also what it has a translation of; without it that stays
  --backend URL        an OpenAI-compatible server (default: the embedded engine); URL,URL ... are several of one model, which share the work
  --model NAME         the server's model (default: the adapter that "interlinear adopt" adopted there)
  --api-key-env VAR    environment variable that holds the server's key
  --prompt-family NAME algharb, lmt, alma, xalma, qwen3, tower, wmt24pp, generic or starter (default: what the model's name says)
  --prompt-form FORM   chat or raw (default: as the family is)
  --model-folder DIR   ONNX model for the embedded engine (default: what "interlinear adopt" adopted in the current folder,
                       else the starter model)
  --adaptive SHARE     stop drawing once this share of bootstrap resamples picks the same candidate (default 0: draw all)
  --context-tokens N   document mode: earlier segments with their translations go into the prompt, up to N tokens (default 0: off)
  --memory FILE.tmx    a translation memory for this run, beside that of the workspace; may be given several times
  --matches N          its best matches are candidates and, where the prompt has a place for them, examples, 0 to 20 (default 3;
                       0 leaves the memory out)
  --glossary FILE      CSV or TBX (default: .interlinear/glossary.csv, .tsv or .tbx of the workspace)
  --workspace DIR      the folder that holds .interlinear (default: the nearest one above IN that does, else here)
  --brief TEXT         how the translation should read: "for children, polite"; for models whose prompt has a place for it
  --pmp self|memory    put a translation into a related language into the prompt, where the model was trained for that: its own (PMP-S), or the memory's (PMP-O)
  --dry-run            only say how many segments and tokens there are and about how long it takes: one segment is drawn for that
  --provider NAME      what runs the embedded engine's model: cpu (default), webgpu, cuda, coreml or dml; falls back to the CPU and says so
  --json               a summary as JSON on stdout

Nobody has looked at what is written, and formats with states say so: fuzzy, needs-review-translation, needs_review.
Cancelled or crashed runs with --candidates resume: run the same command again.

Examples:
  interlinear translate samples/letter.en.md --to ja --n 16 --seed 7 --out letter.ja.md --candidates letter.jsonl
  interlinear translate - --format md --to ja < letter.en.md > letter.ja.md
  interlinear translate manual.md --to ja --memory old-manual.tmx --glossary terms.tbx --out manual.ja.md
  interlinear translate notes.txt --to zh --backend http://127.0.0.1:8000 --model Qwen3-14B --out notes.zh.txt`;

export const translateCommand: Command = {
  name: 'translate',
  summary: 'translate a document, keep every candidate',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, {
      to: { type: 'string' }, from: { type: 'string' }, n: { type: 'string' }, seed: { type: 'string' }, temperature: { type: 'string' },
      'top-p': { type: 'string' }, 'top-k': { type: 'string' }, out: { type: 'string' }, again: { type: 'boolean' }, candidates: { type: 'string' }, backend: { type: 'string' },
      'model-folder': { type: 'string' }, json: { type: 'boolean' }, ...askedServerOptions,
      'context-tokens': { type: 'string' }, adaptive: { type: 'string' }, provider: { type: 'string' }, 'dry-run': { type: 'boolean' },
      format: { type: 'string' }, brief: { type: 'string' }, pmp: { type: 'string' }, ...columnOption, ...knowledgeOptions,
    });
    const input = onePositional(parsed, 'IN');
    if (parsed.text('out') === standardStream && parsed.flag('json')) throw invalid('--out -', 'the summary of --json goes to standard output; name a file');
    const { document, languages } = await openInput(input, { parsed, context });
    if (parsed.flag('dry-run')) {
      await withRun(parsed, context, (run) => tellDryRun(run, jobsOf(document, languages, parsed), { parsed, context }));
      return 0;
    }
    await checkOutputs(input === standardStream ? undefined : document.path, parsed, context);
    const sets = await withKnowledge({ document, languages, parsed, context }, (knowledge) => withRun(parsed, context, (run) => translateAll({ ...run, ...knowledge }, document, languages, { parsed, context })));
    await writeResults(sets, document, languages, { parsed, context });
    return 0;
  },
};

interface Invocation {
  readonly parsed: Arguments;
  readonly context: CommandContext;
}

interface Input {
  readonly document: OpenedDocument;
  readonly languages: LanguagePair;
}

/** @throws AppError `document.*`, `language.unknown` */
async function openInput(input: string, { parsed, context }: Invocation): Promise<Input> {
  const format = parsed.text('format');
  const target = parseLanguage(parsed.required('to')).tag;
  if (input === standardStream) {
    const codec = codecOfFormat(format ?? 'txt');
    const bytes = await context.readInput();
    const asked = parsed.text('from');
    const source = asked === undefined ? sourceLanguageIn({ codec, path: inputName, head: decodeHead(bytes.subarray(0, headLength)) }, target) : parseLanguage(asked).tag;
    const languages = { source, target, ...columnsFrom(parsed) };
    return { languages, document: openBytes(bytes, { path: inputName, key: inputName, codec, languages }) };
  }
  if (format !== undefined) throw invalid(`--format ${format}`, `is for standard input (-); the name of ${input} says its format`);
  const languages = { source: await sourceLanguageFrom(parsed, input, context), target, ...columnsFrom(parsed) };
  return { languages, document: await openDocument(context.fs, resolvePath(context.cwd, input), input, languages) };
}

function settingsFrom(parsed: Arguments): RunSettings {
  return parseRunSettings({
    ...defaultRun,
    candidates: parsed.integer('n', { min: 1, max: 1024, fallback: defaultRun.candidates }),
    seed: parsed.integer('seed', { min: 0, max: 0xffffffff, fallback: defaultRun.seed }),
    temperature: parsed.number('temperature', { min: 0, max: 2 }),
    topP: parsed.number('top-p', { min: 0, max: 1 }) ?? defaultRun.topP,
    topK: parsed.integer('top-k', { min: 0, max: 1_000_000, fallback: defaultRun.topK }),
    adaptive: parsed.number('adaptive', { min: 0, max: 1 }) ?? defaultRun.adaptive,
    contextTokens: parsed.integer('context-tokens', { min: 0, max: 10_000_000, fallback: defaultRun.contextTokens }),
    brief: { notes: parsed.text('brief') ?? '' },
    auxiliary: parsed.text('pmp') ?? defaultRun.auxiliary,
  });
}

async function choiceFrom(parsed: Arguments, context: CommandContext): Promise<BackendChoice> {
  const url = parsed.text('backend');
  if (url === undefined) {
    refuseServerOptions(parsed);
    return { kind: 'embedded', modelFolder: await modelFolder(parsed, context), provider: providerFrom(parsed) };
  }
  for (const one of urlsOf(url)) tellLeaving(one, context);
  const adopted = parsed.text('model') === undefined ? await new AdapterRegistry(context.cwd, context.fs).modelAt(url) : undefined;
  return { ...serverFrom(parsed, url, context), model: adopted ?? parsed.required('model') };
}

function modelFolder(parsed: Arguments, context: CommandContext): Promise<string> {
  const given = parsed.text('model-folder');
  if (given !== undefined) return Promise.resolve(resolvePath(context.cwd, given));
  return servedModelFolder(context.fs, context.cwd, join(context.home, 'media', 'starter-en-ja'));
}

async function withRun<T>(parsed: Arguments, context: CommandContext, work: (run: RunContext) => Promise<T>): Promise<T> {
  const dist = join(context.home, 'dist');
  const compute = new Compute(join(dist, 'computeWorker.cjs'), context.version);
  const backend = createBackend(await choiceFrom(parsed, context), { engineScript: join(dist, 'engine.cjs') });
  try {
    const settings = settingsFrom(parsed);
    const description = await backend.describe(context.signal);
    if (description.providerNote !== undefined) context.note(`runs on the CPU: ${description.providerNote}`);
    const aligner = await compute.loadAligner(join(context.home, 'media', 'aligner-en-ja'));
    const onScoringFailure = (error: unknown): void => { context.note(`log P of the memory's text: ${sentenceFor(toAppError(error, 'backend'))}`); };
    return await work({ backend, description, compute, settings, aligner, version: context.version, onScoringFailure });
  } finally {
    await Promise.all([backend.dispose(), compute.dispose()]);
  }
}

/** What stands in the file already needs candidates only where they are asked for. */
function jobsOf(document: OpenedDocument, languages: LanguagePair, parsed: Arguments): readonly SegmentJob[] {
  const all = parsed.flag('again') || parsed.text('candidates') !== undefined;
  return document.parsed.segments.filter((segment) => all || !holdsTranslation(segment)).map((segment) => ({ segment, ref: segmentRef(document, segment, languages) }));
}

async function tellDryRun(run: RunContext, jobs: readonly SegmentJob[], { parsed, context }: Invocation): Promise<void> {
  const found = await dryRun({ ...run, earlier: () => [] }, jobs, () => performance.now(), context.signal);
  if (found === undefined) throw invalid('IN', 'it has no text to translate');
  if (parsed.flag('json')) {
    context.print(JSON.stringify(found));
    return;
  }
  context.print(`${found.segments} segments, ${found.candidates} candidates each, by ${found.model}`);
  context.print(`about ${found.promptTokens} tokens to read and ${found.outputTokens} to write (at most ${found.outputTokensAtMost})`);
  context.print(`about ${found.seconds.toFixed(0)} s at ${found.measured.tokensPerSecond.toFixed(0)} tokens a second (measured on one segment)`);
}

async function translateAll(run: RunContext, document: OpenedDocument, languages: LanguagePair, { parsed, context }: Invocation): Promise<readonly CandidateSet[]> {
  const file = parsed.text('candidates');
  const partial = new PartialSets(context.fs, file === undefined ? undefined : resolvePath(context.cwd, `${file}.partial`));
  const done = await partial.load(signatureOf({ ...run, earlier: () => [] }, ''));
  const jobs = jobsOf(document, languages, parsed);
  const waiting = jobs.filter((job) => !done.has(job.ref.id));
  const earlier = (segment: string): readonly TextPair[] => earlierTexts(document.parsed.segments, done, segment);
  const translation = new TranslationRun({ ...run, earlier }, waiting, {
    onStart: () => undefined,
    onCandidates: () => undefined,
    onSet: async (set) => {
      done.set(set.segment.id, set);
      await partial.append(set);
      context.note(`${done.size}/${jobs.length} ${JSON.stringify(set.segment.source.slice(0, 60))}`);
    },
    onFailure: (segment, error) => { context.note(`${segment}: ${sentenceFor(error)}`); },
  });
  const result = await translation.run(context.signal);
  if (result.error !== undefined) throw result.error;
  if (result.cancelled) throw abortError();
  if (result.failed > 0) throw invalid(document.key, `${result.failed} of ${jobs.length} segments failed; what was finished is kept`);
  await partial.remove();
  return jobs.flatMap((job) => done.get(job.ref.id) ?? []);
}

async function writeResults(sets: readonly CandidateSet[], document: OpenedDocument, languages: LanguagePair, { parsed, context }: Invocation): Promise<void> {
  const candidates = parsed.text('candidates');
  if (candidates !== undefined) {
    const lines = sets.map((set) => `${JSON.stringify(set)}\n`).join('');
    await context.fs.writeAtomic(resolvePath(context.cwd, candidates), Buffer.from(lines, 'utf8'));
  }
  const again = parsed.flag('again');
  const { texts, left } = machineTexts(document, sets, (segment) => again || !holdsTranslation(segment));
  tellLeft(left, document, context);
  const translated = composeTarget(document.parsed, texts, languages.target).text;
  const out = outputOf(document, parsed);
  if (out === standardStream) context.write(encodeText(translated, document.encoding));
  else if (out !== undefined) await context.fs.writeAtomic(resolvePath(context.cwd, out), encodeText(translated, document.encoding));
  if (parsed.flag('json')) context.print(JSON.stringify({ file: document.key, segments: document.parsed.segments.length, untranslated: left.length, kept: document.parsed.segments.length - texts.size - left.length, out, candidates, signature: sets[0]?.signature }));
}

function tellLeft(left: readonly Segment[], document: OpenedDocument, context: CommandContext): void {
  const places = new Places(document.parsed.text);
  for (const { range, source } of left) {
    const { line, column } = places.of(range.start);
    context.note(`${document.key}:${line}:${column}: left as it is, as no candidate kept all that must stay: ${JSON.stringify(source.slice(0, 60))}`);
  }
}

/** Where the translated document goes: a path, standard output, or nowhere. */
function outputOf(document: OpenedDocument, parsed: Arguments): string | undefined {
  const out = parsed.text('out');
  if (out !== undefined || parsed.flag('json')) return out;
  return document.path === inputName || parsed.text('candidates') === undefined ? standardStream : undefined;
}
