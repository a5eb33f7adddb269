/** Reader of XLIFF 2.0 to 2.2. Pure. */
import type { UnitPlace } from './lazyUnits.ts';
import type { Unit } from './units.ts';
import { isForTarget, type UnitsReader, type XliffContext } from './xliff.ts';
import { Unit2 } from './xliff2Unit.ts';
import { ScopeNotes, withScopeNote } from './xliffScopes.ts';
import type { XmlTag } from './xml.ts';
import { readInside, tagFrom } from './xmlFragment.ts';

export class Xliff2Reader implements UnitsReader {
  readonly #context: XliffContext;
  readonly #translate: boolean[] = [true];
  /** Their ids. */
  readonly #files: string[] = [];
  readonly #scopes = new ScopeNotes();
  #unit: Unit2 | undefined;

  constructor(context: XliffContext, root: XmlTag) {
    this.#context = context;
    const { targetLanguage } = context.options;
    if (root.attributes['srcLang'] === undefined) context.fail(root.start, '<xliff> has no srcLang');
    const declared = root.attributes['trgLang'];
    if (targetLanguage === undefined) return;
    if (declared === undefined) context.fail(root.start, `<xliff> has no trgLang: add trgLang="${targetLanguage}" to it`);
    else if (!isForTarget(declared, context.options)) context.fail(root.start, `the file is to be translated into ${declared}, not ${targetLanguage}`);
  }

  open(tag: XmlTag): void {
    if (this.#unit !== undefined) this.#unit.open(tag);
    else if (tag.name === 'unit') this.#openUnit(tag);
    else this.#openScope(tag);
  }

  #openScope(tag: XmlTag): void {
    this.#scopes.open(tag);
    if (tag.name === 'file') this.#openFile(tag);
    else if (tag.name === 'group') this.#scope(tag);
    else if (tag.name === 'segment') this.#context.fail(tag.start, 'a <segment> stands outside of a <unit>');
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
    }
  }

  read({ from, to, file, part }: UnitPlace): Unit {
    const { text, options } = this.#context;
    const tag = tagFrom(text, from);
    const unit = this.#unitOf(tag, file);
    readInside(text, { from: tag.end, to }, unit);
    return withScopeNote(unit.part(part, options), this.#scopes.at(from));
  }

  #openFile(tag: XmlTag): void {
    this.#scope(tag);
    this.#files.push(tag.attributes['id'] ?? '');
  }

  #scope(tag: XmlTag): void {
    const { translate } = tag.attributes;
    this.#translate.push(translate === undefined ? this.#translate.at(-1) !== false : translate !== 'no');
  }

  #openUnit(tag: XmlTag): void {
    this.#scope(tag);
    this.#unit = this.#unitOf(tag, this.#files.length);
  }

  #unitOf(tag: XmlTag, file: number): Unit2 {
    return new Unit2(tag, `${this.#files[file - 1] ?? ''}/${tag.attributes['id'] ?? ''}`, this.#context.text);
  }

  #closeUnit(unit: Unit2, to: number): void {
    this.#unit = undefined;
    if (this.#translate.pop() !== true) return;
    const from = unit.tag.start;
    for (const [part, { range: { start, end }, startsWithLetter }] of unit.places().entries()) this.#context.add({ start, end, from, to, file: this.#files.length, part }, startsWithLetter);
  }
}
