/** One `<unit>` of XLIFF 2.0 to 2.2. Pure. */
import type { TextRange } from './segment.ts';
import type { Unit } from './units.ts';
import { ContentElement } from './xliffContent.ts';
import { proposals2, type ProposalLanguages, type ProposalPlace } from './xliffProposals.ts';
import { noteOf } from './xliffScopes.ts';
import { states2 } from './xliffStates.ts';
import { lineBefore, type XmlEvents, type XmlTag } from './xml.ts';

interface OpenSegment {
  readonly tag: XmlTag;
  readonly number: number;
  source: ContentElement | undefined;
  target: ContentElement | undefined;
}

interface WholeSegment extends OpenSegment {
  readonly source: ContentElement;
}

/** Takes in the events between its tags. */
export class Unit2 implements XmlEvents {
  readonly tag: XmlTag;
  readonly #key: string;
  readonly #text: string;
  /** Names of the elements that are open inside of it. */
  readonly #path: string[] = [];
  readonly #found: WholeSegment[] = [];
  #count = 0;
  #notes: string | undefined;
  #note: string | undefined;
  #segment: OpenSegment | undefined;
  #content: ContentElement | undefined;
  #proposals: ProposalPlace[] | undefined;
  #proposal: XmlTag | undefined;

  /** @param key of the unit in its text */
  constructor(tag: XmlTag, key: string, text: string) {
    this.tag = tag;
    this.#key = key;
    this.#text = text;
  }

  /** True while an element inside of it is open. */
  get isOpen(): boolean {
    return this.#path.length > 0;
  }

  open(tag: XmlTag): void {
    const parent = this.#path.at(-1);
    this.#path.push(tag.name);
    if (this.#content !== undefined) return;
    if (tag.name === 'segment') this.#segment = { tag, number: ++this.#count, source: undefined, target: undefined };
    else if (parent === 'segment' && (tag.name === 'source' || tag.name === 'target')) this.#content = new ContentElement(this.#text, tag);
    else if (tag.name === 'note') this.#note = '';
    else if (isMatch(tag.name, parent)) this.#proposal = tag;
  }

  text(text: string): void {
    if (this.#note !== undefined) this.#note += text;
  }

  close(name: string, start: number, end: number): void {
    this.#path.pop();
    if (this.#content !== undefined) {
      if (this.#path.at(-1) === 'segment') this.#closeContent(this.#content.finish(start, end), name);
    } else if (name === 'segment') this.#closeSegment();
    else if (name === 'note') this.#closeNote();
    else if (this.#proposal !== undefined && isMatch(name, this.#path.at(-1))) this.#closeProposal(this.#proposal, start);
  }

  #closeContent(content: ContentElement, name: string): void {
    this.#content = undefined;
    if (this.#segment === undefined) return;
    if (name === 'source') this.#segment.source = content;
    else this.#segment.target = content;
  }

  #closeSegment(): void {
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment !== undefined && hasSource(segment)) this.#found.push(segment);
  }

  #closeNote(): void {
    const note = (this.#note ?? '').trim();
    if (note !== '') this.#notes = this.#notes === undefined ? note : `${this.#notes}\n${note}`;
    this.#note = undefined;
  }

  #closeProposal(tag: XmlTag, to: number): void {
    this.#proposal = undefined;
    if (!tag.selfClosing) (this.#proposals ??= []).push({ tag, to });
  }

  /** The slots of its segments, in order. */
  places(): readonly { readonly range: TextRange; readonly startsWithLetter: boolean }[] {
    return this.#found.map((segment) => ({ range: slotOf(segment), startsWithLetter: segment.source.startsWithLetter }));
  }

  /** What its segment with this index says, with what the file proposes there. Notes may stand behind the segments that they are about. */
  part(index: number, languages: ProposalLanguages): Unit {
    const segment = this.#found[index];
    if (segment === undefined) throw new RangeError(`a <unit> has no segment ${index}`);
    const { tag: { start, attributes }, number, source, target } = segment;
    const text = this.#text;
    const { name } = this.tag.attributes;
    const state = attributes['state'] ?? 'initial';
    const isTranslated = target !== undefined && (state !== 'initial' || target.text !== source.text);
    return {
      range: slotOf(segment),
      key: `${this.#key}/${attributes['id'] ?? `#${number}`}`,
      text: source.text,
      codes: source.codes,
      kind: 'string',
      before: target === undefined ? `${text.slice(start, source.end)}${lineBefore(text, source.start)}<target>` : text.slice(start, target.from),
      after: '</target>',
      existing: isTranslated ? target.text : undefined,
      existingRaw: isTranslated ? text.slice(target.from, target.to) : undefined,
      state: states2[state] ?? 'new',
      note: noteOf(this.#notes, name === undefined ? undefined : `name: ${name}`),
      matches: this.#proposals && proposals2(this.#proposals, { text, id: attributes['id'], source, languages }),
      style: 'segment',
    };
  }
}

/** In the matches module, whatever its prefix. */
function isMatch(name: string, parent: string | undefined): boolean {
  return parent !== undefined && /^(?:[^:]+:)?match$/u.test(name) && parent === `${name}es`;
}

function hasSource(segment: OpenSegment): segment is WholeSegment {
  return segment.source !== undefined;
}

/** The whole `<segment>` up to its target's end, because the state stands in its first tag. */
function slotOf({ tag, source, target }: WholeSegment): TextRange {
  return { start: tag.start, end: (target ?? source).end };
}
