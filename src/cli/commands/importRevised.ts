import { isAbsolute, join, relative } from 'node:path';
import { BytesTargetFile } from '../../app/bytesTargetFile.ts';
import { Compute } from '../../app/compute.ts';
import { LocalDesk } from '../../app/documents/documentDesk.ts';
import { openDocument } from '../../app/openDocument.ts';
import { judgedRoot } from '../../app/quality/checkFiles.ts';
import { openSession } from '../../app/review/openSession.ts';
import { takeRevisions } from '../../app/review/revisions.ts';
import { translatedPath } from '../../core/document/targetPaths.ts';
import { parseLanguage } from '../../core/text/languages.ts';
import { sentenceFor, unalignedSentence } from '../../messages.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../store/workspaceStore.ts';
import { invalid, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import { columnOption, columnsFrom } from '../columnOption.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';
import { partsOfPath, sourceLanguageFrom } from '../files.ts';

const help = `Usage: interlinear import-revised SOURCE RETURNED --to LANG --reviewer NAME [--from LANG] [--target FILE] [--dry-run] [--json]

Takes a translation that somebody returned: every text that reads otherwise than here is recorded as a post-edit of NAME, in
NAME's own journal (in the .interlinear folder above SOURCE, else in the current folder), and written into the translation.
Texts that lost a placeholder or a tag are left. What could not be aligned is listed with the reason.

  --to LANG        target language
  --from LANG      source language (default: what a bilingual file names, else from the file name, else en)
  --reviewer NAME  who revised it
  --target FILE    the translation as it is here (default: where Interlinear writes it; SOURCE itself for bilingual formats)
  --columns LIST   of a CSV or TSV file whose first row does not tell: source=English text,target=4,key=ID,header=no
  --dry-run        say what would change; record and write nothing
  --json           {"changed":[{"segment","number","text"}],"same","taken","broken","unaligned":[{"reason","place","text"}]}

Exit code 1 when a text could not be aligned or was left, 0 otherwise.

Example:
  interlinear import-revised locales/en.json back/ja.json --to ja --reviewer Naomi`;

export const importRevisedCommand: Command = {
  name: 'import-revised',
  summary: 'take a returned translation as another reviewer\'s post-edits',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, {
      to: { type: 'string' }, from: { type: 'string' }, reviewer: { type: 'string' }, target: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' }, ...columnOption,
    });
    const [source, returned, ...rest] = parsed.positionals;
    if (source === undefined || returned === undefined || rest.length > 0) throw invalid('SOURCE RETURNED', 'are two files; see --help');
    const compute = new Compute(join(context.home, 'dist', 'computeWorker.cjs'), context.version);
    try {
      return await importFile({ source, returned, parsed, context, compute });
    } finally {
      await compute.dispose();
    }
  },
};

interface Import {
  readonly source: string;
  readonly returned: string;
  readonly parsed: Arguments;
  readonly context: CommandContext;
  /** Not started unless something is ranked. */
  readonly compute: Compute;
}

async function importFile({ source, returned, parsed, context, compute }: Import): Promise<ExitCode> {
  const reviewer = parsed.required('reviewer').trim();
  if (reviewer === '') throw invalid('--reviewer', 'is blank');
  const { fs, cwd, signal } = context;
  const to = parseLanguage(parsed.required('to')).tag;
  const { folder, named } = partsOfPath(cwd, source);
  const languages = { source: await sourceLanguageFrom(parsed, source, context), target: to, ...columnsFrom(parsed) };
  const path = resolvePath(cwd, source);
  const root = await judgedRoot(fs, path) ?? cwd;
  const key = relative(root, path).replaceAll('\\', '/');
  if (key.startsWith('../') || isAbsolute(key)) throw invalid(source, `is not in the folder ${root}`);
  const target = parsed.text('target') ?? folder + translatedPath(named, languages);
  const store = openWorkspaceStore(root, { ...nodeStoreParts(), fs });
  const desk = new LocalDesk(await openDocument(fs, path, key, languages), { fs, store, languages }, ({ encoding }) => ({
    file: new BytesTargetFile(resolvePath(cwd, target), fs, relative(root, resolvePath(cwd, target)).replaceAll('\\', '/'), encoding), askAboutTarget: () => Promise.resolve('merge'),
  }));
  const listener = { onSegment: () => undefined, onProgress: () => undefined, onOutcome: () => undefined };
  const opened = await openSession({ desk, languages, store, compute, listener, heldOutShare: 0, view: { reviewer, blind: false, message: sentenceFor } });
  if (opened === undefined) throw invalid(target, 'was not opened');
  const { session } = opened;
  const { changed, same, unaligned } = await session.revisions.begin(await desk.revised({ path: resolvePath(cwd, returned), label: returned }), reviewer);
  const views = session.views().flatMap(({ id, number, revision }) => (revision === undefined ? [] : [{ segment: id, number, text: revision.text }]));
  const { taken, broken } = parsed.flag('dry-run') ? { taken: 0, broken: 0 } : await takeRevisions(session, { signal });
  if (parsed.flag('json')) context.print(JSON.stringify({ changed: views, same, taken, broken, unaligned }));
  else {
    for (const { number, text } of views) context.print(`#${String(number)}: ${text}`);
    context.print(`${changed.length} changed, ${same} as they are here, ${taken} taken, ${broken} left (lost a placeholder or a tag), ${unaligned.length} not aligned`);
    for (const { reason, place, text } of unaligned) context.note(`${place}: ${unalignedSentence(reason)} ${text}`);
  }
  return broken + unaligned.length > 0 ? 1 : 0;
}
