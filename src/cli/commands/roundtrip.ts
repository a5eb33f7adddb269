import { AppError, isAbort, toAppError } from '../../core/errors.ts';
import { codecFor } from '../../core/document/codecs.ts';
import { composeTarget } from '../../core/document/target.ts';
import { encodeText } from '../../core/document/encoding.ts';
import { openDocument } from '../../app/openDocument.ts';
import { sentenceFor } from '../../messages.ts';
import type { DocumentLanguages } from '../../protocol/documents.ts';
import { readArguments, invalid, resolvePath } from '../arguments.ts';
import { columnOption, columnsFrom } from '../columnOption.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';
import { filesIn } from '../files.ts';

interface Report {
  readonly file: string;
  readonly identical: boolean;
  readonly segments: number;
  readonly error?: string;
}

const help = `Usage: interlinear roundtrip FILE|FOLDER... [--from LANG] [--json] [--segments]

Parses each file, splices nothing, writes it in memory and compares bytes. A folder stands for all files under it whose
format is known. Ends with a table by format.

  --from LANG   language of the files, for sentence boundaries (default en)
  --columns LIST  of CSV and TSV files whose first row does not tell: source=English text,target=4,key=ID,header=no
  --segments    print the segments as well
  --json        one line {"file","identical","segments","error"?} a file, and no table

Exit code 1 when a file is not identical or cannot be parsed.

Examples:
  interlinear roundtrip samples/letter.en.md
  interlinear roundtrip locales --json`;

export const roundtripCommand: Command = {
  name: 'roundtrip',
  summary: 'parse files, splice nothing, compare bytes',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { json: { type: 'boolean' }, segments: { type: 'boolean' }, from: { type: 'string' }, ...columnOption });
    if (parsed.positionals.length === 0) throw invalid('FILE', 'is missing; see --help');
    const json = parsed.flag('json');
    const reports: Report[] = [];
    for await (const file of filesIn(parsed.positionals, context)) {
      const languages = { source: parsed.text('from') ?? 'en', ...columnsFrom(parsed) };
      const report = await check(file, languages, context, parsed.flag('segments') && !json);
      reports.push(report);
      context.print(json ? JSON.stringify(report) : row(report));
    }
    if (!json && reports.length > 1) for (const line of table(reports)) context.print(line);
    return reports.every(({ identical }) => identical) ? 0 : 1;
  },
};

async function check(file: string, languages: DocumentLanguages, context: CommandContext, listSegments: boolean): Promise<Report> {
  const path = resolvePath(context.cwd, file);
  try {
    const document = await openDocument(context.fs, path, file, languages);
    const { text } = composeTarget(document.parsed, new Map(), languages.source);
    const before = await context.fs.read(path);
    const identical = before !== undefined && Buffer.from(encodeText(text, document.encoding)).equals(Buffer.from(before));
    if (listSegments) for (const segment of document.parsed.segments) context.print(`${segment.id}\t${JSON.stringify(segment.source)}`);
    return { file, identical, segments: document.parsed.segments.length };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    // Nothing to translate is nothing to write.
    if (thrown instanceof AppError && thrown.code === 'document.empty') return { file, identical: true, segments: 0 };
    return { file, identical: false, segments: 0, error: sentenceFor(toAppError(thrown, file)) };
  }
}

function row(report: Report): string {
  return `${verdict(report).padEnd(10)}${String(report.segments).padStart(6)}  ${report.file}${report.error === undefined ? '' : `\n  ${report.error}`}`;
}

function verdict({ error, identical }: Report): string {
  return error !== undefined ? 'error' : identical ? 'identical' : 'DIFFERENT';
}

function table(reports: readonly Report[]): readonly string[] {
  const formats = new Map<string, Report[]>();
  for (const report of reports) {
    const format = formatOf(report.file);
    formats.set(format, [...(formats.get(format) ?? []), report]);
  }
  const line = (name: string, of: readonly Report[]): string => {
    const counts = ['identical', 'DIFFERENT', 'error'].map((kind) => of.filter((report) => verdict(report) === kind).length);
    return [name.padEnd(14), of.length, ...counts, of.reduce((sum, { segments }) => sum + segments, 0)].map((cell) => String(cell).padStart(10)).join('');
  };
  const head = ['format'.padEnd(14), 'files', 'identical', 'different', 'errors', 'segments'].map((cell) => cell.padStart(10)).join('');
  return ['', head, ...[...formats].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([name, of]) => line(name, of)), line('all', reports), '', shareOf(reports)];
}

/** Of the files that are valid, since the others cannot be written. */
function shareOf(reports: readonly Report[]): string {
  const valid = reports.filter(({ error }) => error === undefined);
  const identical = valid.filter((report) => report.identical);
  const share = valid.length === 0 ? '' : ` (${(100 * identical.length / valid.length).toFixed(identical.length === valid.length ? 0 : 1)} %)`;
  const invalid = reports.length - valid.length;
  return `${identical.length} of ${valid.length} valid files are identical${share}${invalid === 0 ? '' : `; ${invalid} cannot be read, and the line below each says where and why`}`;
}

function formatOf(file: string): string {
  try {
    return codecFor(file).id;
  } catch {
    return 'unknown';
  }
}
