/** The units of an imported memory as a concordance looks through them: folded, in blocks of bytes. */
import { Buffer } from 'node:buffer';
import { foldedLines, withoutControls, type ConcordanceSide } from '../../core/memory/phrase.ts';
import { linesOf, parseUnit } from '../../store/memory/unitFile.ts';

/** Ends a source and a translation; folding leaves neither in a text. */
const [middle, end] = [0x1f, 0x0a];

export interface FoldedBlock {
  /** Number of its first unit, and how many it has; numbers are those of the index. */
  readonly first: number;
  readonly count: number;
  readonly bytes: Buffer;
}

/**
 * Made of the file piece by piece, as far as searches have come: the next search goes on from there, and what is folded is
 * looked through without the file. About as many bytes as the texts have.
 */
export class FoldedUnits {
  readonly #path: string;
  #blocks: FoldedBlock[] = [];
  #reader: AsyncGenerator<FoldedBlock> | undefined;
  #reading: Promise<boolean> | undefined;

  /** @param path of the unit file */
  constructor(path: string) {
    this.#path = path;
  }

  /** All blocks in order. Several may ask at once, and any of them may stop. @throws AppError `document.notFound`, `store.*` */
  async *blocks(): AsyncGenerator<FoldedBlock> {
    for (let at = 0; ; at++) {
      if (at >= this.#blocks.length && !(await this.#next())) return;
      const block = this.#blocks[at];
      if (block !== undefined) yield block;
    }
  }

  /** Forgets what is folded. */
  release(): void {
    this.#blocks = [];
    void this.#reader?.return(undefined);
    this.#reader = undefined;
    this.#reading = undefined;
  }

  #next(): Promise<boolean> {
    this.#reader ??= readBlocks(this.#path);
    const reader = this.#reader;
    this.#reading ??= reader.next().then(
      ({ value, done }) => {
        if (this.#reader !== reader) return false; // released meanwhile
        this.#reading = undefined;
        if (done !== true) this.#blocks.push(value);
        return done !== true;
      },
      (thrown: unknown) => {
        if (this.#reader === reader) this.release();
        throw thrown;
      },
    );
    return this.#reading;
  }
}

async function* readBlocks(path: string): AsyncGenerator<FoldedBlock> {
  let first = 0;
  for await (const lines of linesOf(path)) {
    const texts: string[] = [];
    for (const { line, number } of lines) {
      const unit = number === 1 ? undefined : parseUnit(line, '');
      if (unit !== undefined) texts.push(`${withoutControls(unit.source)}\u001f${withoutControls(unit.target)}\n`);
    }
    if (texts.length > 0) yield { first, count: texts.length, bytes: Buffer.from(foldedLines(texts.join(''), false)) };
    first += texts.length;
  }
}

/** Numbers of the units of a block that have every needle on a side that counts, ascending. */
export function* unitsWith({ bytes, first }: FoldedBlock, needles: readonly Buffer[], side: ConcordanceSide): Generator<number> {
  const [longest, ...others] = [...needles].sort((a, b) => b.length - a.length);
  if (longest === undefined) return;
  let number = first;
  let counted = 0;
  for (let at = bytes.indexOf(longest); at >= 0; at = bytes.indexOf(longest, at)) {
    for (let next = bytes.indexOf(end, counted); next < at && next >= 0; next = bytes.indexOf(end, counted)) {
      number++;
      counted = next + 1;
    }
    const stop = bytes.indexOf(end, at);
    const line = bytes.subarray(counted, stop);
    if ([longest, ...others].every((needle) => isOn(line, needle, side))) yield number;
    at = stop;
  }
}

function isOn(line: Buffer, needle: Buffer, side: ConcordanceSide): boolean {
  if (side === 'both') return line.includes(needle);
  const cut = line.indexOf(middle);
  return side === 'source' ? line.subarray(0, cut).includes(needle) : line.indexOf(needle, cut) >= 0;
}
