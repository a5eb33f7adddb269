import { MemoryHandlers } from '../../app/memory/memoryHandlers.ts';
import { fromWire } from '../../core/errors.ts';
import type { ConcordanceHit, ConcordanceProgress } from '../../protocol/memory.ts';
import type { MemoryMatch } from '../../core/memory/unit.ts';
import { parseLanguage } from '../../core/text/languages.ts';
import { sentenceFor } from '../../messages.ts';
import { invalid, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear memory import FILE.tmx... [--workspace DIR] [--from LANG --to LANG]
       interlinear memory export FILE.tmx --from LANG --to LANG [--workspace DIR]
       interlinear memory query TEXT --from LANG --to LANG [--least N] [--count N] [--concordance] [--json]

The translation memory of a workspace: what was accepted there, and what was imported into .interlinear/memory.

  --workspace DIR  the folder that holds .interlinear (default: here)
  --from, --to     languages; an import without them takes the file's source language and every other
  --least N        least score of a match, 1 to 100 (default 70)
  --count N        matches at most, 1 to 100 (default 5)
  --concordance    units that hold TEXT, instead of sources like it
  --json           one line of JSON a match

A score is 100 for the same text, else floor(100 (1 - d / n)), at most 99: d is the edit distance in tokens (words; characters
where a script has no spaces; inline codes all alike), n the tokens of the longer text.

Exit code 1 of a query: nothing was found.

Examples:
  interlinear memory import glossary.tmx old-projects.tmx
  interlinear memory query "Open the file." --from en --to ja`;

const options = {
  workspace: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, least: { type: 'string' }, count: { type: 'string' },
  concordance: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

export const memoryCommand: Command = {
  name: 'memory',
  summary: 'import, export and search the translation memory',
  help,
  async run(args, context): Promise<ExitCode> {
    const [what, ...rest] = args;
    const parsed = readArguments(rest, options);
    switch (what) {
      case 'import': return importFiles(parsed, context);
      case 'export': return exportFile(parsed, context);
      case 'query': return query(parsed, context);
      default: throw invalid(what ?? 'memory', 'is none of import, export, query; see --help');
    }
  },
};

function nameOf(args: Arguments, context: CommandContext) {
  return { root: rootOf(args, context), source: parseLanguage(args.required('from')).tag, target: parseLanguage(args.required('to')).tag };
}

function rootOf(args: Arguments, context: CommandContext): string {
  return resolvePath(context.cwd, args.text('workspace') ?? '.');
}

async function importFiles(args: Arguments, context: CommandContext): Promise<ExitCode> {
  if (args.positionals.length === 0) throw invalid('FILE', 'is missing; see --help');
  const memory = new MemoryHandlers();
  const only = args.text('from') === undefined && args.text('to') === undefined ? undefined : { source: parseLanguage(args.required('from')).tag, target: parseLanguage(args.required('to')).tag };
  for (const file of args.positionals) {
    let shown = 0;
    const progress = ({ done, total }: { readonly done: number; readonly total: number }): void => {
      const percent = Math.floor((100 * done) / Math.max(1, total));
      if (percent >= shown + 10) context.note(`${file}: ${String(shown = percent)} %`);
    };
    const request = { root: rootOf(args, context), file: resolvePath(context.cwd, file), ...(only !== undefined && { only }) };
    const { pairs, skipped } = await memory.memoryImport(request, { signal: context.signal, progress });
    for (const { source, target, units } of pairs) context.print(args.flag('json') ? JSON.stringify({ file, source, target, units }) : `${file}: ${String(units)} units ${source} > ${target}`);
    if (skipped > 0) context.note(`${file}: ${String(skipped)} units without a text in both languages were left out`);
  }
  return 0;
}

async function exportFile(args: Arguments, context: CommandContext): Promise<ExitCode> {
  const [file, more] = args.positionals;
  if (file === undefined || more !== undefined) throw invalid('FILE', 'must be one; see --help');
  const request = { ...nameOf(args, context), file: resolvePath(context.cwd, file), version: context.version };
  const { units } = await new MemoryHandlers().memoryExport(request, { signal: context.signal, progress: () => undefined });
  context.print(args.flag('json') ? JSON.stringify({ file, units }) : `${String(units)} units written to ${file}`);
  return 0;
}

async function query(args: Arguments, context: CommandContext): Promise<ExitCode> {
  const text = args.positionals.join(' ');
  if (text.trim() === '') throw invalid('TEXT', 'is missing; see --help');
  const count = args.integer('count', { min: 1, max: 100, fallback: 5 });
  const memory = new MemoryHandlers();
  const { signal } = context;
  if (args.flag('concordance')) {
    let found = 0;
    const progress = ({ hits }: ConcordanceProgress): void => {
      found += hits.length;
      for (const hit of hits) context.print(args.flag('json') ? JSON.stringify(hit) : concordanceRow(hit));
    };
    await memory.memoryConcordance({ ...nameOf(args, context), text, side: 'both', words: false, matchCase: false, limit: count }, { signal, progress });
    return found === 0 ? 1 : 0;
  }
  const limits = { count, least: args.integer('least', { min: 1, max: 100, fallback: 70 }) };
  const { matches: [matches = []], problems } = await memory.memoryQuery({ ...nameOf(args, context), queries: [{ source: text }], limits }, { signal });
  for (const problem of problems) context.note(sentenceFor(fromWire(problem)));
  for (const match of matches) context.print(args.flag('json') ? JSON.stringify(match) : row(match));
  return matches.length === 0 ? 1 : 0;
}

function row({ score, kind, unit }: MemoryMatch): string {
  return `${String(score).padStart(3)} ${kind.padEnd(7)} ${unit.source}  =>  ${unit.target}  [${unit.origin}]`;
}

function concordanceRow({ unit }: ConcordanceHit): string {
  return `${unit.source}  =>  ${unit.target}  [${unit.origin}]`;
}
