/** Reader of XLIFF 2.0 to 2.2. Pure. */
import type { UnitState } from './segment.ts';
import type { Unit } from './units.ts';
import { isForTarget, type XliffContext } from './xliff.ts';
import { lineBefore } from './xliff1.ts';
import { ContentReader, type Content } from './xliffContent.ts';
import { withAttribute, type XmlEvents, type XmlTag } from './xml.ts';

interface Element {
  readonly tag: XmlTag;
  readonly content: Content;
  /** Between the tags, as it stands in the file. */
  readonly raw: string;
  readonly end: number;
}

interface OpenSegment {
  readonly tag: XmlTag;
  readonly key: string;
  source?: Element;
  target?: Element;
}

interface OpenUnit {
  readonly key: string;
  count: number;
  readonly notes: string[];
  readonly found: Unit[];
}

const states: Readonly<Record<string, UnitState>> = { initial: 'new', translated: 'translated', reviewed: 'translated', final: 'final' };

export class Xliff2Reader implements XmlEvents {
  readonly #context: XliffContext;
  readonly #path: string[] = [];
  readonly #translate: boolean[] = [true];
  #file = '';
  #unit: OpenUnit | undefined;
  #segment: OpenSegment | undefined;
  #reader: { readonly tag: XmlTag; readonly content: ContentReader } | undefined;
  #note: string | undefined;

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
    const parent = this.#path.at(-1);
    this.#path.push(tag.name);
    if (this.#reader !== undefined) {
      this.#reader.content.open(tag);
      return;
    }
    const { attributes } = tag;
    switch (tag.name) {
      case 'file': this.#file = attributes['id'] ?? ''; this.#scope(attributes['translate']); return;
      case 'group': this.#scope(attributes['translate']); return;
      case 'unit': this.#scope(attributes['translate']); this.#unit = { key: `${this.#file}/${attributes['id'] ?? ''}`, count: 0, notes: [], found: [] }; return;
      case 'segment': this.#openSegment(tag); return;
      case 'source': case 'target': if (parent === 'segment') this.#reader = { tag, content: new ContentReader(this.#context.text) }; return;
      case 'note': if (this.#unit !== undefined) this.#note = ''; return;
    }
  }

  text(text: string): void {
    if (this.#reader !== undefined) this.#reader.content.addText(text);
    else if (this.#note !== undefined) this.#note += text;
  }

  close(name: string, start: number, end: number): void {
    this.#path.pop();
    if (this.#reader !== undefined) {
      if (this.#path.at(-1) === 'segment') this.#closeContent(name, start, end);
      else this.#reader.content.close(start, end);
      return;
    }
    switch (name) {
      case 'file': case 'group': this.#translate.pop(); return;
      case 'unit': this.#closeUnit(); return;
      case 'segment': this.#closeSegment(); return;
      case 'note': this.#closeNote(); return;
    }
  }

  #scope(translate: string | undefined): void {
    this.#translate.push(translate === undefined ? this.#translate.at(-1) !== false : translate !== 'no');
  }

  #openSegment(tag: XmlTag): void {
    const unit = this.#unit;
    if (unit === undefined) return this.#context.fail(tag.start, 'a <segment> stands outside of a <unit>');
    unit.count++;
    this.#segment = { tag, key: `${unit.key}/${tag.attributes['id'] ?? `#${unit.count}`}` };
  }

  #closeContent(name: string, start: number, end: number): void {
    const [segment, reader] = [this.#segment, this.#reader];
    this.#reader = undefined;
    if (segment === undefined || reader === undefined) return;
    const element = { tag: reader.tag, content: reader.content.content, raw: this.#context.text.slice(reader.tag.end, start), end };
    if (name === 'source') segment.source = element;
    else segment.target = element;
  }

  #closeSegment(): void {
    const [segment, unit] = [this.#segment, this.#unit];
    this.#segment = undefined;
    if (segment?.source === undefined || unit === undefined || this.#translate.at(-1) !== true) return;
    unit.found.push(unitOf(this.#context.text, segment, segment.source));
  }

  #closeNote(): void {
    const note = (this.#note ?? '').trim();
    if (note !== '') this.#unit?.notes.push(note);
    this.#note = undefined;
  }

  /** Notes may follow the segments that they are about. */
  #closeUnit(): void {
    const unit = this.#unit;
    this.#translate.pop();
    this.#unit = undefined;
    if (unit === undefined) return;
    const note = unit.notes.length === 0 ? {} : { note: unit.notes.join('\n') };
    for (const found of unit.found) this.#context.units.push({ ...found, ...note });
  }
}

/** The slot is the whole `<segment>` up to its target's end, because the state stands in its first tag. */
function unitOf(text: string, { tag, key, target }: OpenSegment, source: Element): Unit {
  const state = tag.attributes['state'];
  const raw = text.slice(tag.start, tag.end);
  const head = states[state ?? ''] === 'final' ? raw : withAttribute(raw, 'state', 'reviewed');
  const place = target === undefined
    ? { end: source.end, between: text.slice(tag.end, source.end) + lineBefore(text, source.tag.start), open: '<target>' }
    : { end: target.end, between: text.slice(tag.end, target.tag.start), open: text.slice(target.tag.start, target.tag.end).replace(/\s*\/>$/u, '>') };
  return {
    ...source.content,
    key,
    range: { start: tag.start, end: place.end },
    before: head + place.between + place.open,
    after: '</target>',
    state: states[state ?? 'initial'] ?? 'new',
    ...(target === undefined || (state === undefined || state === 'initial') && target.content.text === source.content.text ? {} : { existing: target.content.text, existingRaw: target.raw }),
  };
}
