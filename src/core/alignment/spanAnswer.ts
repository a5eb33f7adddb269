import { spanRuleNumbers, type SpanRule } from './spanRules.ts';

/** Output of a question-answering model for one row: question and context joined, the first token standing for "no answer". */
export interface SpanLogits {
  readonly start: Float32Array;
  readonly end: Float32Array;
  /** Tokens of the context, `from` up to but not with `to`. */
  readonly context: { readonly from: number; readonly to: number };
}

/** Tokens `first` to `last`, both in the span. */
export interface Span {
  readonly first: number;
  readonly last: number;
  readonly score: number;
}

/** Spans that `average` weighs against each other. */
const listed = 10;

/**
 * The best span of the context. `inference` and `batch`: start and end probabilities multiplied, each a softmax over the
 * context and the first token (transformers' question-answering pipeline). `average`: softmax over the summed logits of the
 * ten best spans with different texts and of "no answer", undefined where that is best (run_squad's n-best list).
 * Cost: context tokens × the rule's longest span.
 * @param textOf of the tokens from `first` to `last`
 */
export function bestSpan(rule: SpanRule, logits: SpanLogits, textOf: (first: number, last: number) => string): Span | undefined {
  return rule === 'average' ? listedSpan(logits, spanRuleNumbers[rule].longest, textOf) : productSpan(logits, spanRuleNumbers[rule].longest);
}

function productSpan({ start, end, context }: SpanLogits, longest: number): Span | undefined {
  const [starts, ends] = [shares(start, context), shares(end, context)];
  let best: Span | undefined;
  for (let first = context.from; first < context.to; first++) {
    for (let last = first; last < Math.min(context.to, first + longest); last++) {
      const score = (starts[first] ?? 0) * (ends[last] ?? 0);
      if (best === undefined || score > best.score) best = { first, last, score };
    }
  }
  return best;
}

/** Softmax over the context and the first token. */
function shares(logits: Float32Array, { from, to }: SpanLogits['context']): Float64Array {
  const found = new Float64Array(logits.length);
  let greatest = logits[0] ?? 0;
  for (let at = from; at < to; at++) greatest = Math.max(greatest, logits[at] ?? 0);
  let sum = Math.exp((logits[0] ?? 0) - greatest);
  for (let at = from; at < to; at++) sum += found[at] = Math.exp((logits[at] ?? 0) - greatest);
  return found.map((value) => value / sum);
}

function listedSpan({ start, end, context }: SpanLogits, longest: number, textOf: (first: number, last: number) => string): Span | undefined {
  const inside = (at: number): boolean => at >= context.from && at < context.to;
  const spans = greatest(start).flatMap((first) => greatest(end).flatMap((last): Span[] => {
    const fits = inside(first) && inside(last) && first <= last && last < first + longest;
    return fits ? [{ first, last, score: (start[first] ?? 0) + (end[last] ?? 0) }] : [];
  }));
  const nothing: Span = { first: 0, last: 0, score: (start[0] ?? 0) + (end[0] ?? 0) };
  const seen = new Set<string>();
  const kept = [...spans, nothing].sort((a, b) => b.score - a.score).filter(({ first, last }) => {
    const text = first === 0 ? '' : textOf(first, last);
    return seen.size < listed && !seen.has(text) && seen.add(text);
  });
  if (!kept.includes(nothing)) kept.push(nothing);
  const [best] = kept;
  if (best === undefined || best === nothing) return undefined;
  return { ...best, score: 1 / kept.reduce((sum, { score }) => sum + Math.exp(score - best.score), 0) };
}

/** Places of the greatest values, greatest first. */
function greatest(values: Float32Array): number[] {
  return [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, listed);
}
