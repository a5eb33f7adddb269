import type { Candidate, RankingSettings } from '../../core/candidate.ts';
import { AppError, isAbort, toAppError } from '../../core/errors.ts';
import type { DescribedScorer, EngineUser, LongTexts, Provider, ScoreProgress } from '../../protocol/engine.ts';
import type { AlignmentParams, RankParams } from '../../protocol/worker.ts';
import type { AlignmentView } from '../../protocol/review.ts';
import type { Matrix } from '../../core/matrix.ts';
import { matrixFor } from '../../core/ranking/unscored.ts';
import type { Computing, UtilitiesParams } from '../compute.ts';
import { byChrf } from '../../core/ranking/chrfBeside.ts';
import { CometUtility } from '../../scoring/cometUtility.ts';
import { HttpUtility } from '../../scoring/httpUtility.ts';
import { OutsideRanking, type RankingModel } from './outsideRanking.ts';
import { QualityRanking } from './qualityRanking.ts';

/** Folders of the models of the user's, by what ranks with them; of `http` the address. */
export type ModelPlaces = Readonly<Partial<Record<'comet' | 'cometkiwi' | 'http', string | undefined>>>;

/** What the settings come to on this machine. */
export interface PreparedRanking {
  /** With the model's name where one ranks. */
  readonly settings: RankingSettings;
  readonly model?: RankingModel;
  /** Why chrF ranks although a model was asked for. */
  readonly fallback?: AppError;
}

/** How far a model is with its work. */
export type RankingProgress = { readonly phase: 'loading' } | { readonly phase: 'scoring'; readonly texts: ScoreProgress };

export interface RankersOptions {
  readonly engine: EngineUser;
  /** What runs a model, as the settings have it now. */
  readonly provider?: () => Provider;
  /** Texts with more tokens than a model reads at once: read in windows unless told otherwise. */
  readonly long?: LongTexts;
  readonly onLong?: (texts: number) => void;
}

/** Ranks by whatever the settings name: chrF in the compute worker, COMET and CometKiwi's estimates with the engine, others behind an endpoint. */
export class Rankers implements Computing {
  readonly #compute: Computing;
  readonly #options: RankersOptions;
  readonly #engine: EngineUser;
  readonly #watchers = new Set<(progress: RankingProgress) => void>();
  readonly #places = new Map<string, OutsideRanking>();
  readonly #models = new Map<string, OutsideRanking>();
  readonly #estimatorFolders = new Map<string, QualityRanking>();
  readonly #estimators = new Map<string, QualityRanking>();

  /** Compute worker and engine stay their owner's. */
  constructor(compute: Computing, options: RankersOptions) {
    this.#compute = compute;
    this.#options = options;
    this.#engine = options.engine;
  }

  /** Loads what the settings name. A model that cannot be used leaves the ranking to chrF, with the reason. */
  async prepare(settings: RankingSettings, places: ModelPlaces, signal: AbortSignal): Promise<PreparedRanking> {
    const { utility } = settings;
    if (utility === 'chrf' || utility === 'chrf++') return { settings };
    try {
      const place = places[utility];
      if (place === undefined) throw new AppError('ranking.noModel', { utility });
      this.#tell({ phase: 'loading' });
      const model = await (utility === 'cometkiwi' ? this.#estimatorFor(place) : this.#rankingFor(utility, place)).load(signal);
      const name = `${model.name}@${model.revision}${this.#options.long === 'cut' ? '|cut' : ''}`;
      if (utility === 'cometkiwi') this.#estimators.set(name, this.#estimatorFor(place));
      else this.#models.set(name, this.#rankingFor(utility, place));
      return { settings: { ...settings, model: name }, model };
    } catch (thrown) {
      if (isAbort(thrown)) throw thrown;
      return { settings: { ...settings, utility: 'chrf' }, fallback: toAppError(thrown, 'ranking') };
    }
  }

  /** What a model folder holds, its files checked. @throws AppError `engine.*` */
  describe(folder: string, onBytes: (value: ScoreProgress) => void, signal: AbortSignal): Promise<DescribedScorer> {
    return this.#engine.use((engine) => engine.call('describeScorer', { folder }, { signal, onProgress: onBytes }), signal);
  }

  /** @throws AppError `ranking.noModel` for settings that were not prepared, `engine.*` */
  rank(params: RankParams, signal: AbortSignal = never): Promise<readonly Candidate[]> {
    if (params.settings.utility === 'cometkiwi') return this.#byQuality(params, signal);
    return this.#by(params.settings, (ranking) => ranking.rank(params, signal), () => this.#compute.rank(params, signal));
  }

  /** As `rank`. */
  utilities(params: UtilitiesParams, signal: AbortSignal = never): Promise<Matrix> {
    const { source, texts } = params;
    return this.#by(params.settings, async (ranking) => matrixFor(texts, await ranking.utilities(source, texts, signal)), () => this.#compute.utilities(params, signal));
  }

  stability(...given: Parameters<Computing['stability']>): Promise<number> {
    return this.#compute.stability(...given);
  }

  alignment(params: AlignmentParams): Promise<AlignmentView> {
    return this.#compute.alignment(params);
  }

  refine(...given: Parameters<Computing['refine']>): Promise<string> {
    return this.#compute.refine(...given);
  }

  checkCandidates(...given: Parameters<Computing['checkCandidates']>): ReturnType<Computing['checkCandidates']> {
    return this.#compute.checkCandidates(...given);
  }

  /** Calls back while a model loads or scores, whoever asked for it. Returns how to stop. */
  watch(watcher: (progress: RankingProgress) => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  /** S_MBR by chrF is computed beside the estimates. */
  async #byQuality(params: RankParams, signal: AbortSignal): Promise<readonly Candidate[]> {
    const { utility, model } = params.settings;
    const estimator = this.#estimators.get(model ?? '');
    if (estimator === undefined) throw new AppError('ranking.noModel', { utility });
    const byMbr = await this.#compute.rank({ ...params, settings: { ...byChrf(params.settings), lambda: 0 } }, signal);
    return estimator.rank(params.source, byMbr, signal);
  }

  #by<T>({ utility, model }: RankingSettings, outside: (ranking: OutsideRanking) => Promise<T>, chrf: () => Promise<T>): Promise<T> {
    if (utility === 'chrf' || utility === 'chrf++') return chrf();
    const ranking = this.#models.get(model ?? '');
    return ranking === undefined ? Promise.reject(new AppError('ranking.noModel', { utility })) : outside(ranking);
  }

  #rankingFor(kind: 'comet' | 'http', place: string): OutsideRanking {
    const key = JSON.stringify([kind, place]);
    const known = this.#places.get(key) ?? new OutsideRanking(this.#compute, kind === 'http' ? new HttpUtility({ url: place, fetch }) : this.#comet(place));
    this.#places.set(key, known);
    return known;
  }

  #comet(folder: string): CometUtility {
    const { provider, long } = this.#options;
    return new CometUtility(this.#engine, {
      folder,
      ...(provider !== undefined && { provider }),
      onProgress: (texts) => { this.#tell({ phase: 'scoring', texts }); },
      ...(long !== undefined && { long }),
      onLong: (texts) => { this.#options.onLong?.(texts); },
    });
  }

  #estimatorFor(folder: string): QualityRanking {
    const { provider, long, onLong } = this.#options;
    const known = this.#estimatorFolders.get(folder) ?? new QualityRanking(this.#engine, {
      folder, ...(provider !== undefined && { provider }), ...(long !== undefined && { long }), ...(onLong !== undefined && { onLong }),
    });
    this.#estimatorFolders.set(folder, known);
    return known;
  }

  #tell(progress: RankingProgress): void {
    for (const watcher of this.#watchers) watcher(progress);
  }
}

const never = new AbortController().signal;
