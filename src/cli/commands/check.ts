import { relative } from 'node:path';
import { checkTexts, judgedRoot, readText } from '../../app/quality/checkFiles.ts';
import { judgedIn, type Judged } from '../../app/quality/judgedIn.ts';
import { translatedPath } from '../../core/document/targetPaths.ts';
import { Glossaries, glossaryIn } from '../../app/glossaryFile.ts';
import type { Glossary } from '../../core/glossary/glossary.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { parseLanguage } from '../../core/text/languages.ts';
import { findingSentence } from '../../messages.ts';
import type { PlacedFinding } from '../../protocol/checking.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../store/workspaceStore.ts';
import { invalid, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import { columnOption, columnsFrom } from '../columnOption.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';
import { partsOfPath, sourceLanguageFrom } from '../files.ts';

const help = `Usage: interlinear check FILE... --to LANG [--from LANG] [--target FILE] [--glossary FILE] [--strict] [--json]

Checks translations: placeholders, tags, numbers, addresses, spaces, end marks, brackets, repeated words, length, terms, plural
forms, line breaks, consistency, language, a model's own talk, texts accepted unread, and Japanese style. FILE is the source; its translation is looked for where Interlinear writes it, and in the file itself for
bilingual formats (XLIFF, PO, ...). Texts that are not translated are not checked, and what a reviewer dismissed with a reason
(in the .interlinear folder above FILE) is not told again.

  --to LANG      target language
  --from LANG    source language (default: what a bilingual file names, else from the file name, else en)
  --target FILE  the translated file of one FILE
  --columns LIST  of a CSV or TSV file whose first row does not tell: source=English text,target=4,key=ID,header=no
  --glossary FILE  terms to be held to: CSV (source, target, forbidden, note) or TBX; without it .interlinear/glossary.csv, .tsv or .tbx,
                 if it is there
  --strict       warnings fail as well
  --json         one line {"file","line","column","check","severity","detail","segment","source","translation",
                 "sourceLine"} a finding

Exit code 1 when there is an error (with --strict: or a warning), 0 otherwise.

Examples:
  interlinear check locales/en.json --to ja
  interlinear check app/*.xlf --to de --strict --json`;

export const checkCommand: Command = {
  name: 'check',
  summary: 'check translations for lost placeholders, numbers, tags ...',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, {
      to: { type: 'string' }, from: { type: 'string' }, target: { type: 'string' }, glossary: { type: 'string' }, strict: { type: 'boolean' }, json: { type: 'boolean' }, ...columnOption,
    });
    const files = parsed.positionals;
    if (files.length === 0) throw invalid('FILE', 'is missing; see --help');
    if (parsed.text('target') !== undefined && files.length > 1) throw invalid('--target', 'goes with one FILE');
    let failed = false;
    for (const file of files) {
      context.signal.throwIfAborted();
      const { path, findings } = await checkFile(file, parsed, context);
      for (const finding of findings) context.print(parsed.flag('json') ? record(path, finding) : row(path, finding));
      failed ||= findings.some(({ severity }) => severity === 'error' || (parsed.flag('strict') && severity === 'warning'));
    }
    return failed ? 1 : 0;
  },
};

interface CheckedFile {
  /** Of the file that holds the translations. */
  readonly path: string;
  readonly findings: readonly PlacedFinding[];
}

async function checkFile(file: string, args: Arguments, context: CommandContext): Promise<CheckedFile> {
  const target = parseLanguage(args.required('to')).tag;
  const { folder, named } = partsOfPath(context.cwd, file);
  const languages = { source: await sourceLanguageFrom(args, file, context), target, ...columnsFrom(args) };
  const path = args.text('target') ?? folder + translatedPath(named, languages);
  const text = (name: string): Promise<string> => readText(context.fs, resolvePath(context.cwd, name), name);
  const source = { path: file, text: await text(file) };
  const judged = await judgments(resolvePath(context.cwd, file), target, context);
  const glossary = await glossaryFor(languages, args, context);
  const { findings } = await checkTexts({ source, languages, ...judged, ...(glossary === undefined ? {} : { glossary }), ...(path === file ? {} : { target: { path, text: await text(path) } }) });
  return { path, findings };
}

async function glossaryFor(languages: LanguagePair, args: Arguments, { fs, cwd }: CommandContext): Promise<Glossary | undefined> {
  const path = await glossaryIn(fs, cwd, args.text('glossary'));
  return path === undefined ? undefined : new Glossaries(fs).of(path, languages);
}

/** What reviewers dismissed and accepted; a file outside of any reviewed folder has none. */
async function judgments(file: string, language: string, { fs }: CommandContext): Promise<Partial<Judged>> {
  const root = await judgedRoot(fs, file);
  return root === undefined ? {} : judgedIn(openWorkspaceStore(root, nodeStoreParts()), relative(root, file).replaceAll('\\', '/'), language);
}

function row(path: string, finding: PlacedFinding): string {
  return `${path}:${finding.line}:${finding.column}: ${finding.severity}: ${findingSentence(finding)} [${finding.check}]`;
}

function record(path: string, { line, column, check, severity, detail, segment, source, translation, sourceLine }: PlacedFinding): string {
  return JSON.stringify({ file: path, line, column, check, severity, detail, segment, source, translation, sourceLine });
}
