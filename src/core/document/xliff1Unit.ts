/** One `<trans-unit>` of XLIFF 1.0 to 1.2. Pure. */
import type { TextRange } from './segment.ts';
import type { Unit } from './units.ts';
import type { XliffContext } from './xliff.ts';
import { partsOf } from './xliff1Parts.ts';
import { ContentElement } from './xliffContent.ts';
import { proposals1, type ProposalLanguages, type ProposalPlace } from './xliffProposals.ts';
import { contextLine, noteOf } from './xliffScopes.ts';
import { states1 } from './xliffStates.ts';
import { lineBefore, type XmlEvents, type XmlTag } from './xml.ts';

export interface TransUnitPlace extends Pick<XliffContext, 'text' | 'fail'> {
  /** Which `<file>` of the text it is in, from 1. */
  readonly file: number;
}

/** What all parts of a unit share. */
interface Common {
  readonly key: string;
  readonly kind: 'string';
  readonly state: Unit['state'];
  readonly note: string | undefined;
  readonly maxLength: number | undefined;
}

/** Takes in the events between its tags. */
export class TransUnit implements XmlEvents {
  readonly tag: XmlTag;
  readonly #place: TransUnitPlace;
  source: ContentElement | undefined;
  #segSource: ContentElement | undefined;
  #target: ContentElement | undefined;
  #content: ContentElement | undefined;
  #notes: string[] | undefined;
  #note: string | undefined;
  /** A line for each context-group, told only when the unit is read. */
  #contexts: string[][] | undefined;
  #context: { readonly tag: XmlTag; text: string } | undefined;
  #proposals: ProposalPlace[] | undefined;
  #proposal: XmlTag | undefined;
  #depth = 0;

  constructor(tag: XmlTag, place: TransUnitPlace) {
    this.tag = tag;
    this.#place = place;
  }

  /** True while an element inside of it is open. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** Sources and targets are read when somebody asks for them. */
  get skipsText(): boolean {
    return this.#note === undefined;
  }

  open(tag: XmlTag): void {
    if (this.#depth++ > 0) {
      if (this.#depth === 2 && tag.name === 'context' && this.#contexts !== undefined) this.#context = { tag, text: '' };
      return;
    }
    if (tag.name === 'context-group') (this.#contexts ??= []).push([]);
    else if (tag.name === 'note') this.#note = '';
    else if (tag.name === 'source' || tag.name === 'seg-source' || tag.name === 'target') this.#openContent(tag);
    else if (tag.name === 'alt-trans') this.#proposal = tag;
  }

  text(text: string): void {
    if (this.#note !== undefined) this.#note += text;
    else if (this.#context !== undefined) this.#context.text += text;
  }

  close(name: string, start: number, end: number): void {
    if (--this.#depth > 0) {
      if (this.#depth === 1 && this.#context !== undefined) this.#closeContext(this.#context);
      return;
    }
    if (this.#note !== undefined) this.#closeNote();
    else if (this.#content !== undefined) this.#closeContent(this.#content.finish(start, end), name);
    else if (this.#proposal !== undefined) this.#closeProposal(this.#proposal, start);
  }

  #openContent(tag: XmlTag): void {
    const { name, start } = tag;
    const { text, fail } = this.#place;
    if (name !== 'source' && this.source === undefined) fail(start, `<${name}> comes before <source>, or there is no <source>`);
    const again = name === 'source' ? this.source : name === 'target' ? this.#target : this.#segSource;
    if (again !== undefined) fail(start, `a <trans-unit> has a second <${name}>`);
    this.#content = new ContentElement(text, tag);
  }

  #closeContent(content: ContentElement, name: string): void {
    this.#content = undefined;
    if (name === 'source') this.source = content;
    else if (name === 'target') this.#target = content;
    else this.#segSource = content;
  }

  #closeContext({ tag, text }: { readonly tag: XmlTag; readonly text: string }): void {
    this.#context = undefined;
    if (text.trim() !== '') this.#contexts?.at(-1)?.push(contextLine(tag, text));
  }

  #closeNote(): void {
    const note = (this.#note ?? '').trim();
    if (note !== '') (this.#notes ??= []).push(note);
    this.#note = undefined;
  }

  #closeProposal(tag: XmlTag, to: number): void {
    this.#proposal = undefined;
    if (!tag.selfClosing) (this.#proposals ??= []).push({ tag, to });
  }

  get slot(): TextRange {
    const [source, target, cut] = [this.source, this.#target, this.#segSource];
    const isBehind = cut !== undefined && (target === undefined || cut.end <= target.start);
    const start = (isBehind ? cut : source)?.end ?? 0;
    return { start, end: target?.end ?? start };
  }

  /** As `ContentElement.startsWithLetter`, of what is translated. */
  get startsWithLetter(): boolean {
    return this.#translated?.startsWithLetter === true;
  }

  /** The text where it is one: with the marks of `seg-source` only where the target has some. */
  get #translated(): ContentElement | undefined {
    return this.#segSource !== undefined && this.#target !== undefined && this.#target.marked.length > 0 ? this.#segSource : this.source;
  }

  /** What its part with this index says, or all of it where it has none, with what the file proposes there. */
  read(index: number, languages: ProposalLanguages): Unit {
    const part = this.parts()?.[index];
    const { mid, unit } = part ?? { mid: undefined, unit: this.whole() };
    if (this.#proposals === undefined) return unit;
    const isCut = part === undefined && (this.#translated?.marked.length ?? 0) > 0;
    return { ...unit, matches: proposals1(this.#proposals, { text: this.#place.text, mid, isCut, languages }) };
  }

  whole(): Unit {
    const { text } = this.#place;
    const [source, target, range] = [this.source, this.#target, this.slot];
    const isTranslated = target !== undefined && !this.#isUntranslated;
    const { key, kind, state, note, maxLength } = this.#common;
    return {
      range,
      key,
      text: this.#translated?.text ?? '',
      codes: this.#translated?.codes ?? [],
      kind,
      before: target === undefined ? `${lineBefore(text, source?.start ?? range.start)}<target>` : text.slice(range.start, target.from),
      after: '</target>',
      existing: isTranslated ? target.text : undefined,
      existingRaw: isTranslated ? text.slice(target.from, target.to) : undefined,
      state,
      note,
      maxLength,
      style: 'target',
    };
  }

  /** A unit that `seg-source` cuts: each segment is translated in its own place, and all have one target with one state. */
  parts(): readonly { readonly mid: string; readonly unit: Unit }[] | undefined {
    const [source, segSource, target] = [this.source, this.#segSource, this.#target];
    if (source === undefined || segSource === undefined || segSource.marked.length === 0) return undefined;
    const { text: file } = this.#place;
    const parts = partsOf({ text: file, source, segSource, target, slot: this.slot, isUntranslated: this.#isUntranslated });
    if (parts === undefined) return undefined;
    const common = this.#common;
    return parts.map(({ mid, range, frame, text, codes, there }) => {
      const isTranslated = there !== undefined && (there.text !== text || !this.#isNew);
      const existing = isTranslated ? { existing: there.text, existingRaw: file.slice(range.start, range.end) } : {};
      return { mid, unit: { ...common, range, text, codes, frame, key: `${common.key}/${mid}`, ...existing } };
    });
  }

  get #common(): Common {
    const { attributes } = this.tag;
    const max = attributes['size-unit'] === 'char' ? Number(attributes['maxwidth']) : Number.NaN;
    return {
      key: `${this.#place.file}/${attributes['id'] ?? ''}`,
      kind: 'string',
      state: attributes['approved'] === 'yes' ? 'final' : this.#targetState,
      note: this.#wholeNote,
      maxLength: Number.isInteger(max) && max > 0 ? max : undefined,
    };
  }

  get #wholeNote(): string | undefined {
    const { id, resname } = this.tag.attributes;
    const name = resname === undefined || resname === id ? undefined : `resname: ${resname}`;
    return noteOf(...this.#notes ?? [], name, ...(this.#contexts ?? []).map((lines) => lines.join(', ')));
  }

  get #targetState(): Unit['state'] {
    return states1[this.#target?.attribute('state') ?? ''];
  }

  /** Tools put the source into new targets: that is no translation. */
  get #isUntranslated(): boolean {
    return this.#target?.text === this.source?.text && this.#isNew;
  }

  get #isNew(): boolean {
    return this.#targetState === undefined || this.#targetState === 'new';
  }
}
