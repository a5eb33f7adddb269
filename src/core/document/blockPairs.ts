/** Which blocks of two documents belong together: a source and its translation. Pure. */
import type { ParsedDocument, Segment } from './segment.ts';

export type BlockPair = readonly [source: readonly Segment[], target: readonly Segment[]];

/** Beyond this many pairs of blocks the table would take too much memory; blocks are then paired by position. */
const maxTable = 4_000_000;

/**
 * Pairs blocks of the same kind in order (a weighted longest common subsequence, Needleman and Wunsch 1970, without gap
 * costs): blocks that share protected text (code, link targets) weigh most, then those with as many sentences. Where the
 * kinds agree one by one, blocks are paired by position. O(n · m).
 */
export function pairBlocks(source: ParsedDocument, target: ParsedDocument): readonly BlockPair[] {
  const [a, b] = [blocksOf(source), blocksOf(target)];
  const sameKinds = a.length === b.length && a.every((block, index) => kindOf(block) === kindOf(b[index]));
  if (sameKinds || a.length * b.length > maxTable) return pairInOrder(a, b);
  return walkBack(a, b, scores(a.map(shapeOf), b.map(shapeOf)));
}

export type BlockSegments = readonly Segment[];

interface Shape {
  readonly kind: string;
  readonly sentences: number;
  readonly fixed: string;
}

/** The segments of each block, in order. */
export function blocksOf({ segments }: ParsedDocument): readonly BlockSegments[] {
  const blocks = new Map<number, Segment[]>();
  for (const segment of segments) {
    const block = blocks.get(segment.block);
    if (block === undefined) blocks.set(segment.block, [segment]);
    else block.push(segment);
  }
  return [...blocks.values()];
}

function kindOf(block: BlockSegments | undefined): string {
  return block?.[0]?.kind ?? '';
}

function shapeOf(block: BlockSegments): Shape {
  const fixed = block.flatMap(({ source, protectedSpans }) => protectedSpans
    .filter(({ kind }) => kind !== 'emphasis' && kind !== 'escape')
    .map(({ range }) => source.slice(range.start, range.end)));
  return { kind: kindOf(block), sentences: block.length, fixed: fixed.sort().join('\n') };
}

function pairInOrder(a: readonly BlockSegments[], b: readonly BlockSegments[]): readonly BlockPair[] {
  return a.flatMap((block, index) => {
    const other = b[index];
    return other !== undefined && kindOf(block) === kindOf(other) ? [[block, other] as const] : [];
  });
}

/** How well two blocks fit, in eighths; 0 means never. */
function fit(a: Shape, b: Shape): number {
  if (a.kind !== b.kind) return 0;
  const fixed = a.fixed === b.fixed ? (a.fixed === '' ? 2 : 16) : 0;
  return 8 + fixed + (a.sentences === b.sentences ? 4 : 0);
}

/** best[i][j] of the first i and j blocks, row by row. */
function scores(a: readonly Shape[], b: readonly Shape[]): Table {
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  const pair = new Uint8Array((a.length + 1) * width);
  a.forEach((left, i) => {
    b.forEach((right, j) => {
      const at = (i + 1) * width + j + 1;
      const weight = fit(left, right);
      const together = weight === 0 ? 0 : weight + (best[at - width - 1] ?? 0);
      const apart = Math.max(best[at - 1] ?? 0, best[at - width] ?? 0);
      best[at] = Math.max(together, apart);
      pair[at] = together > apart ? 1 : 0;
    });
  });
  return { width, best, pair };
}

interface Table {
  readonly width: number;
  readonly best: Uint32Array;
  readonly pair: Uint8Array;
}

function walkBack(a: readonly BlockSegments[], b: readonly BlockSegments[], { width, best, pair }: Table): readonly BlockPair[] {
  const pairs: BlockPair[] = [];
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    const at = i * width + j;
    const [left, right] = [a[i - 1], b[j - 1]];
    if (pair[at] === 1 && left !== undefined && right !== undefined) {
      pairs.push([left, right]);
      i--;
      j--;
    } else if ((best[at - width] ?? 0) >= (best[at - 1] ?? 0)) i--;
    else j--;
  }
  return pairs.reverse();
}
