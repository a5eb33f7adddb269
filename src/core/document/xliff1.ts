/** Reader of XLIFF 1.0 to 1.2. Pure. */
import type { Unit } from './units.ts';
import type { UnitPlace } from './lazyUnits.ts';
import { isForTarget, type UnitsReader, type XliffContext } from './xliff.ts';
import { TransUnit } from './xliff1Unit.ts';
import { ScopeNotes, withScopeNote } from './xliffScopes.ts';
import type { XmlTag } from './xml.ts';
import { readInside, tagFrom } from './xmlFragment.ts';

export class Xliff1Reader implements UnitsReader {
  readonly #context: XliffContext;
  /** Whether what stands in the file and groups that are open is to be translated, innermost last. */
  readonly #translate: boolean[] = [true];
  /** Of the units of one file. */
  readonly #ids = new Set<string>();
  #file = { index: 0, forTarget: true };
  /** The first that is for another target language, while none is for the one asked for. */
  #other: XmlTag | undefined;
  readonly #scopes = new ScopeNotes();
  #unit: TransUnit | undefined;

  constructor(context: XliffContext) {
    this.#context = context;
  }

  get skipsText(): boolean {
    return this.#unit?.skipsText ?? this.#scopes.skipsText;
  }

  open(tag: XmlTag): void {
    if (this.#unit !== undefined) this.#unit.open(tag);
    else if (tag.name === 'trans-unit') this.#openUnit(tag);
    else this.#openScope(tag);
  }

  text(text: string): void {
    (this.#unit ?? this.#scopes).text(text);
  }

  close(name: string, start: number, end: number): void {
    if (this.#unit?.isOpen === true) this.#unit.close(name, start, end);
    else if (this.#unit !== undefined) this.#closeUnit(this.#unit, start);
    else {
      if (name === 'file' || name === 'group') this.#translate.pop();
      this.#scopes.close(name, start);
      if (name === 'xliff' && this.#other !== undefined) this.#context.fail(this.#other.start, `the file is to be translated into ${this.#other.attributes['target-language'] ?? ''}, not ${this.#context.options.targetLanguage ?? ''}`);
    }
  }

  read({ from, to, file, part }: UnitPlace): Unit {
    const { text, fail, options } = this.#context;
    const tag = tagFrom(text, from);
    const unit = new TransUnit(tag, { text, file, fail });
    readInside(text, { from: tag.end, to }, unit);
    return withScopeNote(unit.read(part, options), this.#scopes.at(from));
  }

  #closeUnit(unit: TransUnit, to: number): void {
    this.#unit = undefined;
    if (!this.#isWanted(unit)) return;
    const { tag: { start: from }, slot: { start, end } } = unit;
    const parts = unit.parts();
    if (parts === undefined) this.#context.add({ start, end, from, to, file: this.#file.index, part: 0 }, unit.startsWithLetter);
    else for (const [part, { unit: { range } }] of parts.entries()) this.#context.add({ start: range.start, end: range.end, from, to, file: this.#file.index, part }, false);
  }

  #openScope(tag: XmlTag): void {
    this.#scopes.open(tag);
    if (tag.name === 'file') this.#openFile(tag);
    else if (tag.name === 'group') this.#scope(tag);
  }

  #openFile(tag: XmlTag): void {
    this.#scope(tag);
    this.#ids.clear();
    const forTarget = isForTarget(tag.attributes['target-language'], this.#context.options);
    const isFirst = this.#file.index === 0;
    this.#file = { index: this.#file.index + 1, forTarget };
    if (forTarget) this.#other = undefined;
    else if (isFirst) this.#other = tag;
    if (tag.attributes['source-language'] === undefined) this.#context.fail(tag.start, '<file> has no source-language');
  }

  #scope(tag: XmlTag): void {
    this.#translate.push(tag.attributes['translate'] !== 'no' && this.#translate.at(-1) !== false);
  }

  #openUnit(tag: XmlTag): void {
    const { id } = tag.attributes;
    if (id === undefined) return this.#context.fail(tag.start, 'a <trans-unit> has no id');
    if (this.#ids.size === this.#ids.add(id).size) return this.#context.fail(tag.start, `the id "${id}" of a <trans-unit> occurs twice in its <file>`);
    const { text, fail } = this.#context;
    this.#unit = new TransUnit(tag, { text, file: this.#file.index, fail });
  }

  #isWanted(unit: TransUnit): boolean {
    const { attributes, start } = unit.tag;
    if (unit.source === undefined) return this.#context.fail(start, `the <trans-unit> "${attributes['id'] ?? ''}" has no <source>`);
    return this.#file.forTarget && this.#translate.at(-1) === true && attributes['translate'] !== 'no';
  }
}
