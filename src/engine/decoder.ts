import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { AppError } from '../core/errors.ts';
import type { OrtModule } from './binding.ts';
import { Int64Buffer } from './int64Buffer.ts';
import { cacheNames, KvCache } from './kvCache.ts';
import type { Provider } from '../protocol/engine.ts';
import type { ModelFolder } from './modelFolder.ts';

/**
 * Half of the logical cores, 1 to 4: on two cores a second thread gave 15 to 30 % more tokens a second and took the core
 * that the editor and the ranking need. Idle threads sleep instead of spinning, for the same reason.
 */
export function defaultThreads(cores = availableParallelism()): number {
  return Math.max(1, Math.min(4, Math.floor(cores / 2)));
}

export interface DecoderOptions {
  readonly threads: number;
  readonly provider?: Provider;
}

/**
 * A decoder graph with a KV cache, in the convention of Hugging Face exports: `input_ids` [B, S], `attention_mask`
 * [B, P + S] and optional `position_ids` [B, S], int64; `past_key_values.{i}.key|value` float32 [B, kvHeads, P, headDim];
 * out come `logits` [B, S, V] and `present.{i}.key|value`.
 *
 * Rows always have one length: samples of a prompt go in lockstep, and what is scored is padded at the right, where no real
 * token can look (attention is causal). So the mask is all ones.
 */
export class Decoder {
  readonly cache: KvCache;
  readonly vocabSize: number;
  readonly #session: InferenceSession;
  readonly #ort: OrtModule;
  readonly #hasPositions: boolean;
  readonly #ids = new Int64Buffer();
  readonly #positions = new Int64Buffer();
  readonly #mask = new Int64Buffer(1);
  #logits = new Float32Array(0);

  private constructor(ort: OrtModule, session: InferenceSession, model: ModelFolder) {
    this.#ort = ort;
    this.#session = session;
    this.#hasPositions = session.inputNames.includes('position_ids');
    this.vocabSize = model.manifest.vocabSize;
    this.cache = new KvCache(ort.Tensor, model.manifest);
  }

  /** Loads the graph, checks that it is the one of the manifest and runs one token through it. @throws AppError `engine.modelInvalid` */
  static async open(ort: OrtModule, model: ModelFolder, { threads, provider = 'cpu' }: DecoderOptions): Promise<Decoder> {
    const invalid = (reason: string, cause?: unknown): AppError =>
      new AppError('engine.modelInvalid', { path: model.modelPath, reason }, cause);
    let session: InferenceSession | undefined;
    try {
      session = await ort.InferenceSession.create(model.modelPath, sessionOptions(threads, provider));
      const misfit = misfitOf(session, model);
      if (misfit !== undefined) throw invalid(misfit);
      const decoder = new Decoder(ort, session, model);
      await decoder.forward([model.manifest.eosTokenId], 1);
      decoder.cache.clear();
      return decoder;
    } catch (thrown) {
      await session?.release();
      if (thrown instanceof AppError) throw thrown;
      throw invalid(thrown instanceof Error ? thrown.message : String(thrown), thrown);
    }
  }

  /**
   * Runs `length` more tokens of every row of the cache (`tokens`, row by row) and adds them to it.
   * @returns logits [rows, length, V], valid until the next call. Cost: one pass through the graph, on this thread.
   */
  async forward(tokens: ArrayLike<number>, length: number): Promise<Float32Array> {
    const { rows } = this.cache;
    const past = this.cache.length;
    const floats = rows * length * this.vocabSize;
    if (this.#logits.length < floats) this.#logits = new Float32Array(floats);
    const logits = this.#logits.subarray(0, floats);
    const { Tensor } = this.#ort;
    const feeds = {
      input_ids: new Tensor('int64', this.#ids.of(rows * length, (index) => tokens[index] ?? 0), [rows, length]),
      attention_mask: new Tensor('int64', this.#mask.filled(rows * (past + length)), [rows, past + length]),
      ...(this.#hasPositions && {
        position_ids: new Tensor('int64', this.#positions.of(rows * length, (index) => past + (index % length)), [rows, length]),
      }),
      ...this.cache.pastTensors(),
    };
    const fetches = { logits: new Tensor('float32', logits, [rows, length, this.vocabSize]), ...this.cache.presentTensors(length) };
    await this.#session.run(feeds, fetches);
    this.cache.advance(length);
    return logits;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** `threads` of the CPU, which sleep when they have nothing to do. */
export function sessionOptions(threads: number, provider: Provider = 'cpu'): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Shapes change with every token, so remembered allocation patterns never fit.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}

/** What in the graph does not fit the manifest, if anything. */
function misfitOf(session: InferenceSession, model: ModelFolder): string | undefined {
  const { layers, kvHeads, headDim, vocabSize } = model.manifest;
  const caches = session.inputNames.filter((name) => name.startsWith('past_key_values.'));
  if (caches.length !== 2 * layers) return `the graph has ${String(caches.length / 2)} layers, the manifest says ${String(layers)}`;
  const names = cacheNames(layers);
  const inputs = ['input_ids', 'attention_mask', ...names.map((name) => `past_key_values.${name}`)];
  const outputs = ['logits', ...names.map((name) => `present.${name}`)];
  const missing = inputs.find((name) => !session.inputNames.includes(name)) ?? outputs.find((name) => !session.outputNames.includes(name));
  if (missing !== undefined) return `the graph has no ${missing}`;
  return (
    shapeMisfit(session.inputMetadata, 'past_key_values.0.key', [undefined, kvHeads, undefined, headDim])
    ?? shapeMisfit(session.outputMetadata, 'logits', [undefined, undefined, vocabSize])
  );
}

function shapeMisfit(
  metadata: readonly InferenceSession.ValueMetadata[],
  name: string,
  wanted: readonly (number | undefined)[],
): string | undefined {
  const value = metadata.find((entry) => entry.name === name);
  if (value?.isTensor !== true) return `${name} is not a tensor`;
  if (value.type !== 'float32') return `${name} is ${value.type}, only float32 can be run`;
  const fits = value.shape.length === wanted.length
    && value.shape.every((size, axis) => typeof size === 'string' || wanted[axis] === undefined || size === wanted[axis]);
  return fits ? undefined : `${name} has the shape [${value.shape.join(', ')}], the manifest says [${wanted.map((size) => size ?? '*').join(', ')}]`;
}
