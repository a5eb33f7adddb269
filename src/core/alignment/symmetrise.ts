import { assertNever } from '../errors.ts';
import type { Link } from './aligner.ts';

/** How links of both directions become one set, from few and safe to many. */
export type Symmetrisation = 'intersection' | 'growDiag' | 'growDiagFinalAnd' | 'union';

/** For each made token the given token it comes from, or undefined for the empty word. */
export type DirectedLinks = readonly (number | undefined)[];

export interface BothDirections {
  /** One entry a target token: its source token. */
  readonly forward: DirectedLinks;
  /** One entry a source token: its target token. */
  readonly backward: DirectedLinks;
}

/**
 * Links of both directions as one set, sorted by source then target (Koehn, Och and Marcu 2003; steps as in Moses).
 * grow-diag adds neighbours of the intersection that are in the union while one of their words is still free;
 * final-and then adds links of either direction between two words that are both free.
 * Cost: source × target tokens times the rounds of growing.
 */
export function symmetrise(directions: BothDirections, method: Symmetrisation): Link[] {
  const grid = new LinkGrid(directions);
  switch (method) {
    case 'union':
      return grid.union();
    case 'intersection':
      return grid.links();
    case 'growDiag':
      grid.growDiagonal();
      return grid.links();
    case 'growDiagFinalAnd':
      grid.growDiagonal();
      grid.addFree();
      return grid.links();
    default:
      return assertNever(method);
  }
}

/** The eight neighbours, those in a row or column first, as in Moses. */
const neighbours: readonly (readonly [number, number])[] = [
  [-1, 0], [0, -1], [1, 0], [0, 1], [-1, -1], [-1, 1], [1, -1], [1, 1],
];

/** A source × target grid that begins with the intersection. */
class LinkGrid {
  readonly #rows: number;
  readonly #columns: number;
  readonly #directions: BothDirections;
  readonly #linked: Uint8Array;
  readonly #inUnion: Uint8Array;
  readonly #sourceUsed: Uint8Array;
  readonly #targetUsed: Uint8Array;

  constructor(directions: BothDirections) {
    this.#directions = directions;
    this.#rows = directions.backward.length;
    this.#columns = directions.forward.length;
    this.#linked = new Uint8Array(this.#rows * this.#columns);
    this.#inUnion = new Uint8Array(this.#rows * this.#columns);
    this.#sourceUsed = new Uint8Array(this.#rows);
    this.#targetUsed = new Uint8Array(this.#columns);
    this.#eachDirected((source, target) => {
      const cell = source * this.#columns + target;
      if (this.#inUnion[cell] === 1) this.#add(source, target);
      this.#inUnion[cell] = 1;
    });
  }

  growDiagonal(): void {
    for (let grown = true; grown; ) {
      grown = false;
      for (const { source, target } of this.links()) {
        for (const [down, right] of neighbours) grown = this.#growTo(source + down, target + right) || grown;
      }
    }
  }

  addFree(): void {
    this.#eachDirected((source, target) => {
      if (this.#sourceUsed[source] === 0 && this.#targetUsed[target] === 0) this.#add(source, target);
    });
  }

  links(): Link[] {
    return this.#cellsOf(this.#linked);
  }

  union(): Link[] {
    return this.#cellsOf(this.#inUnion);
  }

  #growTo(source: number, target: number): boolean {
    if (source < 0 || target < 0 || source >= this.#rows || target >= this.#columns) return false;
    const cell = source * this.#columns + target;
    const free = this.#sourceUsed[source] === 0 || this.#targetUsed[target] === 0;
    if (!free || this.#inUnion[cell] === 0 || this.#linked[cell] === 1) return false;
    this.#add(source, target);
    return true;
  }

  #add(source: number, target: number): void {
    this.#linked[source * this.#columns + target] = 1;
    this.#sourceUsed[source] = 1;
    this.#targetUsed[target] = 1;
  }

  /** Forward links by target, then backward links by source. */
  #eachDirected(visit: (source: number, target: number) => void): void {
    this.#directions.forward.forEach((source, target) => {
      if (source !== undefined) visit(source, target);
    });
    this.#directions.backward.forEach((target, source) => {
      if (target !== undefined) visit(source, target);
    });
  }

  #cellsOf(cells: Uint8Array): Link[] {
    const links: Link[] = [];
    cells.forEach((set, cell) => {
      if (set === 1) links.push({ source: Math.floor(cell / this.#columns), target: cell % this.#columns });
    });
    return links;
  }
}
