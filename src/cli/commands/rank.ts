import { join } from 'node:path';
import { Compute } from '../../app/compute.ts';
import { Rankers, type ModelPlaces } from '../../app/ranking/rankers.ts';
import { defaultRanking } from '../../app/settings.ts';
import { bestText } from '../../app/translation/bestText.ts';
import type { Candidate, RankingSettings } from '../../core/candidate.ts';
import { corpusChrf } from '../../core/ranking/chrf.ts';
import { parseCandidateLine, type CandidateLine } from '../../core/ranking/readSets.ts';
import { readLines } from '../lines.ts';
import { invalid, oneOf, onePositional, readArguments, resolvePath, type Arguments } from '../arguments.ts';
import { aligningFrom, alignerOptions, type Aligning } from '../alignerOptions.ts';
import { engineOf, engineOptions, providerFrom } from '../engineOptions.ts';
import { longNote, noteModel } from '../modelNotes.ts';
import { longTexts, qualityFrom, qualityOptions } from '../qualityOptions.ts';
import { criticFrom, criticLines, criticOptions } from '../criticOptions.ts';
import type { JudgedCandidate } from '../../core/critic/order.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear rank CANDIDATES.jsonl [--utility chrf|chrf++|comet] [--reference FILE] [--json]

Ranks every candidate set by Minimum Bayes Risk. Reads the lines that "translate --candidates" writes, and WMT24 ESA lines,
from a file, or (-) from standard input.

  --utility NAME     chrf (default), chrf++, comet or http
  --comet-model DIR  for comet: a folder that "python -m interlinear_trainer export comet" wrote
  --utility-url URL  for http: POST {"source", "hypotheses", "references"} there is answered by {"name", "revision", "licence",
                     "scores"}, a row of scores from 0 to 1 a hypothesis
  --leave-one-out    a candidate is no pseudo-reference of itself
  --weights KIND     count (default) or probability
  --lambda X         weight of the alignment score (default 0)
  --aligner NAME     what aligns: statistical (default where lambda is above 0; it learns from the candidates), embedding or span
  --aligner-model D  for embedding and span: a folder that "python -m interlinear_trainer export awesome" (or wspalign) wrote
  --aligner-rule R   for span: inference, batch or average (default); a pass of the model a word of every candidate
  --provider NAME    what runs models: cpu (default), webgpu, cuda, coreml or dml; the CPU where that one cannot
  --raw              add the terms as they are instead of standardised
  --qe cometkiwi     rank by quality estimated without a reference; scores.quality beside scores.mbr
  --qe-model DIR     for qe: a folder that "python -m interlinear_trainer export cometkiwi" wrote
  --cut-long         comet, cometkiwi: cut texts that are longer than the model reads at once, as unbabel-comet does; without
                     it they are read in windows whose mean counts
  --critic URL       a model at this OpenAI-compatible server judges the best candidates by principles; they are ranked by the
                     share that is satisfied, and --json holds the findings with their evidence
  --model NAME       for the critic: its model
  --principle TEXT   for the critic: one more principle than the fixed six; may be given several times
  --critic-top N     for the critic: candidates that are judged, the best by MBR (default 8)
  --api-key-env VAR  for the critic: environment variable that holds the server's key
  --reference FILE   one reference a line: prints corpus chrF of the best candidates
  --json             every set back in input order, one line each, with scores.mbr and rank

Examples:
  interlinear rank candidates.jsonl
  interlinear rank candidates.jsonl --utility chrf++ --json > ranked.jsonl
  interlinear rank candidates.jsonl --utility comet --comet-model models/wmt22-comet-da
  interlinear rank candidates.jsonl --lambda 0.5 --aligner embedding --aligner-model models/mbert
  interlinear rank candidates.jsonl --qe cometkiwi --qe-model models/wmt22-cometkiwi-da
  interlinear rank candidates.jsonl --critic http://127.0.0.1:8000 --model Qwen3-14B --principle "Register: formal 敬語 throughout"
  interlinear rank candidates.jsonl --reference reference.txt`;

export const rankCommand: Command = {
  name: 'rank',
  summary: 'rank candidate sets by Minimum Bayes Risk',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, {
      utility: { type: 'string' }, 'leave-one-out': { type: 'boolean' }, weights: { type: 'string' }, lambda: { type: 'string' },
      'comet-model': { type: 'string' }, 'utility-url': { type: 'string' }, raw: { type: 'boolean' }, reference: { type: 'string' }, json: { type: 'boolean' },
      ...alignerOptions, ...criticOptions, ...engineOptions, ...qualityOptions,
    });
    const asked = rankingFrom(parsed);
    const places = modelPlaces(parsed, asked, context);
    const file = onePositional(parsed, 'CANDIDATES.jsonl');
    const lines = await readLines(file, context);
    const inputs = readSets(lines, file);
    const references = await readReferences(parsed, context, inputs.length);
    const compute = new Compute(join(context.home, 'dist', 'computeWorker.cjs'), context.version);
    const engine = engineOf(context);
    const long = longTexts(parsed);
    const rankers = new Rankers(compute, { engine, provider: () => providerFrom(parsed), long, onLong: (texts) => { context.note(longNote(texts, long)); } });
    const quality = qualityFrom(parsed, engine, context);
    const critic = await criticFrom(parsed, context);
    try {
      const settings = await prepared(rankers, asked, places, context);
      const { ranking, signature: aligner } = await aligningFrom(parsed, { ranking: rankers, compute, engine, lambda: settings.lambda, lines: inputs }, context);
      const best: string[] = [];
      for (const input of inputs) {
        const byMbr = await rankOne(input, settings, ranking, context.signal);
        const byQuality = await quality?.rank(input.segment.source, byMbr, context.signal) ?? byMbr;
        const candidates = await critic?.rank(input.segment, byQuality) ?? byQuality;
        const pick = bestText(candidates);
        best.push(pick ?? '');
        const how = { aligner, quality: quality?.signature, critic: critic?.signature };
        context.print(parsed.flag('json') ? JSON.stringify(ranked(input, candidates, { ranking: settings, ...how })) : summary(input.segment.id, candidates.find(({ text }) => text === pick)));
      }
      if (references !== undefined) report(best, references, context, parsed.flag('json'));
      return 0;
    } finally {
      await critic?.dispose();
      await Promise.all([engine.dispose(), compute.dispose()]);
    }
  },
};

function rankingFrom(args: Arguments): RankingSettings {
  return {
    ...defaultRanking,
    utility: oneOf('utility', args.text('utility') ?? 'chrf', ['chrf', 'chrf++', 'comet', 'http']),
    includeSelf: !args.flag('leave-one-out'),
    weights: oneOf('weights', args.text('weights') ?? 'count', ['count', 'probability']),
    lambda: args.number('lambda', { min: 0, max: 10 }) ?? 0,
    normalisation: args.flag('raw') ? 'raw' : 'zscore',
  };
}

/** Where the model that ranks is, if one does. */
function modelPlaces(args: Arguments, { utility }: RankingSettings, context: CommandContext): ModelPlaces {
  const [comet, http] = [args.text('comet-model'), args.text('utility-url')];
  if (utility !== 'comet' && comet !== undefined) throw invalid('--comet-model', 'is for --utility comet');
  if (utility === 'comet' && comet === undefined) throw invalid('--utility comet', 'needs --comet-model DIR');
  if (utility !== 'http' && http !== undefined) throw invalid('--utility-url', 'is for --utility http');
  if (utility === 'http' && (http === undefined || !URL.canParse(http))) throw invalid('--utility http', 'needs --utility-url URL');
  return { http, comet: comet === undefined ? undefined : resolvePath(context.cwd, comet) };
}

/** Loads the model, and says which it is and what its licence allows. What was asked for by name is not replaced by chrF. */
async function prepared(rankers: Rankers, asked: RankingSettings, places: ModelPlaces, context: CommandContext): Promise<RankingSettings> {
  const { settings, model, fallback } = await rankers.prepare(asked, places, context.signal);
  if (fallback !== undefined) throw fallback;
  if (model !== undefined) noteModel(model, context);
  return settings;
}

async function readReferences(args: Arguments, context: CommandContext, sets: number): Promise<readonly string[] | undefined> {
  const file = args.text('reference');
  if (file === undefined) return undefined;
  const lines = await readLines(file, context);
  if (lines.length !== sets) throw invalid(file, `has ${lines.length} lines for ${sets} candidate sets`);
  return lines;
}

function rankOne(line: CandidateLine, settings: RankingSettings, ranking: Aligning['ranking'], signal: AbortSignal): Promise<readonly Candidate[]> {
  signal.throwIfAborted();
  const { source, sourceLanguage, targetLanguage } = line.segment;
  return ranking.rank({ source, languages: { source: sourceLanguage, target: targetLanguage }, candidates: line.candidates, settings }, signal);
}

/** The line again, with the ranking that its numbers now come from in the signature. */
function ranked(line: CandidateLine, candidates: readonly Candidate[], how: Readonly<Record<'aligner' | 'critic' | 'quality', string | undefined>> & { readonly ranking: RankingSettings }): object {
  const { signature, ...rest } = line.rest;
  const kept = typeof signature === 'object' && signature !== null ? signature : {};
  return { ...rest, segment: line.segment, candidates, signature: { ...kept, ...how } };
}

/** Empty lines between sets are none. */
function readSets(lines: readonly string[], file: string): readonly CandidateLine[] {
  return lines.flatMap((line, index) => {
    const where = `${file}:${index + 1}`;
    return line.trim() === '' ? [] : [parseCandidateLine(parseJson(line, where), where)];
  });
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (thrown) {
    throw invalid(where, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function summary(segment: string, best: JudgedCandidate | undefined): string {
  const mbr = best?.scores.mbr;
  const line = `${segment}\t${mbr === undefined ? '-' : (mbr * 100).toFixed(2)}\t${best?.text ?? ''}`;
  return [line, ...(best === undefined ? [] : criticLines(best))].join('\n');
}

function report(best: readonly string[], references: readonly string[], context: CommandContext, json: boolean): void {
  const chrf = corpusChrf(best, references.map((reference) => [reference]));
  if (json) context.note(JSON.stringify({ name: 'chrf', value: chrf, n: best.length }));
  else context.print(`chrF of the best candidates: ${chrf.toFixed(2)} (${best.length} segments)`);
}
