import type { Alignment, Link } from './aligner.ts';

/**
 * How WSPAlign's predictions of both directions become links; its code has three ways:
 * `inference` (WSPAlign.InferEval, inference.py): score over the words in the span, the other direction's added where the
 * pair was found by the first; above 0.1. `batch` (WSPAlign, batch_inference.py): the same above 0.5, longer spans allowed;
 * its sentence score counts these links. `average` (get_alignment.py, the published error rates; SpanAlign): mean of both
 * directions' probabilities, not divided, above 0.4.
 */
export const spanRules = ['inference', 'batch', 'average'] as const;
export type SpanRule = (typeof spanRules)[number];

interface RuleNumbers {
  readonly threshold: number;
  /** Subwords of a span at most. */
  readonly longest: number;
}

export const spanRuleNumbers: Readonly<Record<SpanRule, RuleNumbers>> = {
  inference: { threshold: 0.1, longest: 15 },
  batch: { threshold: 0.5, longest: 32 },
  average: { threshold: 0.4, longest: 158 },
};

/** The span that was predicted for a word: words of the other text that lie in it whole, and its probability, 0 to 1. */
export interface SpanWords {
  readonly words: readonly number[];
  readonly score: number;
}

/**
 * Links and probabilities by a rule. `forward` has one entry a source word, `backward` one a target word. The sum of two
 * directions is halved, so that probabilities are 0 to 1; the rule's threshold is that of the sum. Cost: words of all spans.
 */
export function combineSpans(rule: SpanRule, forward: readonly SpanWords[], backward: readonly SpanWords[]): Alignment {
  const [rows, cols] = [forward.length, backward.length];
  const data = new Float32Array(rows * cols);
  const found = new Uint8Array(data.length);
  const share = ({ words, score }: SpanWords): number => (rule === 'average' ? score : score / words.length);
  forward.forEach((span, source) => {
    for (const target of span.words) {
      data[source * cols + target] = share(span) / 2;
      found[source * cols + target] = 1;
    }
  });
  backward.forEach((span, target) => {
    for (const source of span.words) {
      const cell = source * cols + target;
      if (rule === 'average' || found[cell] === 1) data[cell] = (data[cell] ?? 0) + share(span) / 2;
    }
  });
  const threshold = spanRuleNumbers[rule].threshold / (rule === 'average' ? 1 : 2);
  const links = [...data].flatMap((value, cell): Link[] => (value > threshold ? [{ source: Math.floor(cell / cols), target: cell % cols }] : []));
  return { probabilities: { rows, cols, data }, links };
}

/** Where each word stands in its text, found from left to right; a word that is not there stands nowhere (`end` = `start`). */
export function placesOf(text: string, words: readonly string[]): readonly { readonly start: number; readonly end: number }[] {
  let after = 0;
  return words.map((word) => {
    const start = text.indexOf(word, after);
    if (start < 0) return { start: after, end: after };
    after = start + word.length;
    return { start, end: after };
  });
}
