import { AppError } from '../../core/errors.ts';
import { translatedPath } from '../../core/document/targetPaths.ts';
import { readGlossaryFile, usualGlossary } from '../../app/glossaryFile.ts';
import { checkDocument, type PlacedFinding } from '../../app/checkDocument.ts';
import { openDocument, parseAs, type OpenedDocument } from '../../app/openDocument.ts';
import { decodeBytes } from '../../core/document/encoding.ts';
import type { ParsedDocument } from '../../core/document/segment.ts';
import type { Term } from '../../core/quality/check.ts';
import { parseLanguage, sourceLanguageOf } from '../../core/text/languages.ts';
import { findingSentence } from '../../messages.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { invalid, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear check FILE... --to LANG [--from LANG] [--target FILE] [--glossary FILE] [--strict] [--json]

Checks translations: placeholders, tags, numbers, addresses, spaces, brackets, length, plural forms, consistency, language, and
Japanese style. FILE is the source; its translation is looked for where Interlinear writes it, and in the file itself for
bilingual formats (XLIFF, PO, ...). Texts that are not translated are not checked.

  --to LANG      target language
  --from LANG    source language (default: from the file name, else en)
  --target FILE  the translated file of one FILE
  --glossary FILE  terms to be held to: CSV (source, target, forbidden, note) or TBX; without it .interlinear/glossary.csv, if it is there
  --strict       warnings fail as well
  --json         one line {"file","line","column","check","severity","detail","segment","source","translation"} a finding

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
      to: { type: 'string' }, from: { type: 'string' }, target: { type: 'string' }, glossary: { type: 'string' }, strict: { type: 'boolean' }, json: { type: 'boolean' },
    });
    const files = parsed.positionals;
    if (files.length === 0) throw invalid('FILE', 'is missing; see --help');
    if (parsed.text('target') !== undefined && files.length > 1) throw invalid('--target', 'goes with one FILE');
    let failed = false;
    for (const file of files) {
      context.signal.throwIfAborted();
      const { path, findings } = await checkFile(file, parsed, context);
      for (const finding of findings) context.print(parsed.flag('json') ? JSON.stringify({ file: path, ...finding }) : row(path, finding));
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
  const pair = { source: sourceLanguageOf(file, target, args.text('from')), target };
  const path = args.text('target') ?? translatedPath(file, pair);
  const document = await openDocument(context.fs, resolvePath(context.cwd, file), file, pair);
  const translated = path === file ? document.parsed : await readTarget(path, document, { languages: pair, context });
  return { path, findings: checkDocument({ document, target: translated, languages: pair, terms: await termsFor(pair, args, context) }) };
}

async function termsFor(languages: LanguagePair, args: Arguments, context: CommandContext): Promise<readonly Term[]> {
  const named = args.text('glossary');
  const path = resolvePath(context.cwd, named ?? usualGlossary);
  if (named === undefined && await context.fs.stat(path) === undefined) return [];
  return readGlossaryFile(context.fs, path, languages);
}

async function readTarget(path: string, document: OpenedDocument, { languages, context }: { readonly languages: LanguagePair; readonly context: CommandContext }): Promise<ParsedDocument> {
  const bytes = await context.fs.read(resolvePath(context.cwd, path));
  if (bytes === undefined) throw new AppError('document.notFound', { path });
  return parseAs(document.codec, decodeBytes(bytes, path).text, { path, languages: { ...languages, source: languages.target } });
}

function row(path: string, finding: PlacedFinding): string {
  return `${path}:${finding.line}:${finding.column}: ${finding.severity}: ${findingSentence(finding)} [${finding.check}]`;
}
