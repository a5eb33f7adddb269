import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { AppError } from '../core/errors.ts';
import type { OrtModule } from './binding.ts';
import { Int64Buffer } from './int64Buffer.ts';
import { KvCache } from './kvCache.ts';
import type { Provider } from '../protocol/engine.ts';
import type { DecoderFacts } from './decoderFacts.ts';
import { floatTensor, widen, type Floats } from './floats.ts';
import { graphLayout, type GraphLayout } from './graphLayout.ts';
import type { ModelFolder } from './modelFolder.ts';

/**
 * Half of the logical cores, 1 to 4: on two cores a second thread gave 15 to 30 % more tokens a second and took the core
 * that the editor and the ranking need. Idle threads sleep instead of spinning, for the same reason.
 */
export function defaultThreads(cores = availableParallelism()): number {
  return Math.max(1, Math.min(4, Math.floor(cores / 2)));
}

/** What runs a graph. */
export interface RunsOn {
  readonly threads: number;
  /** The CPU where it is absent. */
  readonly provider?: Provider;
}

/**
 * A decoder graph with a KV cache, in the convention of Hugging Face exports: `input_ids` [B, S], optional `attention_mask`
 * [B, P + S] and `position_ids` [B, S], int64; `past_key_values.{i}.key|value` [B, kvHeads, P, headDim]; out come `logits`
 * [B, S, V] and `present.{i}.key|value`. Caches and logits are float32 or float16 (see `graphLayout`).
 *
 * Rows always have one length: samples of a prompt go in lockstep, and what is scored is padded at the right, where no real
 * token can look (attention is causal). So the mask is all ones.
 */
export class Decoder {
  readonly cache: KvCache;
  readonly vocabSize: number;
  readonly #session: InferenceSession;
  readonly #ort: OrtModule;
  readonly #layout: GraphLayout;
  readonly #ids = new Int64Buffer();
  readonly #positions = new Int64Buffer();
  readonly #mask = new Int64Buffer(1);
  #logits = new Float32Array(0);
  #halfLogits = new Uint16Array(0);

  private constructor(ort: OrtModule, session: InferenceSession, facts: DecoderFacts) {
    this.#ort = ort;
    this.#session = session;
    this.#layout = graphLayout(session, facts);
    this.vocabSize = facts.vocabSize;
    this.cache = new KvCache(ort.Tensor, facts, this.#layout);
  }

  /** Loads the graph, checks that it is the one that the folder describes and runs one token through it. @throws AppError `engine.modelInvalid` */
  static async open(ort: OrtModule, model: ModelFolder, runsOn: RunsOn): Promise<Decoder> {
    let session: InferenceSession | undefined;
    try {
      session = await ort.InferenceSession.create(model.modelPath, sessionOptions(runsOn));
      const decoder = new Decoder(ort, session, model.facts);
      await decoder.forward([model.facts.endTokens[0]], 1);
      decoder.cache.clear();
      return decoder;
    } catch (thrown) {
      await session?.release();
      throw new AppError('engine.modelInvalid', { path: model.modelPath, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
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
    const { hasMask, hasPositions, hasLogitsToKeep } = this.#layout;
    const feeds = {
      input_ids: new Tensor('int64', this.#ids.of(rows * length, (index) => tokens[index] ?? 0), [rows, length]),
      ...(hasMask && { attention_mask: new Tensor('int64', this.#mask.filled(rows * (past + length)), [rows, past + length]) }),
      ...(hasPositions && {
        position_ids: new Tensor('int64', this.#positions.of(rows * length, (index) => past + (index % length)), [rows, length]),
      }),
      ...(hasLogitsToKeep && { num_logits_to_keep: new Tensor('int64', new BigInt64Array(1), []) }),
      ...this.cache.pastTensors(),
    };
    const written = this.#logitsBuffer(logits);
    const fetches = { logits: floatTensor(Tensor, written, [rows, length, this.vocabSize]), ...this.cache.presentTensors(length) };
    await this.#session.run(feeds, fetches);
    if (written instanceof Uint16Array) widen(written, logits);
    this.cache.advance(length);
    return logits;
  }

  /** Where the graph writes its logits: into the answer itself, or beside it as 16-bit floats. */
  #logitsBuffer(logits: Float32Array): Floats {
    if (this.#layout.logitsType === 'float32') return logits;
    if (this.#halfLogits.length < logits.length) this.#halfLogits = new Uint16Array(logits.length);
    return this.#halfLogits.subarray(0, logits.length);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** `threads` of the CPU, which sleep when they have nothing to do. */
export function sessionOptions({ threads, provider = 'cpu' }: RunsOn): InferenceSession.SessionOptions {
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
