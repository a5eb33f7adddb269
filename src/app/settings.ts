import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import { spanRules, type SpanRule } from '../core/alignment/spanRules.ts';
import type { RankingSettings, Sampling } from '../core/candidate.ts';
import type { ColumnChoice } from '../core/document/columns.ts';
import type { StyleBrief } from '../core/prompting/context.ts';
import type { EngineSettings } from '../protocol/engine.ts';

/** Everything a translation run needs to know, already validated. */
export interface RunSettings {
  readonly candidates: number;
  readonly seed: number;
  /** Undefined: the model's own recommendation. */
  readonly temperature: number | undefined;
  readonly topP: number;
  readonly topK: number;
  /** Document mode: tokens of earlier segments in the prompt at most; 0 is off. */
  readonly contextTokens: number;
  /** Stop drawing once the pick is as sure as this, 0 to 1; 0 draws them all. */
  readonly adaptive: number;
  /** How the project's translations should read; empty where nothing is said. */
  readonly brief: StyleBrief;
  /** A translation into a related language: `self`, the model writes it first (PMP-S); `memory`, the memory holds it (PMP-O). */
  readonly auxiliary: 'off' | 'self' | 'memory';
  readonly ranking: RankingSettings;
}

/** Which aligner a folder's files are aligned by, and where its models are. */
export interface AlignmentSettings {
  /** Undefined: the statistical aligner. */
  readonly embeddingFolder: string | undefined;
  /** Undefined: there is none to ask. */
  readonly spanFolder: string | undefined;
  readonly spanRule: SpanRule;
}

const alignmentSchema = v.object({
  aligner: v.picklist(['statistical', 'embedding']),
  modelFolder: v.pipe(v.string(), v.trim()),
  spanModelFolder: v.pipe(v.string(), v.trim()),
  spanRule: v.picklist(spanRules),
});

/** @throws AppError `input.invalid` naming the setting and the bad value, also for an aligner without its model. */
export function parseAlignment(raw: unknown): AlignmentSettings {
  const result = v.safeParse(alignmentSchema, raw);
  if (!result.success) {
    const [issue] = result.issues;
    throw new AppError('input.invalid', { where: `interlinear.alignment.${v.getDotPath(issue) ?? ''}`, reason: issue.message });
  }
  const { aligner, modelFolder, spanModelFolder, spanRule } = result.output;
  const folder = (path: string): string | undefined => (path === '' ? undefined : path);
  if (aligner === 'embedding' && modelFolder === '') throw new AppError('input.invalid', { where: 'interlinear.alignment.modelFolder', reason: 'is empty, but the embedding aligner is chosen' });
  return { embeddingFolder: aligner === 'embedding' ? folder(modelFolder) : undefined, spanFolder: folder(spanModelFolder), spanRule };
}

export const defaultRanking: RankingSettings = {
  utility: 'chrf',
  includeSelf: true,
  weights: 'count',
  lambda: 0,
  normalisation: 'zscore',
};

export const defaultRun: RunSettings = {
  candidates: 16,
  seed: 7,
  temperature: undefined,
  topP: 1,
  topK: 0,
  contextTokens: 0,
  adaptive: 0,
  brief: {},
  auxiliary: 'off',
  ranking: defaultRanking,
};

const column = v.exactOptional(v.union([v.pipe(v.string(), v.trim(), v.nonEmpty()), v.pipe(v.number(), v.integer(), v.minValue(1))]));
const columnsSchema = v.strictObject({ source: column, target: column, key: column, comment: column, header: v.exactOptional(v.boolean()) });

/** Undefined where nothing is said. @throws AppError `input.invalid` naming the setting and the bad value */
export function parseColumns(raw: unknown, where = 'interlinear.tableColumns'): ColumnChoice | undefined {
  const result = v.safeParse(columnsSchema, raw);
  if (result.success) return Object.keys(result.output).length === 0 ? undefined : result.output;
  const [issue] = result.issues;
  throw new AppError('input.invalid', { where: `${where} ${v.getDotPath(issue) ?? ''}`.trim(), reason: issue.message });
}

const rankingSchema = v.object({
  utility: v.picklist(['chrf', 'chrf++', 'comet', 'cometkiwi', 'http']),
  includeSelf: v.boolean(),
  weights: v.picklist(['count', 'probability']),
  lambda: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  normalisation: v.picklist(['zscore', 'raw']),
});

const phrase = v.exactOptional(v.pipe(v.string(), v.trim()));

/** Blank phrases say nothing. */
function saidParts({ audience = '', register = '', genre = '', notes = '' }: StyleBrief): StyleBrief {
  return { ...(audience !== '' && { audience }), ...(register !== '' && { register }), ...(genre !== '' && { genre }), ...(notes !== '' && { notes }) };
}

const runSchema = v.object({
  candidates: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1024)),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffffffff)),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  topP: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  topK: v.pipe(v.number(), v.integer(), v.minValue(0)),
  contextTokens: v.pipe(v.number(), v.integer(), v.minValue(0)),
  adaptive: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  brief: v.pipe(v.strictObject({ audience: phrase, register: phrase, genre: phrase, notes: phrase }), v.transform(saidParts)),
  auxiliary: v.picklist(['off', 'self', 'memory']),
  ranking: rankingSchema,
});

const engineSchema = v.object({
  memoryLimit: v.pipe(v.number(), v.minValue(0)),
  idleMinutes: v.pipe(v.number(), v.minValue(1), v.maxValue(1440)),
});

/** Megabytes, of which 0 leaves the limit to the engine, and minutes. @throws AppError `input.invalid` naming the setting and the bad value. */
export function parseEngineSettings(raw: unknown): EngineSettings {
  const result = v.safeParse(engineSchema, raw);
  if (!result.success) {
    const [issue] = result.issues;
    throw new AppError('input.invalid', { where: `interlinear.engine.${v.getDotPath(issue) ?? ''}`, reason: issue.message });
  }
  const { memoryLimit, idleMinutes } = result.output;
  return { ...(memoryLimit > 0 && { memoryBytes: memoryLimit * 1e6 }), idleMs: idleMinutes * 60_000 };
}

/** @throws AppError `input.invalid` naming the setting and the bad value. */
export function parseRunSettings(raw: unknown): RunSettings {
  const result = v.safeParse(runSchema, raw);
  if (result.success) return { ...result.output, temperature: result.output.temperature };
  const issue = result.issues[0];
  throw new AppError('input.invalid', { where: v.getDotPath(issue) ?? 'settings', reason: issue.message });
}

/** @throws AppError `input.invalid` naming the setting and the bad value */
export function parseRanking(raw: unknown): RankingSettings {
  const result = v.safeParse(rankingSchema, raw);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new AppError('input.invalid', { where: `ranking.${v.getDotPath(issue) ?? ''}`, reason: issue.message });
}

/** Sampling for a request: the run's settings over the model's defaults. */
export function samplingFor(run: RunSettings, defaults: Pick<Sampling, 'temperature' | 'maxTokens'>): Sampling {
  return {
    n: run.candidates,
    temperature: run.temperature ?? defaults.temperature,
    topP: run.topP,
    topK: run.topK,
    maxTokens: defaults.maxTokens,
  };
}
