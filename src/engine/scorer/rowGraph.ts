import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { abortError } from '../../protocol/channel.ts';
import type { OrtModule } from '../binding.ts';
import type { RunsOn } from '../decoder.ts';
import { Int64Buffer } from '../int64Buffer.ts';
import { lengthBatches } from './batches.ts';
import { Graph } from './graph.ts';

/** Tokens of a batch: enough for full cores, little enough for a laptop's memory with an encoder of 1,024 units. */
const tokenBudget = 2048;

/** What a row is read from. */
export interface Row {
  readonly ids: readonly number[];
  /** Of joined texts: 0 for tokens of the first, 1 for those of the second, where the model tells them apart. */
  readonly types?: readonly number[];
}

export interface RowWork {
  readonly signal: AbortSignal;
  readonly padTokenId: number;
  /** After every batch: rows done and in all. */
  readonly onRows?: (done: number, total: number) => void;
}

export interface RowGraphShape extends RunsOn {
  readonly outputs: readonly string[];
  /** It takes `token_type_ids` too. */
  readonly typed?: boolean;
}

/** A graph that takes `input_ids` and `attention_mask` [B, S], and gives outputs whose first dimension is the row. */
export class RowGraph {
  readonly #graph: Graph;
  readonly #shape: RowGraphShape;
  readonly #ids = new Int64Buffer();
  readonly #mask = new Int64Buffer();
  readonly #types = new Int64Buffer();
  #budget = tokenBudget;

  private constructor(graph: Graph, shape: RowGraphShape) {
    this.#graph = graph;
    this.#shape = shape;
  }

  /** @throws AppError `engine.modelInvalid` */
  static async open(ort: OrtModule, place: { readonly folder: string; readonly file: string }, shape: RowGraphShape): Promise<RowGraph> {
    const path = join(place.folder, place.file);
    const inputs = ['input_ids', 'attention_mask', ...(shape.typed === true ? ['token_type_ids'] : [])];
    return new RowGraph(await Graph.open(ort, path, { ...shape, inputs }), shape);
  }

  /**
   * The outputs of all rows, in their order, in batches of like length; where an output has a value a token, those of the
   * padding stand behind the row's own. When memory does not suffice, with half as many tokens at a time.
   * @throws AppError `engine.outOfMemory` when a single row does not fit, `engine.modelInvalid` for tokens that the graph does
   * not know; AbortError between batches
   */
  async outputs(rows: readonly Row[], work: RowWork): Promise<readonly (readonly Float32Array[])[]> {
    const found = new Array<readonly Float32Array[]>(rows.length);
    let waiting = rows.map((_, index) => index);
    while (waiting.length > 0) {
      const [batch] = lengthBatches(waiting.map((row) => rows[row]?.ids.length ?? 0), this.#budget);
      const chosen = (batch?.rows ?? []).map((at) => waiting[at] ?? 0);
      if (work.signal.aborted) throw abortError();
      const given = await this.#tryBatch(chosen.flatMap((row) => rows[row] ?? []), work.padTokenId);
      if (given === undefined) continue;
      chosen.forEach((row, at) => {
        found[row] = given.map((output) => output.subarray((at * output.length) / chosen.length, ((at + 1) * output.length) / chosen.length));
      });
      const done = new Set(chosen);
      waiting = waiting.filter((row) => !done.has(row));
      work.onRows?.(rows.length - waiting.length, rows.length);
    }
    return found;
  }

  /** Vectors of all rows, row by row, of a graph with one vector a row. @throws as `outputs` */
  async vectors(rows: readonly Row[], work: RowWork): Promise<{ readonly width: number; readonly data: Float32Array }> {
    const found = (await this.outputs(rows, work)).map(([vector = new Float32Array(0)]) => vector);
    const width = found[0]?.length ?? 0;
    const data = new Float32Array(width * found.length);
    found.forEach((vector, row) => { data.set(vector, row * width); });
    return { width, data };
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }

  /** Undefined when memory did not suffice and the budget was halved. */
  async #tryBatch(rows: readonly Row[], padTokenId: number): Promise<readonly Float32Array[] | undefined> {
    try {
      return await this.#batch(rows, padTokenId);
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown;
      if (/indices element out of data bounds/iu.test(thrown.message)) {
        throw new AppError('engine.modelInvalid', { path: this.#graph.path, reason: 'its tokenizer gives tokens that it does not know, so it is another model\'s' }, thrown);
      }
      if (!/bad_alloc|out of memory|failed to allocate/iu.test(thrown.message)) throw thrown;
      const tokens = rows.length * Math.max(...rows.map(({ ids }) => ids.length));
      if (rows.length === 1) throw new AppError('engine.outOfMemory', { tokens }, thrown);
      this.#budget = Math.max(1, Math.floor(tokens / 2));
      return undefined;
    }
  }

  async #batch(rows: readonly Row[], padTokenId: number): Promise<readonly Float32Array[]> {
    const length = Math.max(...rows.map(({ ids }) => ids.length));
    const count = rows.length * length;
    const row = (index: number): Row | undefined => rows[Math.floor(index / length)];
    const id = (index: number): number | undefined => row(index)?.ids[index % length];
    const tensor = (data: BigInt64Array): InstanceType<OrtModule['Tensor']> => new this.#graph.ort.Tensor('int64', data, [rows.length, length]);
    const feeds = {
      input_ids: tensor(this.#ids.of(count, (index) => id(index) ?? padTokenId)),
      attention_mask: tensor(this.#mask.of(count, (index) => (id(index) === undefined ? 0 : 1))),
      ...(this.#shape.typed === true && { token_type_ids: tensor(this.#types.of(count, (index) => row(index)?.types?.[index % length] ?? 0)) }),
    };
    return this.#graph.run(feeds, this.#shape.outputs);
  }
}
