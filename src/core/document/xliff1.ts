/** Reader of XLIFF 1.0 to 1.2. Pure. */
import type { UnitState } from './segment.ts';
import type { Unit } from './units.ts';
import { isForTarget, type XliffContext } from './xliff.ts';
import { ContentReader, innerContent, type Content } from './xliffContent.ts';
import { withAttribute, type XmlEvents, type XmlTag } from './xml.ts';

interface Element {
  readonly tag: XmlTag;
  readonly content: Content;
  readonly closeStart: number;
  readonly end: number;
}

interface OpenUnit {
  readonly tag: XmlTag;
  readonly key: string;
  source?: Element;
  segSource?: Element;
  target?: Element;
  notes: string[];
}

const states: Readonly<Record<string, UnitState>> = {
  new: 'new', 'needs-translation': 'new', 'needs-adaptation': 'needsReview', 'needs-l10n': 'needsReview', 'needs-review-adaptation': 'needsReview',
  'needs-review-l10n': 'needsReview', 'needs-review-translation': 'needsReview', translated: 'translated', final: 'final', 'signed-off': 'final',
};

const contents = new Set(['source', 'seg-source', 'target']);

export class Xliff1Reader implements XmlEvents {
  readonly #context: XliffContext;
  readonly #path: string[] = [];
  readonly #translate: boolean[] = [true];
  #file = { index: 0, forTarget: true, ids: new Set<string>() };
  #unit: OpenUnit | undefined;
  #reader: { readonly tag: XmlTag; readonly content: ContentReader } | undefined;
  #note: string | undefined;

  constructor(context: XliffContext) {
    this.#context = context;
  }

  open(tag: XmlTag): void {
    const parent = this.#path.at(-1);
    this.#path.push(tag.name);
    if (this.#reader !== undefined) {
      this.#reader.content.open(tag);
      return;
    }
    if (tag.name === 'file') this.#openFile(tag);
    if (tag.name === 'file' || tag.name === 'group') this.#translate.push(tag.attributes['translate'] !== 'no' && this.#translate.at(-1) !== false);
    if (tag.name === 'trans-unit') this.#openUnit(tag);
    if (parent === 'trans-unit' && contents.has(tag.name)) this.#openContent(tag);
    if (parent === 'trans-unit' && tag.name === 'note') this.#note = '';
  }

  text(text: string): void {
    if (this.#reader !== undefined) this.#reader.content.addText(text);
    else if (this.#note !== undefined) this.#note += text;
  }

  close(name: string, start: number, end: number): void {
    this.#path.pop();
    const { units } = this.#context;
    if (this.#reader !== undefined && this.#path.at(-1) !== 'trans-unit') this.#reader.content.close(start, end);
    else if (this.#reader !== undefined) this.#closeContent(name, start, end);
    else if (this.#note !== undefined && name === 'note') this.#closeNote();
    else if (name === 'file' || name === 'group') this.#translate.pop();
    else if (name === 'trans-unit' && this.#unit !== undefined) {
      if (this.#isWanted(this.#unit)) units.push(...unitsOf(this.#unit, this.#context));
      this.#unit = undefined;
    }
  }

  #openFile(tag: XmlTag): void {
    this.#file = { index: this.#file.index + 1, forTarget: isForTarget(tag.attributes['target-language'], this.#context.options), ids: new Set() };
    for (const name of ['original', 'source-language', 'datatype']) {
      if (tag.attributes[name] === undefined && name === 'source-language') this.#context.fail(tag.start, `<file> has no ${name}`);
    }
  }

  #openUnit(tag: XmlTag): void {
    const { id } = tag.attributes;
    if (id === undefined) return this.#context.fail(tag.start, 'a <trans-unit> has no id');
    if (this.#file.ids.has(id)) return this.#context.fail(tag.start, `the id "${id}" of a <trans-unit> occurs twice in its <file>`);
    this.#file.ids.add(id);
    this.#unit = { tag, key: `${this.#file.index}/${id}`, notes: [] };
  }

  #openContent(tag: XmlTag): void {
    const unit = this.#unit;
    if (unit === undefined) return;
    if (tag.name !== 'source' && unit.source === undefined) this.#context.fail(tag.start, `<${tag.name}> comes before <source>, or there is no <source>`);
    const again = tag.name === 'source' ? unit.source : tag.name === 'target' ? unit.target : unit.segSource;
    if (again !== undefined) this.#context.fail(tag.start, `a <trans-unit> has a second <${tag.name}>`);
    this.#reader = { tag, content: new ContentReader(this.#context.text) };
  }

  #closeContent(name: string, start: number, end: number): void {
    const [unit, reader] = [this.#unit, this.#reader];
    this.#reader = undefined;
    if (unit === undefined || reader === undefined) return;
    const element: Element = { tag: reader.tag, content: reader.content.content, closeStart: start, end };
    if (name === 'source') unit.source = element;
    else if (name === 'target') unit.target = element;
    else unit.segSource = element;
  }

  #closeNote(): void {
    const note = (this.#note ?? '').trim();
    if (note !== '') this.#unit?.notes.push(note);
    this.#note = undefined;
  }

  #isWanted(unit: OpenUnit): boolean {
    if (unit.source === undefined) return this.#context.fail(unit.tag.start, `the <trans-unit> "${unit.key.replace(/^\d+\//u, '')}" has no <source>`);
    return this.#file.forTarget && this.#translate.at(-1) === true && unit.tag.attributes['translate'] !== 'no';
  }
}

function unitsOf(unit: OpenUnit, { text }: XliffContext): readonly Unit[] {
  const { source, segSource, target } = unit;
  if (source === undefined) return [];
  const split = segSource === undefined || target === undefined ? [] : splitUnits(unit, segSource, target);
  if (split.length > 0) return split;
  const { content } = segSource ?? source;
  const { end } = segSource ?? source;
  const place = target === undefined
    ? { range: { start: end, end }, before: `${lineBefore(text, source.tag.start)}<target state="translated">`, after: '</target>' }
    : { range: { start: end, end: target.end }, before: text.slice(end, target.tag.start) + targetTag(text, target.tag), after: '</target>' };
  const existing = target === undefined || isUntranslated(target, source) ? {} : { existing: target.content.text, existingRaw: text.slice(target.tag.end, target.closeStart) };
  return [{ ...place, ...content, ...about(unit), ...existing, key: unit.key }];
}

/** A unit whose source and target are both cut into marked segments: each is translated in its own place. */
function splitUnits(unit: OpenUnit, segSource: Element, target: Element): readonly Unit[] {
  const places = new Map(target.content.marked.map((mark) => [mark.mid, mark]));
  if (segSource.content.marked.length === 0 || segSource.content.marked.some(({ mid }) => !places.has(mid))) return [];
  return segSource.content.marked.flatMap(({ mid, inner }): readonly Unit[] => {
    const place = places.get(mid);
    if (place === undefined) return [];
    const existing = innerContent(target.content, place.inner).text;
    const { text, codes } = innerContent(segSource.content, inner);
    return [{ range: place.range, text, codes, ...about(unit), key: `${unit.key}/${mid}`, ...(existing === text ? {} : { existing }) }];
  });
}

function about({ tag, target, notes }: OpenUnit): Partial<Unit> {
  const state = tag.attributes['approved'] === 'yes' ? 'final' : states[target?.tag.attributes['state'] ?? ''];
  const max = tag.attributes['size-unit'] === 'char' ? Number(tag.attributes['maxwidth']) : Number.NaN;
  return {
    kind: 'string',
    ...(state === undefined ? {} : { state }),
    ...(notes.length === 0 ? {} : { note: notes.join('\n') }),
    ...(Number.isInteger(max) && max > 0 ? { maxLength: max } : {}),
  };
}

/** Tools put the source into new targets: that is no translation. */
function isUntranslated(target: Element, source: Element): boolean {
  const state = states[target.tag.attributes['state'] ?? ''];
  return target.content.text === source.content.text && (state === undefined || state === 'new');
}

function targetTag(text: string, tag: XmlTag): string {
  const raw = text.slice(tag.start, tag.end).replace(/\s*\/>$/u, '>');
  return states[tag.attributes['state'] ?? ''] === 'final' ? raw : withAttribute(raw, 'state', 'translated');
}

/** The line break and indent in front of a tag, to put another one on a line of its own; '' where there is none. */
export function lineBefore(text: string, offset: number): string {
  return /(?:\r\n|\n|\r)[ \t]*$/u.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? '';
}
