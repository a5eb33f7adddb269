import { insertionOf } from '../../core/document/insertion.ts';
import { rawText } from '../../core/document/messageParts.ts';
import { composeTarget, locateSegments, spliceText, type ComposedTarget, type LocatedText } from '../../core/document/target.ts';
import { alignByKeys, alignText, type Revision } from '../../core/document/revision.ts';
import { byKey, isKeyed, textIn, translationIn } from '../../core/document/unitTarget.ts';
import { reframe } from '../../core/document/units.ts';
import type { ParsedDocument, Segment, Standing, TextRange } from '../../core/document/segment.ts';
import type { AcceptedText, WriteOutcome } from '../../protocol/documents.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { parseTarget, type OpenedDocument } from '../openDocument.ts';
import type { TargetFile } from '../targetFile.ts';
import { applied, editBetween, type Edit } from './edits.ts';
import { readValue } from './target.ts';
import { standingsOf, withTexts, type Written } from './written.ts';

/** Where a segment's text stands in the target file now. */
export interface Located {
  readonly range: TextRange;
  /** As the file spells it. */
  readonly text: string;
  /** As a person reads it: to be asked for where it is needed, as the first answer may take a parse of the file. */
  read(): string;
  /** As the file is to spell it when it is accepted as it is: in a bilingual file with the state of an accepted text. */
  accepted(): string;
}

/** A text that is read as it is spelled. A long document has hundreds of thousands of these: no closures. */
class RunningText implements Located {
  constructor(readonly range: TextRange, readonly text: string) {}

  read(): string {
    return this.text;
  }

  accepted(): string {
    return this.text;
  }
}

export interface TargetTextParts {
  readonly document: OpenedDocument;
  readonly languages: LanguagePair;
  readonly file: TargetFile;
  /** What the file is expected to hold: our own writes, and foreign text that was taken over. */
  readonly texts: ReadonlyMap<string, string>;
  /** What was accepted before, with who answers for it. */
  readonly accepted: ReadonlyMap<string, Pick<AcceptedText, 'standing'>>;
}

/** True where translations go into the very file that holds the sources. */
export function isInPlace({ codec, key }: Pick<OpenedDocument, 'codec' | 'key'>, target: Pick<TargetFile, 'path'>): boolean {
  return codec.bilingual === true && target.path === key;
}

/**
 * The text of the target file, segment by segment: what we put there, what stands there now, and the smallest edit that
 * puts another text in one segment's place. It knows nothing of judgments. Running text and files that are edited in place
 * are found again by position; a resource file of its own is found by its keys, in whatever order it has them.
 */
export class TargetText {
  readonly #document: ParsedDocument;
  readonly #parts: TargetTextParts;
  readonly inPlace: boolean;
  readonly #hasKeys: boolean;
  readonly #places: ReadonlyMap<string, number>;
  #written: Written;
  /** Of the text that was parsed last: a large file is not parsed twice between two edits. */
  #parsed: ParsedDocument | undefined;
  /** Of the texts that were composed last: those that stand in the file are asked for again and again. */
  #composed: { readonly of: Written; readonly target: ComposedTarget } | undefined;

  constructor(parts: TargetTextParts) {
    this.#parts = parts;
    this.#document = parts.document.parsed;
    this.inPlace = isInPlace(parts.document, parts.file);
    this.#hasKeys = isKeyed(this.#document);
    this.#places = new Map(this.#document.segments.map(({ id }, index) => [id, index]));
    this.#written = { texts: parts.texts, given: new Map(), before: new Map([...parts.accepted].map(([id, { standing }]) => [id, standing])) };
    if (this.inPlace) this.#parsed = this.#document;
  }

  /** Whether a text of the file is what we have made of it, byte for byte. */
  isOurs(text: string): boolean {
    return this.#compose(this.#written).text === text;
  }

  /** Encoded texts by segment, as they are expected in the file. */
  get texts(): ReadonlyMap<string, string> {
    return this.#written.texts;
  }

  /** Who answers for the text in a segment's place, as far as anybody told. */
  standingOf(segment: string): Standing {
    const { given, before } = this.#written;
    return given.get(segment) ?? before.get(segment) ?? 'accepted';
  }

  /** Each segment's text in the file as it is now; undefined when there is no file. @throws AppError `document.syntax` */
  async locate(): Promise<ReadonlyMap<string, Located> | undefined> {
    const actual = await this.#parts.file.read();
    return actual === undefined ? undefined : this.#locateIn(actual);
  }

  /** What stands in a segment's place where nothing is translated. */
  sourceTextOf(segment: string): string | undefined {
    const found = this.#segment(segment);
    return found === undefined ? undefined : rawText(this.#document, found);
  }

  /** Whether a source stands there as it stands in the source file: no reading of it could find a translation. */
  isUntouched(segment: string, { text }: Located): boolean {
    return this.#parts.document.codec.bilingual !== true && text === this.sourceTextOf(segment);
  }

  /** What a located text is as a translation, as people read it: not a source that stands there untranslated. */
  translationOf(segment: string, located: Located): string | undefined {
    const read = located.read();
    if (read.trim() === '') return undefined;
    const untranslated = this.#parts.document.codec.bilingual !== true && read === this.#segment(segment)?.source;
    return untranslated ? undefined : read;
  }

  /**
   * Puts texts (encoded) in their segments' places by one write, a segment's source back where the text is undefined; makes the
   * file if need be. Cost: a parse a value that a resource file lacks, else linear.
   * @param standings who answers for each; nobody for one that is put back
   * @param check `parses`: nothing is written where the file would no longer parse, as with texts of an earlier reading of it
   */
  async put(texts: ReadonlyMap<string, string | undefined>, standings: ReadonlyMap<string, Standing | undefined>, check: 'parses' | 'unseen' = 'unseen'): Promise<WriteOutcome> {
    const next = withTexts(this.#written, texts, standings);
    const actual = await this.#parts.file.read();
    if (actual === undefined && [...texts.values()].every((text) => text === undefined)) return { kind: 'written' };
    if (actual === undefined) {
      const outcome = await this.#parts.file.create(this.#compose(next).text);
      this.#written = next;
      return outcome;
    }
    const after = this.#hasKeys && !this.inPlace ? this.#withValues(actual, texts, next) : applied(actual, this.#edits([...texts.keys()], actual, next));
    if (check === 'parses' && after !== actual) this.#parse(after);
    const edit = editBetween(actual, after);
    const outcome = await (edit === undefined ? this.#parts.file.settle(actual) : this.#parts.file.replace(actual, edit.range, edit.text));
    this.#written = next;
    return outcome;
  }

  /** What a file that somebody returned says of each segment, beside what the target holds now. @throws AppError `document.syntax` */
  async revised(text: string, path: string): Promise<Revision> {
    const { document: opened, languages, file } = this.#parts;
    const { codec, parsed: document } = opened;
    const actual = await file.read();
    if (this.#hasKeys) {
      const returned = parseTarget(opened, text, { path, languages });
      return alignByKeys({ document, returned, bilingual: codec.bilingual === true, current: this.inPlace || actual === undefined ? undefined : this.#parse(actual) });
    }
    const located = actual === undefined ? undefined : this.#locateIn(actual);
    const expected = new Map(document.segments.map(({ id }) => [id, located?.get(id)?.text ?? this.sourceTextOf(id) ?? '']));
    return alignText({ document, expected, returned: codec.parse(text, { path, sourceLanguage: languages.target }) });
  }

  /** Puts back what a save participant changed. */
  restore(text: string): Promise<void> {
    return this.#parts.file.restore(text);
  }

  /** Writes the whole file as composed, over whatever it holds. */
  async rewrite(): Promise<WriteOutcome> {
    const { text } = this.#compose(this.#written);
    const actual = await this.#parts.file.read();
    if (actual === undefined) return this.#parts.file.create(text);
    if (actual === text) return { kind: 'written' };
    return this.#parts.file.replace(actual, { start: 0, end: actual.length }, text);
  }

  #segment(id: string): Segment | undefined {
    return this.#document.segments[this.#places.get(id) ?? -1];
  }

  #compose(written: Written): ComposedTarget {
    if (this.#composed?.of !== written) this.#composed = { of: written, target: composeTarget(this.#document, written.texts, this.#parts.languages.target, standingsOf(written)) };
    return this.#composed.target;
  }

  #parse(text: string): ParsedDocument {
    const { document, languages, file } = this.#parts;
    if (this.#parsed?.text !== text) this.#parsed = parseTarget(document, text, { path: file.path, languages });
    return this.#parsed;
  }

  #locateIn(actual: string): ReadonlyMap<string, Located> {
    if (!this.#hasKeys) return this.#byPosition(actual, ({ range, text }) => new RunningText(range, text));
    if (!this.inPlace) return this.#byKeys(actual);
    let readings: ReadonlyMap<string, Located> | undefined;
    const reading = (id: string): Located | undefined => {
      readings ??= this.#byKeys(actual);
      return readings.get(id);
    };
    return this.#byPosition(actual, (there, id) => ({ ...there, read: () => reading(id)?.read() ?? '', accepted: () => this.#acceptedAsParsed(there.text, id) ?? reading(id)?.accepted() ?? there.text }));
  }

  /** Of a place that nobody has touched since the document was parsed: it need not be parsed again. */
  #acceptedAsParsed(text: string, id: string): string | undefined {
    const here = this.#segment(id);
    const existing = here?.unit?.existing;
    return here === undefined || existing === undefined || text !== this.sourceTextOf(id) ? undefined : this.#parts.document.codec.encode(existing, here);
  }

  #byKeys(actual: string): ReadonlyMap<string, Located> {
    const parsed = this.#parse(actual);
    const there = byKey(parsed);
    const { codec } = this.#parts.document;
    const bilingual = codec.bilingual === true;
    return new Map(this.#document.segments.flatMap((segment) => {
      const found = there.get(segment.unit?.key ?? '');
      if (found === undefined) return [];
      const text = textIn(parsed, found, segment);
      const accepted = (): string => (bilingual ? reframe(codec.encode(translationIn(found, bilingual), found), found, segment) : text);
      return [[segment.id, { range: found.range, text, read: (): string => readValue(translationIn(found, bilingual)), accepted }] as const];
    }));
  }

  #byPosition(actual: string, as: (there: LocatedText, id: string) => Located): ReadonlyMap<string, Located> {
    const found = new Map<string, Located>();
    for (const [id, there] of locateSegments(this.#compose(this.#written), actual)) if (this.#places.has(id)) found.set(id, as(there, id));
    return found;
  }

  /** A resource file with values by their keys; those that it lacks come in one after the other, each beside its neighbour. */
  #withValues(actual: string, texts: ReadonlyMap<string, string | undefined>, written: Written): string {
    const { given, before } = written;
    const parsed = this.#parse(actual);
    const there = byKey(parsed);
    const segments = this.#document.segments.filter(({ id }) => texts.has(id));
    const encoded = (segment: Segment): string => texts.get(segment.id) ?? rawText(this.#document, segment);
    const ours = new Map<string, string>();
    const values = new Map<string, string>();
    for (const segment of this.#document.segments) {
      const found = there.get(segment.unit?.key ?? '');
      if (found === undefined) continue;
      ours.set(found.id, segment.id);
      if (texts.has(segment.id)) values.set(found.id, reframe(encoded(segment), segment, found));
    }
    const { text: filled } = composeTarget(parsed, values, this.#parts.languages.target, {
      given: (id) => (values.has(id) ? given.get(ours.get(id) ?? '') : undefined),
      before: (id) => given.get(ours.get(id) ?? '') ?? before.get(ours.get(id) ?? ''),
    });
    const [first, ...lacking] = segments.filter(({ id, unit }) => texts.get(id) !== undefined && !there.has(unit?.key ?? ''));
    if (first === undefined) return filled;
    const { range, text: entry } = insertionOf(first, encoded(first), this.#document, { parsed: this.#parse(filled), path: this.#parts.file.path });
    const next = spliceText(filled, range, entry);
    // What came in may hold others: a list, the branches of a message.
    return lacking.length === 0 ? next : this.#withValues(next, new Map(lacking.map(({ id }) => [id, texts.get(id)])), written);
  }

  #edits(segments: readonly string[], actual: string, next: Written): readonly Edit[] {
    const before = this.#compose(this.#written); // first: what was composed last is kept
    const after = this.#compose(next);
    const located = before.text === actual ? undefined : locateSegments(before, actual);
    return withFrames(segments, before, after).flatMap((segment) => {
      const at = located === undefined ? before.ranges.get(segment) : located.get(segment)?.range;
      const wanted = after.ranges.get(segment);
      if (at === undefined || wanted === undefined) return [];
      const gapBefore = this.#gapAfter(before, segment);
      const gapStands = actual.startsWith(gapBefore, at.end);
      const text = after.text.slice(wanted.start, wanted.end) + (gapStands ? this.#gapAfter(after, segment) : '');
      return [{ range: { start: at.start, end: at.end + (gapStands ? gapBefore.length : 0) }, text }];
    });
  }

  /** The composed text between a segment and the next one of its block; '' at a block's end. */
  #gapAfter(composed: ComposedTarget, segment: string): string {
    const index = this.#places.get(segment) ?? -1;
    const here = this.#document.segments[index];
    const next = this.#document.segments[index + 1];
    const from = composed.ranges.get(segment);
    if (here === undefined || next === undefined || from === undefined || next.block !== here.block) return '';
    const to = composed.ranges.get(next.id);
    return to === undefined ? '' : composed.text.slice(from.end, to.start);
  }
}

/** The segments, each with those pieces of its frame that are not what they were, in the order in which they stand. */
function withFrames(segments: readonly string[], before: ComposedTarget, after: ComposedTarget): readonly string[] {
  const wanted = new Set(segments);
  const textOf = ({ text, ranges }: ComposedTarget, name: string): string => text.slice(ranges.get(name)?.start, ranges.get(name)?.end);
  const names = segments.flatMap((segment) => after.framed.get(segment) ?? [segment]);
  return [...new Set(names)].filter((name) => wanted.has(name) || textOf(before, name) !== textOf(after, name));
}
