/** Reader of XLIFF 1.0 to 1.2. Pure. */
import type { Unit } from './units.ts';
import { isForTarget, type XliffContext } from './xliff.ts';
import { ContentReader, innerContent, type ContentElement } from './xliffContent.ts';
import { states1 } from './xliffStates.ts';
import { lineBefore, type XmlEvents, type XmlTag } from './xml.ts';

interface OpenUnit {
  readonly tag: XmlTag;
  readonly key: string;
  source: ContentElement | undefined;
  segSource: ContentElement | undefined;
  target: ContentElement | undefined;
  notes: string[] | undefined;
}

const contents = new Set(['source', 'seg-source', 'target']);

export class Xliff1Reader implements XmlEvents {
  readonly #context: XliffContext;
  readonly #path: string[] = [];
  readonly #translate: boolean[] = [true];
  readonly #keys = new Set<string>();
  #file = { index: 0, forTarget: true };
  #unit: OpenUnit | undefined;
  #reader: ContentReader | undefined;
  #note: string | undefined;

  constructor(context: XliffContext) {
    this.#context = context;
  }

  open(tag: XmlTag): void {
    const parent = this.#path.at(-1);
    this.#path.push(tag.name);
    if (this.#reader !== undefined) {
      this.#reader.open(tag);
      return;
    }
    if (tag.name === 'file') this.#openFile(tag);
    if (tag.name === 'file' || tag.name === 'group') this.#translate.push(tag.attributes['translate'] !== 'no' && this.#translate.at(-1) !== false);
    if (tag.name === 'trans-unit') this.#openUnit(tag);
    if (parent === 'trans-unit' && contents.has(tag.name)) this.#openContent(tag);
    if (parent === 'trans-unit' && tag.name === 'note') this.#note = '';
  }

  text(text: string): void {
    if (this.#reader !== undefined) this.#reader.addText(text);
    else if (this.#note !== undefined) this.#note += text;
  }

  close(name: string, start: number, end: number): void {
    this.#path.pop();
    if (this.#reader !== undefined && this.#path.at(-1) !== 'trans-unit') this.#reader.close(start, end);
    else if (this.#reader !== undefined) this.#closeContent(name, start, end);
    else if (this.#note !== undefined && name === 'note') this.#closeNote();
    else if (name === 'file' || name === 'group') this.#translate.pop();
    else if (name === 'trans-unit') this.#closeUnit();
  }

  #closeUnit(): void {
    const unit = this.#unit;
    this.#unit = undefined;
    if (unit === undefined || !this.#isWanted(unit) || unit.source === undefined) return;
    const split = splitUnits(unit);
    if (split === undefined) this.#context.add(unitOf(this.#context.text, unit, unit.source));
    else for (const found of split) this.#context.add(found);
  }

  #openFile(tag: XmlTag): void {
    this.#file = { index: this.#file.index + 1, forTarget: isForTarget(tag.attributes['target-language'], this.#context.options) };
    for (const name of ['original', 'source-language', 'datatype']) {
      if (tag.attributes[name] === undefined && name === 'source-language') this.#context.fail(tag.start, `<file> has no ${name}`);
    }
  }

  #openUnit(tag: XmlTag): void {
    const { id } = tag.attributes;
    if (id === undefined) return this.#context.fail(tag.start, 'a <trans-unit> has no id');
    const key = `${this.#file.index}/${id}`;
    if (this.#keys.size === this.#keys.add(key).size) return this.#context.fail(tag.start, `the id "${id}" of a <trans-unit> occurs twice in its <file>`);
    this.#unit = { tag, key, source: undefined, segSource: undefined, target: undefined, notes: undefined };
  }

  #openContent(tag: XmlTag): void {
    const unit = this.#unit;
    if (unit === undefined) return;
    if (tag.name !== 'source' && unit.source === undefined) this.#context.fail(tag.start, `<${tag.name}> comes before <source>, or there is no <source>`);
    const again = tag.name === 'source' ? unit.source : tag.name === 'target' ? unit.target : unit.segSource;
    if (again !== undefined) this.#context.fail(tag.start, `a <trans-unit> has a second <${tag.name}>`);
    this.#reader = new ContentReader(this.#context.text, tag);
  }

  #closeContent(name: string, start: number, end: number): void {
    const [unit, reader] = [this.#unit, this.#reader];
    this.#reader = undefined;
    if (unit === undefined || reader === undefined) return;
    const element = reader.finish(start, end);
    if (name === 'source') unit.source = element;
    else if (name === 'target') unit.target = element;
    else unit.segSource = element;
  }

  #closeNote(): void {
    const note = (this.#note ?? '').trim();
    if (note !== '' && this.#unit !== undefined) (this.#unit.notes ??= []).push(note);
    this.#note = undefined;
  }

  #isWanted(unit: OpenUnit): boolean {
    if (unit.source === undefined) return this.#context.fail(unit.tag.start, `the <trans-unit> "${unit.key.replace(/^\d+\//u, '')}" has no <source>`);
    return this.#file.forTarget && this.#translate.at(-1) === true && unit.tag.attributes['translate'] !== 'no';
  }
}

/** Notes may follow the target: a unit is made when it closes. */
function unitOf(text: string, unit: OpenUnit, source: ContentElement): Unit {
  const { key, segSource, target } = unit;
  const { end, text: content, codes } = segSource ?? source;
  const isTranslated = target !== undefined && !isUntranslated(target, source);
  return {
    range: { start: end, end: target?.end ?? end },
    key,
    text: content,
    codes,
    kind: 'string',
    before: target === undefined ? `${lineBefore(text, source.start)}<target>` : text.slice(end, target.from),
    after: '</target>',
    existing: isTranslated ? target.text : undefined,
    existingRaw: isTranslated ? text.slice(target.from, target.to) : undefined,
    state: stateOf(unit),
    note: unit.notes?.join('\n'),
    maxLength: maxLengthOf(unit),
    style: 'target',
  };
}

/** A unit whose source and target are both cut into marked segments: each is translated in its own place. */
function splitUnits(unit: OpenUnit): readonly Unit[] | undefined {
  const { key, segSource, target } = unit;
  if (segSource === undefined || target === undefined || segSource.marked.length === 0) return undefined;
  const places = new Map(target.marked.map((mark) => [mark.mid, mark]));
  if (segSource.marked.some(({ mid }) => !places.has(mid))) return undefined;
  return segSource.marked.flatMap(({ mid, inner }): readonly Unit[] => {
    const place = places.get(mid);
    if (place === undefined) return [];
    const existing = innerContent(target, place.inner).text;
    const { text, codes } = innerContent(segSource, inner);
    return [{
      range: place.range, text, codes, kind: 'string', key: `${key}/${mid}`,
      existing: existing === text ? undefined : existing, state: stateOf(unit), note: unit.notes?.join('\n'), maxLength: maxLengthOf(unit),
    }];
  });
}

function stateOf({ tag, target }: OpenUnit): Unit['state'] {
  return tag.attributes['approved'] === 'yes' ? 'final' : states1[target?.attribute('state') ?? ''];
}

function maxLengthOf({ tag }: OpenUnit): number | undefined {
  const max = tag.attributes['size-unit'] === 'char' ? Number(tag.attributes['maxwidth']) : Number.NaN;
  return Number.isInteger(max) && max > 0 ? max : undefined;
}

/** Tools put the source into new targets: that is no translation. */
function isUntranslated(target: ContentElement, source: ContentElement): boolean {
  if (target.text !== source.text) return false;
  const state = states1[target.attribute('state') ?? ''];
  return state === undefined || state === 'new';
}
