import type { Alignment, TokenPair } from '../../core/alignment/aligner.ts';
import { bestSpan, type Span } from '../../core/alignment/spanAnswer.ts';
import { combineSpans, placesOf, type SpanRule, type SpanWords } from '../../core/alignment/spanRules.ts';
import type { Alignments } from '../../protocol/engine.ts';
import type { OrtModule } from '../binding.ts';
import type { RunsOn } from '../decoder.ts';
import type { RowWork } from '../scorer/rowGraph.ts';
import { RowGraph, type Row } from '../scorer/rowGraph.ts';
import type { ScorerFolder } from '../scorer/scorerFolder.ts';
import type { Piece } from '../tokenizer.ts';
import { windowsOf, type Window } from './windows.ts';

/** Stands around the word that is asked for. */
const mark = ' ¶ ';

/** A text with the characters that each of its words stands at. */
interface PlacedText {
  readonly text: string;
  readonly pieces: readonly Piece[];
  readonly words: readonly Place[];
}

type Place = Pick<Piece, 'start' | 'end'>;

/** One word's question to one window of the other text. */
interface Question {
  readonly row: Row;
  readonly context: PlacedText;
  readonly window: Window;
  /** Tokens before the context's first. */
  readonly before: number;
}

/**
 * WSPAlign's way of aligning (Wu et al. 2023): each word is marked in its text and a question-answering model names its span
 * in the other text, in both directions; a rule makes links of the answers. A text that does not fit beside its marked
 * partner is asked window by window, and the surest answer counts.
 */
export class SpanAligner {
  readonly kind = 'wspalign';
  readonly #folder: ScorerFolder<'wspalign'>;
  readonly #graph: RowGraph;

  private constructor(folder: ScorerFolder<'wspalign'>, graph: RowGraph) {
    this.#folder = folder;
    this.#graph = graph;
  }

  /** @throws AppError `engine.modelInvalid` */
  static async open(ort: OrtModule, found: ScorerFolder<'wspalign'>, runsOn: RunsOn): Promise<SpanAligner> {
    const { files, typed } = found.manifest;
    return new SpanAligner(found, await RowGraph.open(ort, { folder: found.folder, file: files.spans.path }, { outputs: ['start', 'end'], ...runsOn, typed }));
  }

  /** Cost: a pass of the encoder for every word of both texts of every pair. */
  async align(pairs: readonly TokenPair[], rule: SpanRule, work: Pick<RowWork, 'signal' | 'onRows'>): Promise<Alignments> {
    const placed = pairs.map((pair) => ({ source: this.#placed(pair, 'source'), target: this.#placed(pair, 'target') }));
    const asked = placed.flatMap(({ source, target }) => [this.#questions(source, target), this.#questions(target, source)]);
    const questions = asked.flat(2);
    const { padTokenId } = this.#folder.manifest;
    const outputs = await this.#graph.outputs(questions.map(({ row }) => row), { ...work, padTokenId });
    const answers = new Map(questions.map((question, index) => [question, answerOf(question, outputs[index] ?? [], rule)]));
    const spans = asked.map((words) => words.map((windows) => surest(windows.map((question) => answers.get(question)))));
    const alignments = pairs.map((_, pair): Alignment => combineSpans(rule, spans[2 * pair] ?? [], spans[2 * pair + 1] ?? []));
    return { alignments, windowed: asked.filter((words) => words.some((windows) => windows.length > 1)).length };
  }

  async release(): Promise<void> {
    await this.#graph.release();
  }

  #placed(pair: TokenPair, side: 'source' | 'target'): PlacedText {
    const text = pair.texts?.[side] ?? pair[side].join(' ');
    return { text, pieces: this.#folder.tokenizer.pieces(text), words: placesOf(text, pair[side]) };
  }

  /** For each word of `asking` the questions to the windows of `context`. */
  #questions(asking: PlacedText, context: PlacedText): readonly (readonly Question[])[] {
    const { maxTokens, typed } = this.#folder.manifest;
    const { before, between, after } = this.#folder.tokenizer.joints;
    const room = maxTokens - before.length - between.length - after.length;
    return asking.words.map((word) => {
      const question = this.#marked(asking.text, word, Math.max(Math.floor(room / 2), room - context.pieces.length));
      return windowsOf(context.pieces.length, room - question.length).map((window): Question => {
        const head = [...before, ...question, ...between];
        const tail = [...context.pieces.slice(window.from, window.to).map(({ id }) => id), ...after];
        const types = [...head.map(() => 0), ...tail.map(() => 1)];
        return { row: { ids: [...head, ...tail], ...(typed && { types }) }, context, window, before: head.length };
      });
    });
  }

  /** Tokens of a text with a word marked; of a long one those around the word, at most `most`. */
  #marked(text: string, { start, end }: Place, most: number): readonly number[] {
    const [head, tail] = [text.slice(0, start) + mark, mark + text.slice(end)];
    const pieces = this.#folder.tokenizer.pieces(head + text.slice(start, end) + tail);
    const middle = Math.max(0, pieces.findIndex((piece) => piece.end > head.length));
    const from = Math.max(0, Math.min(middle - Math.floor(most / 2), pieces.length - most));
    return pieces.slice(from, from + most).map(({ id }) => id);
  }
}

/** Words of the context that lie whole in the predicted span. */
function answerOf({ context, window, before }: Question, [start, end]: readonly Float32Array[], rule: SpanRule): SpanWords {
  const [from, to] = [before, before + window.to - window.from];
  const piece = (token: number): Piece | undefined => context.pieces[window.from + token - from];
  const logits = { start: start?.subarray(0, to + 1) ?? new Float32Array(0), end: end?.subarray(0, to + 1) ?? new Float32Array(0), context: { from, to } };
  const span = from < to ? bestSpan(rule, logits, (first, last) => context.text.slice(piece(first)?.start, piece(last)?.end)) : undefined;
  if (span === undefined) return { words: [], score: 0 };
  const { start: first, end: last } = charactersOf(span, context, piece, rule);
  const words = context.words.flatMap((word, index) => (word.end > word.start && first <= word.start && word.end <= last ? [index] : []));
  return { words, score: span.score };
}

/** The pipeline, which `inference` and `batch` go by, answers in whole units; `average` in tokens. */
function charactersOf({ first, last }: Span, { pieces }: PlacedText, piece: (token: number) => Piece | undefined, rule: SpanRule): Place {
  const [one, other] = [piece(first), piece(last)];
  if (rule === 'average') return { start: one?.start ?? 0, end: other?.end ?? 0 };
  const inside = pieces.filter(({ unit }) => unit >= (one?.unit ?? 0) && unit <= (other?.unit ?? -1));
  return { start: inside[0]?.start ?? 0, end: inside.at(-1)?.end ?? 0 };
}

function surest(answers: readonly (SpanWords | undefined)[]): SpanWords {
  return answers.reduce<SpanWords>((best, answer) => (answer !== undefined && answer.score > best.score ? answer : best), { words: [], score: 0 });
}
