import type { Coverage } from '../../../../src/core/alignment/aligner.ts';
import { PairAligner } from '../../../../src/core/alignment/alignPair.ts';
import { coverage, possibleOmissions } from '../../../../src/core/alignment/coverage.ts';
import { emptyAligner, refineAligner } from '../../../../src/core/alignment/refineAligner.ts';
import { defaultChrf } from '../../../../src/core/ranking/chrfOptions.ts';
import { zScores } from '../../../../src/core/ranking/hybrid.ts';
import { mbrScores, softmax } from '../../../../src/core/ranking/mbr.ts';
import { pairwiseChrf } from '../../../../src/core/ranking/pairwise.ts';
import { Tokenizer, type WordToken } from '../../../../src/core/text/tokens.ts';
import { mean, type Described, type Segment } from './segments.ts';

/**
 * What can be seen in a candidate without any model and without knowing who wrote it. More is better in each: distances
 * and counts of trouble are negative.
 */
export const featureNames = [
  'chrF-MBR', 'chrF-MBR, weak references weigh less', 'chrF-MBR of short n-grams', 'length near the median', 'not shorter than the median',
  'n-grams that others have too', 'n-grams of most others are here', 'no long gap against the others', 'source coverage', 'target coverage', 'no omitted words',
  'no repetition', 'no words of the source', 'few ASCII letters', 'punctuation as in most', 'numbers of the source', 'links, names and marks of the source',
] as const;

/** Features of all segments of a pair; the aligner learns from these texts alone (no scores). Cost: about 20 s for 7,600 candidates. */
export function describe(segments: readonly Segment[]): Described[] {
  const covered = coverages(segments);
  return segments.map((segment, at): Described => {
    const texts = segment.candidates.map(({ text }) => text);
    const columns = [...consensus(texts), ...(covered[at] ?? []), ...surface(segment.source, texts)];
    const ones = texts.map(() => 1);
    const standard = columns.map((column) => zScores(column, ones));
    const data = Float32Array.from({ length: texts.length * columns.length }, (_, cell) => standard[cell % columns.length]?.[Math.floor(cell / columns.length)] ?? 0);
    return { ...segment, features: { rows: texts.length, cols: columns.length, data }, mbr: columns[0] ?? [] };
  });
}

function consensus(texts: readonly string[]): number[][] {
  const size = texts.length;
  const utilities = { size, data: pairwiseChrf(texts, texts) };
  const short = { size, data: pairwiseChrf(texts, texts, { ...defaultChrf, charOrder: 2 }) };
  const counts = texts.map(() => 1);
  const score = (matrix: typeof short, evidence: Parameters<typeof mbrScores>[1]): number[] => mbrScores(matrix, evidence, true).map((value) => value ?? 0);
  const plain = score(utilities, { kind: 'counts', counts });
  const trusted = softmax(zScores(plain, counts));
  const weighted = score(utilities, { kind: 'logProbs', logProbs: trusted.map(Math.log) });
  const lengths = texts.map((text) => Math.log(1 + [...text.replace(/\s/gu, '')].length));
  const middle = median(lengths);
  return [
    plain, weighted, score(short, { kind: 'counts', counts }),
    lengths.map((length) => -Math.abs(length - middle)), lengths.map((length) => Math.min(0, length - middle)),
    ...support(texts),
  ];
}

/** Own trigrams that nobody else has, trigrams of most others that are not here, and the mean log length of the longest gap. */
function support(texts: readonly string[]): [number[], number[], number[]] {
  const bags = texts.map((text) => new Set(ngrams(text, 3)));
  const carriers = new Map<string, number>();
  for (const bag of bags) for (const gram of bag) carriers.set(gram, (carriers.get(gram) ?? 0) + 1);
  const own = bags.map((bag) => -share([...bag], (gram) => carriers.get(gram) === 1));
  const lost = bags.map((bag) => {
    const common = [...carriers].filter(([gram, count]) => count - Number(bag.has(gram)) >= (texts.length - 1) / 2);
    return -share(common, ([gram]) => !bag.has(gram));
  });
  const letters = texts.map((text) => [...text.replace(/[^\p{L}\p{N}]/gu, '')]);
  const gaps = letters.map((text, at) => -mean(letters.filter((_, other) => other !== at).map((other) => Math.log1p(longestGap(other, new Set(text))))));
  return [own, lost, gaps];
}

/** Longest run of characters of `text` that `known` does not hold. */
function longestGap(text: readonly string[], known: ReadonlySet<string>): number {
  let run = 0;
  let longest = 0;
  for (const character of text) {
    run = known.has(character) ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

function surface(source: string, texts: readonly string[]): number[][] {
  const words = new Set(source.toLowerCase().match(/[a-z]{4,}/gu) ?? []);
  const marks = texts.map((text) => tally(text.match(/[\p{P}\p{S}]/gu) ?? []));
  const usual = new Map([...new Set(marks.flatMap((mark) => [...mark.keys()]))].map((key) => [key, median(marks.map((mark) => mark.get(key) ?? 0))]));
  const numbers = (text: string): Map<string, number> => tally(text.normalize('NFKC').match(/\d+/gu) ?? []);
  const names = (text: string): Map<string, number> => tally(text.match(/https?:\/\/\S+|[#@]\w+|\p{Extended_Pictographic}|\n/gu) ?? []);
  return [
    texts.map((text) => { const grams = ngrams(text, 4); return -share(grams, (gram, index) => grams.indexOf(gram) !== index); }),
    texts.map((text) => { const here = new Set(text.toLowerCase().match(/[a-z]{4,}/gu) ?? []); return -share([...words], (word) => here.has(word)); }),
    texts.map((text) => -share([...text], (character) => /[a-z]/iu.test(character))),
    marks.map((mark) => -distance(mark, usual)),
    texts.map((text) => -distance(numbers(text), numbers(source))),
    texts.map((text) => -distance(names(text), names(source))),
  ];
}

/** Source coverage, target coverage and possible omissions of each segment's candidates. */
function coverages(segments: readonly Segment[]): number[][][] {
  const tokenizer = new Tokenizer();
  const [from = '', to = ''] = segments[0]?.pair.split('-') ?? [];
  const words = (tokens: readonly WordToken[]): string[] => tokens.map(({ text }) => text);
  const cut = segments.map(({ source, candidates }) => ({ source: tokenizer.wordTokens(source, from), targets: candidates.map(({ text }) => tokenizer.wordTokens(text, to)) }));
  const texts = cut.flatMap(({ source, targets }) => targets.map((target) => ({ source: words(source), target: words(target) })));
  const aligner = new PairAligner(refineAligner(emptyAligner('lower'), texts));
  return cut.map(({ source, targets }) => {
    const found = targets.map((target): Coverage => coverage(source, target, aligner.align({ source: words(source), target: words(target) }).links));
    const omitted = possibleOmissions(found, found.map(() => 1));
    return [found.map((one) => one.source), found.map((one) => one.target), omitted.map((list) => -list.length)];
  });
}

function ngrams(text: string, order: number): string[] {
  const characters = [...text.replace(/\s/gu, '')];
  return characters.slice(order - 1).map((_, at) => characters.slice(at, at + order).join(''));
}

function share<T>(items: readonly T[], has: (item: T, index: number) => boolean): number {
  return items.length === 0 ? 0 : items.filter(has).length / items.length;
}

function tally(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function distance(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  return [...new Set([...a.keys(), ...b.keys()])].reduce((sum, key) => sum + Math.abs((a.get(key) ?? 0) - (b.get(key) ?? 0)), 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
