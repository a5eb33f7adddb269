/** What an XLIFF file says of its `<file>`s and `<group>`s: it holds for every unit inside of them. Pure. */
import type { Unit } from './units.ts';
import type { XmlEvents, XmlTag } from './xml.ts';

/** Lines of a note, without those that are empty; undefined without any. */
export function noteOf(...lines: readonly (string | undefined)[]): string | undefined {
  const filled = lines.map((line) => line?.trim() ?? '').filter((line) => line !== '');
  return filled.length === 0 ? undefined : filled.join('\n');
}

/** A unit with what holds around it behind its own notes. */
export function withScopeNote(unit: Unit, around: string | undefined): Unit {
  return around === undefined ? unit : { ...unit, note: noteOf(unit.note, around) };
}

/** `sourcefile: a.ts` of 1.2's `<context>`. */
export function contextLine({ attributes }: XmlTag, text: string): string {
  return [attributes['context-type'] ?? '', text.trim()].filter((part) => part !== '').join(': ');
}

interface Scope {
  readonly name: string;
  readonly notes: string[];
}

interface Reading {
  readonly tag: XmlTag;
  text: string;
}

/**
 * Takes in the events outside of units: the notes of a 1.2 header and group and of 2.x's files and groups, and the contexts of
 * a 1.2 group. What holds is kept by the offset from which it does, so that a unit can be read when somebody looks at it.
 */
export class ScopeNotes implements XmlEvents {
  readonly #open: Scope[] = [];
  readonly #changes: { readonly from: number; readonly note: string | undefined }[] = [];
  #reading: Reading | undefined;

  get skipsText(): boolean {
    return this.#reading === undefined;
  }

  open(tag: XmlTag): void {
    const [parent, around] = [this.#open.at(-1)?.name, this.#open.at(-2)?.name];
    const isNote = tag.name === 'note' && (parent === 'header' || parent === 'group' || parent === 'notes');
    const isContext = tag.name === 'context' && parent === 'context-group' && around === 'group';
    if (isNote || isContext) this.#reading = { tag, text: '' };
    this.#open.push({ name: tag.name, notes: [] });
  }

  text(text: string): void {
    if (this.#reading !== undefined) this.#reading.text += text;
  }

  close(name: string, start: number): void {
    const closed = this.#open.pop();
    if (this.#reading?.tag.name === name) this.#closeNote(this.#reading, start);
    else if (closed !== undefined && closed.notes.length > 0) this.#changed(start);
  }

  /** What holds at an offset, of the innermost group first. Logarithmic in the number of notes. */
  at(offset: number): string | undefined {
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.from ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#changes[low - 1]?.note;
  }

  #closeNote({ tag, text }: Reading, start: number): void {
    this.#reading = undefined;
    const note = tag.name === 'context' ? contextLine(tag, text) : text.trim();
    const scope = this.#open.findLast(({ name }) => name === 'group' || name === 'file');
    if (note === '' || scope === undefined) return;
    scope.notes.push(note);
    this.#changed(start);
  }

  #changed(from: number): void {
    this.#changes.push({ from, note: noteOf(...this.#open.toReversed().flatMap(({ notes }) => notes)) });
  }
}
