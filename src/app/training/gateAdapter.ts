/** The gate of a trained adapter: the model that serves now against the new one, on what was held out (method.md G). */
import { chrfChange } from '../../core/evaluation/chrfChange.ts';
import {
  decideGate, defaultThresholds, type Diversity, type GateDecision, type Judge, type Measurements, type MetricChange, type Thresholds,
} from '../../core/evaluation/gate.ts';
import { bySource } from '../../core/evaluation/interval.ts';
import { meanChange, omissionChange, type PairedValue } from '../../core/evaluation/outputChanges.ts';
import { accuracyChange } from '../../core/evaluation/pairAccuracy.ts';
import { winRate, type Verdict } from '../../core/evaluation/winRate.ts';
import type { HeldOutPair, Reference } from './jobData.ts';
import type { Served, Serving, SourceText } from './serving.ts';

/** Says which of two outputs is better; undefined where it has not judged. */
export interface OutputJudge extends Judge {
  readonly compare: (source: string, before: string, after: string) => Verdict | undefined;
}

export interface HeldOutSet {
  readonly pairs: readonly HeldOutPair[];
  readonly references: readonly Reference[];
}

export interface ScoredRow {
  readonly source: string;
  readonly output: string;
  readonly reference?: string;
}

/** A metric from outside, COMET or quality estimation. */
export interface SegmentMetric {
  readonly name: string;
  /** The utility that it is, if candidates can be ranked by it: one that ranked does not judge. */
  readonly utility?: string;
  /** One score a row, higher is better; NaN where it has none. */
  readonly score: (rows: readonly ScoredRow[], signal: AbortSignal) => Promise<readonly number[]>;
}

export interface GateRequest {
  readonly before: Serving;
  readonly after: Serving;
  readonly heldOut: HeldOutSet;
  /** Undefined: the first of `metrics` that did not rank the outputs judges. */
  readonly judge?: OutputJudge;
  readonly metrics?: readonly SegmentMetric[];
  readonly thresholds?: Thresholds;
  /** Outputs a source, each with a seed of its own, over which chrF is taken; 1 unless told. All else looks at the first. */
  readonly draws?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface GateOutput {
  readonly source: string;
  readonly before: string;
  readonly after: string;
  readonly verdict?: Verdict;
}

export interface GateReport {
  readonly decision: GateDecision;
  readonly thresholds: Thresholds;
  readonly measured: Measurements;
  readonly outputs: readonly GateOutput[];
}

/** Cost: two translations a held-out source, two more a source with a reference and further draw, two scorings a pair. @throws AppError of the backends */
export async function gateAdapter(request: GateRequest, signal: AbortSignal): Promise<GateReport> {
  const { heldOut: { pairs, references } } = request;
  const sources = distinctSources([...references, ...pairs]);
  const run = new TranslationRun(request, 2 * (sources.length + furtherDraws(request) * distinctSources(references).length), signal);
  const before = await run.translate(request.before, sources);
  const after = await run.translate(request.after, sources);
  const texts = sources.map(({ source }, index): GateOutput => ({ source, before: before[index]?.text ?? '', after: after[index]?.text ?? '' }));
  const scored = await outsideScores(request, texts, signal);
  const judge = request.judge ?? metricJudge(scored.filter(({ metric }) => !request.after.ranksBy(metric.utility)));
  const outputs = texts.map((output): GateOutput => {
    const verdict = judge?.compare(output.source, output.before, output.after);
    return { ...output, ...(verdict !== undefined && { verdict }) };
  });
  const [scoredBefore, scoredAfter] = [await request.before.score(pairs, signal), await request.after.score(pairs, signal)];
  const accuracy = scoredBefore === undefined || scoredAfter === undefined ? undefined : accuracyChange(scoredBefore, scoredAfter);
  const measured: Measurements = {
    ...judged(outputs, judge),
    ...(accuracy !== undefined && { accuracy }),
    ...(pairs.length > 0 && (scoredBefore === undefined || scoredAfter === undefined) && { unscoredPairs: pairs.length }),
    ...chrfChanges([...outputs, ...await redraw(request, run)], references),
    ...omissions(before, after),
    ...metricChanges(scored),
    diversity: diversityOf(before, after),
  };
  const { thresholds = defaultThresholds } = request;
  return { decision: decideGate(measured, thresholds), thresholds, measured, outputs };
}

function distinctSources(rows: readonly SourceText[]): readonly SourceText[] {
  return [...new Map(rows.map((row) => [row.source, row])).values()];
}

/** The translations of a gate, counted for who waits. */
class TranslationRun {
  #done = 0;

  constructor(private readonly request: GateRequest, private readonly total: number, private readonly signal: AbortSignal) {}

  async translate(serving: Serving, sources: readonly SourceText[], draw = 0): Promise<readonly Served[]> {
    const served: Served[] = [];
    for (const source of sources) {
      served.push(await serving.translate(source, this.signal, draw));
      this.#done += 1;
      this.request.onProgress?.(this.#done, this.total);
    }
    return served;
  }
}

function furtherDraws({ draws = 1 }: GateRequest): number {
  return draws - 1;
}

/** Outputs of other seeds for the sources that have a reference. */
async function redraw(request: GateRequest, run: TranslationRun): Promise<readonly GateOutput[]> {
  const sources = distinctSources(request.heldOut.references);
  const outputs: GateOutput[] = [];
  for (let draw = 1; draw <= furtherDraws(request); draw++) {
    const [before, after] = [await run.translate(request.before, sources, draw), await run.translate(request.after, sources, draw)];
    outputs.push(...sources.map(({ source }, index) => ({ source, before: before[index]?.text ?? '', after: after[index]?.text ?? '' })));
  }
  return outputs;
}

function judged(outputs: readonly GateOutput[], judge: OutputJudge | undefined): Pick<Measurements, 'winRate'> {
  const result = winRate(outputs.flatMap(({ verdict }) => verdict ?? []));
  if (judge === undefined || result === undefined) return {};
  return { winRate: { judge: { kind: judge.kind, name: judge.name }, result } };
}

function chrfChanges(outputs: readonly GateOutput[], references: readonly Reference[]): Pick<Measurements, 'chrf' | 'chrfPreferred'> {
  const own = new Map(bySource(references).map((group) => [group[0]?.source, group]));
  const compared = outputs.flatMap(({ source, before, after }) => (own.get(source) ?? []).map(({ reference, preferred }) => ({ source, reference, before, after, preferred })));
  const [chrf, chrfPreferred] = [chrfChange(compared), chrfChange(compared.filter(({ preferred }) => preferred === true))];
  const hubs = new Set(references.flatMap(({ source, sourceLanguage, targetLanguage }) => isHub(targetLanguage) && !isHub(sourceLanguage) ? [source] : []));
  const intoHubs = chrfChange(compared.filter(({ source }) => hubs.has(source)));
  return { ...(chrf !== undefined && { chrf }), ...(chrfPreferred !== undefined && { chrfPreferred }), ...(intoHubs !== undefined && { intoHubs }) };
}

/** English and Chinese: the hubs of LMT's data, X to which degenerates first. */
function isHub(language: string): boolean {
  return /^(?:en|zh)(?:-|$)/iu.test(language);
}

function omissions(before: readonly Served[], after: readonly Served[]): Pick<Measurements, 'omission'> {
  const rows = before.flatMap(({ source, coverage }, index) => {
    const now = after[index]?.coverage;
    return coverage === undefined || now === undefined ? [] : [{ source, before: coverage, after: now }];
  });
  const omission = omissionChange(rows);
  return omission === undefined ? {} : { omission };
}

interface Scored {
  readonly metric: SegmentMetric;
  /** Rows that the metric has a number for on both sides. */
  readonly rows: readonly PairedValue[];
}

async function outsideScores({ metrics = [], heldOut: { references } }: GateRequest, outputs: readonly GateOutput[], signal: AbortSignal): Promise<readonly Scored[]> {
  const referenceOf = new Map(references.map(({ source, reference }) => [source, reference]));
  const rows = (side: 'before' | 'after'): readonly ScoredRow[] => outputs.map((output) => {
    const reference = referenceOf.get(output.source);
    return { source: output.source, output: output[side], ...(reference !== undefined && { reference }) };
  });
  const scored: Scored[] = [];
  for (const metric of metrics) {
    const [old, fresh] = [await metric.score(rows('before'), signal), await metric.score(rows('after'), signal)];
    const paired = outputs.map(({ source }, index) => ({ source, before: old[index] ?? Number.NaN, after: fresh[index] ?? Number.NaN }));
    scored.push({ metric, rows: paired.filter(({ before, after }) => Number.isFinite(before) && Number.isFinite(after)) });
  }
  return scored;
}

function metricChanges(scored: readonly Scored[]): Pick<Measurements, 'metrics'> {
  const metrics = scored.flatMap(({ metric: { name }, rows }): readonly MetricChange[] => {
    const change = meanChange(rows);
    return change === undefined ? [] : [{ name, ...change }];
  });
  return metrics.length === 0 ? {} : { metrics };
}

/** Whoever has the higher score wins; equal texts and equal scores are ties. */
function metricJudge([first]: readonly Scored[]): OutputJudge | undefined {
  if (first === undefined || first.rows.length === 0) return undefined;
  const known = new Map(first.rows.map((row) => [row.source, row]));
  return {
    kind: 'metric', name: first.metric.name,
    compare: (source, before, after) => {
      const row = known.get(source);
      if (row === undefined) return undefined;
      if (before === after || row.before === row.after) return 'tie';
      return row.after > row.before ? 'new' : 'old';
    },
  };
}

function diversityOf(before: readonly Served[], after: readonly Served[]): Diversity {
  const distinct = (served: readonly Served[]): number => served.reduce((sum, each) => sum + each.distinct, 0) / Math.max(1, served.length);
  const [old, fresh] = [meanSelf(before), meanSelf(after)];
  return { before: distinct(before), after: distinct(after), ...(old !== undefined && fresh !== undefined && { selfChrf: { before: old, after: fresh } }) };
}

/** MBR by chrF is the mean utility with the others, so its mean over candidates is their mean chrF with each other. */
function meanSelf(served: readonly Served[]): number | undefined {
  const values = served.flatMap(({ selfUtility }) => selfUtility ?? []);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
