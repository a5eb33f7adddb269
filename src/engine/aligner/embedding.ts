import type { Alignment, TokenPair } from '../../core/alignment/aligner.ts';
import { alignBySimilarity } from '../../core/alignment/similarity.ts';
import type { Matrix } from '../../core/matrix.ts';
import type { Alignments } from '../../protocol/engine.ts';
import type { OrtModule } from '../binding.ts';
import type { RunsOn } from '../decoder.ts';
import { RowGraph, type Row, type RowWork } from '../scorer/rowGraph.ts';
import type { ScorerFolder } from '../scorer/scorerFolder.ts';
import { homeOf, windowsOf, type Window } from './windows.ts';

/** A text as subwords: their ids, and the word that each belongs to. */
interface Subwords {
  readonly ids: readonly number[];
  readonly owners: readonly number[];
  readonly windows: readonly Window[];
}

/** Hidden states of a text's subwords, row by row. */
interface States {
  readonly subwords: Subwords;
  readonly data: Float32Array;
  readonly width: number;
}

/**
 * awesome-align's way of aligning (Dou and Neubig 2021): every distinct text once through the encoder, words cut one by one,
 * then dot products of one layer's states. A text that is longer than the encoder reads goes through it in windows.
 */
export class EmbeddingAligner {
  readonly kind = 'awesome';
  readonly #folder: ScorerFolder<'awesome'>;
  readonly #graph: RowGraph;

  private constructor(folder: ScorerFolder<'awesome'>, graph: RowGraph) {
    this.#folder = folder;
    this.#graph = graph;
  }

  /** @throws AppError `engine.modelInvalid` */
  static async open(ort: OrtModule, found: ScorerFolder<'awesome'>, runsOn: RunsOn): Promise<EmbeddingAligner> {
    const place = { folder: found.folder, file: found.manifest.files.states.path };
    return new EmbeddingAligner(found, await RowGraph.open(ort, place, { outputs: ['states'], ...runsOn }));
  }

  /** Cost: one pass of the encoder a distinct text, and subwords × subwords × width a pair. */
  async align(pairs: readonly TokenPair[], work: Pick<RowWork, 'signal' | 'onRows'>): Promise<Alignments> {
    const texts = new Map(pairs.flatMap(({ source, target }) => [source, target]).map((words) => [keyOf(words), words]));
    const subwords = [...texts.values()].map((words) => this.#subwords(words));
    const rows = subwords.flatMap((text) => text.windows.map((window) => this.#row(text, window)));
    const outputs = await this.#graph.outputs(rows, { ...work, padTokenId: this.#folder.manifest.padTokenId });
    let at = 0;
    const states = subwords.map((text): States => {
      const windows = outputs.slice(at, at += text.windows.length);
      return gather(text, windows.map(([output = new Float32Array(0)]) => output), this.#folder.manifest.width);
    });
    const byText = new Map([...texts.keys()].map((key, index) => [key, states[index]]));
    const alignments = pairs.map((pair) => this.#align(pair, byText.get(keyOf(pair.source)), byText.get(keyOf(pair.target))));
    return { alignments, windowed: subwords.filter(({ windows }) => windows.length > 1).length };
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }

  #align(pair: TokenPair, source: States | undefined, target: States | undefined): Alignment {
    const [sourceWords, targetWords] = [pair.source.length, pair.target.length];
    const [sourceOwners, targetOwners] = [source?.subwords.owners ?? [], target?.subwords.owners ?? []];
    const similarity = source === undefined || target === undefined ? { rows: 0, cols: 0, data: new Float32Array(0) } : products(source, target);
    return alignBySimilarity({ similarity, sourceOwners, targetOwners, sourceWords, targetWords }, this.#folder.manifest.threshold);
  }

  #subwords(words: readonly string[]): Subwords {
    const ids = words.map((word) => this.#folder.tokenizer.encode(word));
    const owners = ids.flatMap((one, word) => one.map(() => word));
    return { ids: ids.flat(), owners, windows: windowsOf(owners.length, this.#folder.manifest.maxTokens - 2) };
  }

  #row({ ids }: Subwords, { from, to }: Window): Row {
    const [first, last] = this.#folder.tokenizer.ends;
    return { ids: [first, ...ids.slice(from, to), last] };
  }
}

function keyOf(words: readonly string[]): string {
  return JSON.stringify(words);
}

/** Each subword's state from the window in which it stands deepest; the control tokens' states are left out. */
function gather(subwords: Subwords, outputs: readonly Float32Array[], width: number): States {
  const { windows, ids } = subwords;
  const data = new Float32Array(ids.length * width);
  ids.forEach((_, item) => {
    const home = homeOf(windows, item);
    const row = 1 + item - (windows[home]?.from ?? 0);
    data.set(outputs[home]?.subarray(row * width, (row + 1) * width) ?? [], item * width);
  });
  return { subwords, data, width };
}

/** Dot products of all states of one text (rows) with all of another (columns). */
function products(source: States, target: States): Matrix {
  const [rows, cols, { width }] = [source.subwords.ids.length, target.subwords.ids.length, source];
  const data = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < cols; column++) {
      let sum = 0;
      for (let unit = 0; unit < width; unit++) sum += (source.data[row * width + unit] ?? 0) * (target.data[column * width + unit] ?? 0);
      data[row * cols + column] = sum;
    }
  }
  return { rows, cols, data };
}
