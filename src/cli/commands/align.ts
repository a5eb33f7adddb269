import { join } from 'node:path';
import { Aligners, type AlignerChoice } from '../../app/alignment/aligners.ts';
import { Compute } from '../../app/compute.ts';
import type { Link, TokenPair } from '../../core/alignment/aligner.ts';
import { formatPharaoh } from '../../core/alignment/pharaoh.ts';
import { spanRules } from '../../core/alignment/spanRules.ts';
import { readLines } from '../lines.ts';
import type { Provider } from '../../protocol/engine.ts';
import { engineOf, engineOptions, providerFrom } from '../engineOptions.ts';
import { modelNotes } from '../modelNotes.ts';
import { invalid, oneOf, onePositional, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear align FILE [--train CORPUS] [--aligner statistical|embedding|span] [--format pharaoh|json]

Word-aligns lines "source ||| target" (tokens as given, split on white space). The statistical aligner is IBM model 2 with a
diagonal prior, both directions; links are pairs whose mean posterior is above 0.4. The others need a model folder.
FILE is a file, or - for standard input.

  --train CORPUS    statistical: more lines of the same format to learn from
  --aligner NAME    statistical (default); embedding: awesome-align's rule; span: WSPAlign, one pass of the model a word
  --model DIR       a folder that "python -m interlinear_trainer export awesome" (or wspalign) wrote
  --rule NAME       span: inference (above 0.1), batch (above 0.5) or average (above 0.4, default)
  --provider NAME   embedding, span: what runs the model: cpu (default), webgpu, cuda, coreml or dml; the CPU where that one cannot
  --format pharaoh  one line a pair, "0-0 1-2", zero-indexed (default)
  --format json     one line a pair: {"links":[[0,0],[1,2]]}
  --json            the same as --format json

Examples:
  interlinear align test.txt --train corpus.txt > test.align
  interlinear align test.txt --aligner embedding --model models/mbert`;

export const alignCommand: Command = {
  name: 'align',
  summary: 'word-align tokenised sentence pairs',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, {
      train: { type: 'string' }, format: { type: 'string' }, json: { type: 'boolean' }, aligner: { type: 'string' }, model: { type: 'string' }, rule: { type: 'string' }, ...engineOptions,
    });
    const format = oneOf('format', parsed.text('format') ?? (parsed.flag('json') ? 'json' : 'pharaoh'), ['pharaoh', 'json']);
    if (parsed.flag('json') && format !== 'json') throw invalid(`--format ${format}`, 'contradicts --json');
    const aligner = oneOf('aligner', parsed.text('aligner') ?? 'statistical', ['statistical', 'embedding', 'span']);
    const pairs = await readPairs(onePositional(parsed, 'FILE'), context);
    const print = (links: readonly Link[]): void => { context.print(format === 'json' ? asJson(links) : formatPharaoh(links)); };
    if (aligner === 'statistical') await alignStatistically(pairs, parsed, context, print);
    else await alignByModel(pairs, modelChoice(aligner, parsed, context), context, print);
    return 0;
  },
};

type Print = (links: readonly Link[]) => void;

// The four are the whole of the work: what, how, where, and to whom.
async function alignStatistically(pairs: readonly TokenPair[], parsed: Arguments, context: CommandContext, print: Print): Promise<void> {
  for (const name of ['model', 'rule', 'provider']) if (parsed.text(name) !== undefined) throw invalid(`--${name}`, 'is for --aligner embedding or span');
  const corpus = parsed.text('train');
  const training = corpus === undefined ? [] : await readPairs(corpus, context);
  const compute = new Compute(join(context.home, 'dist', 'computeWorker.cjs'), context.version);
  try {
    const count = pairs.length + training.length;
    const links = await compute.alignCorpus([...pairs, ...training], pairs.length, count < quietBelow ? undefined : progressNote(context));
    links.forEach(print);
  } finally {
    await compute.dispose();
  }
}

function modelChoice(kind: AlignerChoice['kind'], parsed: Arguments, context: CommandContext): AlignerChoice & { readonly provider: Provider } {
  const folder = parsed.text('model');
  if (folder === undefined) throw invalid(`--aligner ${kind}`, 'needs --model DIR');
  if (parsed.text('train') !== undefined) throw invalid('--train', 'is for --aligner statistical');
  if (kind !== 'span' && parsed.text('rule') !== undefined) throw invalid('--rule', 'is for --aligner span');
  return { kind, provider: providerFrom(parsed), folder: resolvePath(context.cwd, folder), rule: oneOf('rule', parsed.text('rule') ?? 'average', spanRules) };
}

async function alignByModel(pairs: readonly TokenPair[], { provider, ...choice }: AlignerChoice & { readonly provider: Provider }, context: CommandContext, print: Print): Promise<void> {
  const engine = engineOf(context);
  try {
    const aligner = new Aligners(engine, modelNotes(context), () => provider).aligner(choice);
    for (let from = 0; from < pairs.length; from += pairsAtOnce) {
      const alignments = await aligner.align(pairs.slice(from, from + pairsAtOnce), context.signal);
      for (const { links } of alignments) print(links);
      if (pairs.length > pairsAtOnce) context.note(`${String(Math.min(pairs.length, from + pairsAtOnce))} of ${String(pairs.length)} pairs`);
    }
  } finally {
    await engine.dispose();
  }
}

/** Few enough for the progress to move, enough to fill batches. */
const pairsAtOnce = 32;

/** Smaller corpora are done before anybody could read a progress line. */
const quietBelow = 5000;

async function readPairs(file: string, context: CommandContext): Promise<readonly TokenPair[]> {
  const lines = await readLines(file, context);
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
