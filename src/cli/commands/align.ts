import { join } from 'node:path';
import { Compute } from '../../app/compute.ts';
import type { Link, TokenPair } from '../../core/alignment/aligner.ts';
import { formatPharaoh } from '../../core/alignment/pharaoh.ts';
import { readLines } from '../lines.ts';
import { invalid, onePositional, readArguments, resolvePath } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear align FILE [--train CORPUS] [--format pharaoh|json]

Word-aligns lines "source ||| target" (tokens as given, split on white space) with the statistical aligner: IBM model 2 with a
diagonal prior, both directions; links are pairs whose mean posterior is above 0.4.

  --train CORPUS    more lines of the same format to learn from
  --format pharaoh  one line a pair, "0-0 1-2", zero-indexed (default)
  --format json     one line a pair: {"links":[[0,0],[1,2]]}

Example:
  interlinear align test.txt --train corpus.txt > test.align`;

export const alignCommand: Command = {
  name: 'align',
  summary: 'word-align tokenised sentence pairs',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { train: { type: 'string' }, format: { type: 'string' } });
    const format = parsed.text('format') ?? 'pharaoh';
    if (format !== 'pharaoh' && format !== 'json') throw invalid(`--format ${format}`, 'must be pharaoh or json');
    const test = await readPairs(onePositional(parsed, 'FILE'), context);
    const corpus = parsed.text('train');
    const training = corpus === undefined ? [] : await readPairs(corpus, context);
    const compute = new Compute(join(context.home, 'dist', 'computeWorker.cjs'), context.version);
    try {
      const links = await compute.alignCorpus([...test, ...training], test.length, test.length + training.length < quietBelow ? undefined : progressNote(context));
      for (const line of links) context.print(format === 'json' ? asJson(line) : formatPharaoh(line));
      return 0;
    } finally {
      await compute.dispose();
    }
  },
};

/** Smaller corpora are done before anybody could read a progress line. */
const quietBelow = 5000;

async function readPairs(file: string, context: CommandContext): Promise<readonly TokenPair[]> {
  const lines = await readLines(context.fs, resolvePath(context.cwd, file), file);
  return lines.map((line, index) => {
    const sides = line.split('|||');
    const [source, target] = sides;
    if (sides.length !== 2 || source === undefined || target === undefined) throw invalid(`${file}:${index + 1}`, 'is not "source ||| target"');
    return { source: tokens(source), target: tokens(target) };
  });
}

function tokens(text: string): readonly string[] {
  return text.trim().split(/\s+/u).filter((token) => token !== '');
}

function asJson(links: readonly Link[]): string {
  return JSON.stringify({ links: links.map((link) => [link.source, link.target]) });
}

function progressNote(context: CommandContext): (done: number, total: number) => void {
  return (done, total) => { context.note(`iteration ${done} of ${total}`); };
}
