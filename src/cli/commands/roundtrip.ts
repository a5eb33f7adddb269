import { isAbort, toAppError } from '../../core/errors.ts';
import { composeTarget } from '../../core/document/target.ts';
import { encodeText } from '../../core/document/encoding.ts';
import { openDocument } from '../../app/openDocument.ts';
import { sentenceFor } from '../../messages.ts';
import { readArguments, invalid, resolvePath } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

interface Report {
  readonly file: string;
  readonly identical: boolean;
  readonly segments: number;
  readonly error?: string;
}

const help = `Usage: interlinear roundtrip FILE... [--from LANG] [--json] [--segments]

Parses each file, splices nothing, writes it in memory and compares bytes.

  --from LANG   language of the files, for sentence boundaries (default en)
  --segments    print the segments as well
  --json        one line {"file","identical","segments","error"?} a file

Exit code 1 when a file is not identical or cannot be parsed.

Examples:
  interlinear roundtrip samples/letter.en.md
  interlinear roundtrip docs/*.md --json`;

export const roundtripCommand: Command = {
  name: 'roundtrip',
  summary: 'parse files, splice nothing, compare bytes',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { json: { type: 'boolean' }, segments: { type: 'boolean' }, from: { type: 'string' } });
    if (parsed.positionals.length === 0) throw invalid('FILE', 'is missing; see --help');
    let allIdentical = true;
    for (const file of parsed.positionals) {
      context.signal.throwIfAborted();
      const report = await check(file, parsed.text('from') ?? 'en', context, parsed.flag('segments') && !parsed.flag('json'));
      allIdentical &&= report.identical;
      context.print(parsed.flag('json') ? JSON.stringify(report) : row(report));
    }
    return allIdentical ? 0 : 1;
  },
};

async function check(file: string, language: string, context: CommandContext, listSegments: boolean): Promise<Report> {
  const path = resolvePath(context.cwd, file);
  try {
    const document = await openDocument(context.fs, path, file, language);
    const { text } = composeTarget(document.parsed, new Map(), language);
    const before = await context.fs.read(path);
    const identical = before !== undefined && Buffer.from(encodeText(text, document.encoding)).equals(Buffer.from(before));
    if (listSegments) for (const segment of document.parsed.segments) context.print(`${segment.id}\t${JSON.stringify(segment.source)}`);
    return { file, identical, segments: document.parsed.segments.length };
  } catch (thrown) {
    if (isAbort(thrown)) throw thrown;
    return { file, identical: false, segments: 0, error: sentenceFor(toAppError(thrown, file)) };
  }
}

function row(report: Report): string {
  const verdict = report.error !== undefined ? 'error' : report.identical ? 'identical' : 'DIFFERENT';
  return `${verdict.padEnd(10)}${String(report.segments).padStart(6)}  ${report.file}${report.error === undefined ? '' : `\n  ${report.error}`}`;
}
