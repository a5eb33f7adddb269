/** Reader of XLIFF 2.0 to 2.2. Pure. */
import type { Unit } from './units.ts';
import { isForTarget, type XliffContext } from './xliff.ts';
import { ContentReader, type ContentElement } from './xliffContent.ts';
import { states2 } from './xliffStates.ts';
import { lineBefore, type XmlEvents, type XmlTag } from './xml.ts';

interface OpenSegment {
  readonly tag: XmlTag;
  readonly key: string;
  source: ContentElement | undefined;
  target: ContentElement | undefined;
}

interface OpenUnit {
  readonly key: string;
  count: number;
  notes: string | undefined;
  readonly found: OpenSegment[];
}

export class Xliff2Reader implements XmlEvents {
  readonly #context: XliffContext;
  readonly #path: string[] = [];
  readonly #translate: boolean[] = [true];
  #file = '';
  #unit: OpenUnit | undefined;
  #segment: OpenSegment | undefined;
  #reader: ContentReader | undefined;
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
      this.#reader.open(tag);
      return;
    }
    const { attributes } = tag;
    switch (tag.name) {
      case 'file': this.#file = attributes['id'] ?? ''; this.#scope(attributes['translate']); return;
      case 'group': this.#scope(attributes['translate']); return;
      case 'unit': this.#scope(attributes['translate']); this.#unit = { key: `${this.#file}/${attributes['id'] ?? ''}`, count: 0, notes: undefined, found: [] }; return;
      case 'segment': this.#openSegment(tag); return;
      case 'source': case 'target': if (parent === 'segment') this.#reader = new ContentReader(this.#context.text, tag); return;
      case 'note': if (this.#unit !== undefined) this.#note = ''; return;
    }
  }

  text(text: string): void {
    if (this.#reader !== undefined) this.#reader.addText(text);
    else if (this.#note !== undefined) this.#note += text;
  }

  close(name: string, start: number, end: number): void {
    this.#path.pop();
    if (this.#reader !== undefined) {
      if (this.#path.at(-1) === 'segment') this.#closeContent(name, start, end);
      else this.#reader.close(start, end);
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
    this.#segment = { tag, key: `${unit.key}/${tag.attributes['id'] ?? `#${unit.count}`}`, source: undefined, target: undefined };
  }

  #closeContent(name: string, start: number, end: number): void {
    const [segment, reader] = [this.#segment, this.#reader];
    this.#reader = undefined;
    if (segment === undefined || reader === undefined) return;
    const element = reader.finish(start, end);
    if (name === 'source') segment.source = element;
    else segment.target = element;
  }

  #closeSegment(): void {
    const [segment, unit] = [this.#segment, this.#unit];
    this.#segment = undefined;
    if (segment?.source === undefined || unit === undefined || this.#translate.at(-1) !== true) return;
    unit.found.push(segment);
  }

  #closeNote(): void {
    const note = (this.#note ?? '').trim();
    if (note !== '' && this.#unit !== undefined) this.#unit.notes = this.#unit.notes === undefined ? note : `${this.#unit.notes}\n${note}`;
    this.#note = undefined;
  }

  /** Notes may follow the segments that they are about. */
  #closeUnit(): void {
    const unit = this.#unit;
    this.#translate.pop();
    this.#unit = undefined;
    if (unit === undefined) return;
    for (const { tag, key, source, target } of unit.found) {
      if (source !== undefined) this.#context.add(unitOf(this.#context.text, { tag, key, source, target, note: unit.notes }));
    }
  }
}

interface WholeSegment extends OpenSegment {
  readonly source: ContentElement;
  readonly note: string | undefined;
}

/** The slot is the whole `<segment>` up to its target's end, because the state stands in its first tag. */
function unitOf(text: string, { tag, key, source, target, note }: WholeSegment): Unit {
  const state = tag.attributes['state'] ?? 'initial';
  const isTranslated = target !== undefined && (state !== 'initial' || target.text !== source.text);
  return {
    range: { start: tag.start, end: target?.end ?? source.end },
    key,
    text: source.text,
    codes: source.codes,
    kind: 'string',
    before: target === undefined ? `${text.slice(tag.start, source.end)}${lineBefore(text, source.start)}<target>` : text.slice(tag.start, target.from),
    after: '</target>',
    existing: isTranslated ? target.text : undefined,
    existingRaw: isTranslated ? text.slice(target.from, target.to) : undefined,
    state: states2[state] ?? 'new',
    note,
    style: 'segment',
  };
}
