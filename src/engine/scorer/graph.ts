import { join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '../../core/errors.ts';
import { abortError } from '../../protocol/channel.ts';
import type { OrtModule } from '../binding.ts';
import { sessionOptions } from '../decoder.ts';
import { Int64Buffer } from '../int64Buffer.ts';
import { lengthBatches } from './batches.ts';

/** Tokens of a batch: enough for full cores, little enough for a laptop's memory with an encoder of 1,024 units. */
const tokenBudget = 2048;

/** One ONNX graph. */
export class Graph {
  readonly ort: OrtModule;
  readonly #session: InferenceSession;
  readonly #path: string;

  private constructor(ort: OrtModule, session: InferenceSession, path: string) {
    this.ort = ort;
    this.#session = session;
    this.#path = path;
  }

  /** @throws AppError `engine.modelInvalid` for a graph that does not load or has not these inputs and outputs */
  static async open(ort: OrtModule, path: string, shape: { readonly inputs: readonly string[]; readonly outputs: readonly string[]; readonly threads: number }): Promise<Graph> {
    let session: InferenceSession | undefined;
    try {
      session = await ort.InferenceSession.create(path, sessionOptions(shape.threads));
      const has = [...session.inputNames, ...session.outputNames];
      const missing = [...shape.inputs, ...shape.outputs].find((name) => !has.includes(name));
      if (missing !== undefined) throw new AppError('engine.modelInvalid', { path, reason: `the graph has no ${missing}` });
      return new Graph(ort, session, path);
    } catch (thrown) {
      await session?.release();
      if (thrown instanceof AppError) throw thrown;
      throw new AppError('engine.modelInvalid', { path, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
    }
  }

  /** Runs the graph and gives the named float outputs. @throws AppError `engine.modelInvalid` for any other type */
  async run(feeds: Readonly<Record<string, Tensor>>, outputs: readonly string[]): Promise<Float32Array[]> {
    const found = await this.#session.run({ ...feeds }, [...outputs]);
    return outputs.map((name) => {
      const data = found[name]?.data;
      if (data instanceof Float32Array) return data;
      throw new AppError('engine.modelInvalid', { path: this.#path, reason: `${name} is not float32` });
    });
  }

  floats(data: Float32Array, dims: readonly number[]): Tensor {
    return new this.ort.Tensor('float32', data, dims);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

export interface RowWork {
  readonly signal: AbortSignal;
  readonly padTokenId: number;
  /** After every batch: rows done. */
  readonly onRows?: (done: number) => void;
}

/** A graph that takes `input_ids` and `attention_mask` and gives one vector a row. */
export class RowGraph {
  readonly #graph: Graph;
  readonly #output: string;
  readonly #ids = new Int64Buffer();
  readonly #mask = new Int64Buffer();
  #budget = tokenBudget;

  private constructor(graph: Graph, output: string) {
    this.#graph = graph;
    this.#output = output;
  }

  static async open(ort: OrtModule, place: { readonly folder: string; readonly file: string }, output: string, threads: number): Promise<RowGraph> {
    const path = join(place.folder, place.file);
    return new RowGraph(await Graph.open(ort, path, { inputs: ['input_ids', 'attention_mask'], outputs: [output], threads }), output);
  }

  /**
   * Vectors of all rows, row by row, in batches of like length. When memory does not suffice, with half as many tokens at a
   * time. @throws AppError `engine.outOfMemory` when a single row does not fit; AbortError between batches
   */
  async rows(sequences: readonly (readonly number[])[], work: RowWork): Promise<{ readonly width: number; readonly data: Float32Array }> {
    const found = new Array<Float32Array>(sequences.length);
    let waiting = sequences.map((_, index) => index);
    while (waiting.length > 0) {
      const lengths = waiting.map((row) => sequences[row]?.length ?? 0);
      const [batch] = lengthBatches(lengths, this.#budget);
      const rows = (batch?.rows ?? []).map((at) => waiting[at] ?? 0);
      if (work.signal.aborted) throw abortError();
      const vectors = await this.#tryBatch(rows.map((row) => sequences[row] ?? []), work.padTokenId);
      if (vectors === undefined) continue;
      rows.forEach((row, at) => { found[row] = vectors.subarray((at * vectors.length) / rows.length, ((at + 1) * vectors.length) / rows.length); });
      const done = new Set(rows);
      waiting = waiting.filter((row) => !done.has(row));
      work.onRows?.(sequences.length - waiting.length);
    }
    const width = found[0]?.length ?? 0;
    const data = new Float32Array(width * found.length);
    found.forEach((vector, row) => { data.set(vector, row * width); });
    return { width, data };
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }

  /** Undefined when memory did not suffice and the budget was halved. */
  async #tryBatch(rows: readonly (readonly number[])[], padTokenId: number): Promise<Float32Array | undefined> {
    try {
      return await this.#batch(rows, padTokenId);
    } catch (thrown) {
      if (!(thrown instanceof Error) || !/bad_alloc|out of memory|failed to allocate/iu.test(thrown.message)) throw thrown;
      const tokens = rows.length * Math.max(...rows.map((row) => row.length));
      if (rows.length === 1) throw new AppError('engine.outOfMemory', { tokens }, thrown);
      this.#budget = Math.max(1, Math.floor(tokens / 2));
      return undefined;
    }
  }

  async #batch(rows: readonly (readonly number[])[], padTokenId: number): Promise<Float32Array> {
    const length = Math.max(...rows.map((row) => row.length));
    const dims = [rows.length, length];
    const at = (index: number): number | undefined => rows[Math.floor(index / length)]?.[index % length];
    const { Tensor: OrtTensor } = this.#graph.ort;
    const feeds = {
      input_ids: new OrtTensor('int64', this.#ids.of(rows.length * length, (index) => at(index) ?? padTokenId), dims),
      attention_mask: new OrtTensor('int64', this.#mask.of(rows.length * length, (index) => (at(index) === undefined ? 0 : 1)), dims),
    };
    const [vectors = new Float32Array(0)] = await this.#graph.run(feeds, [this.#output]);
    return vectors;
  }
}
