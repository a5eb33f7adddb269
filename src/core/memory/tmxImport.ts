/** TMX 1.4b as a stream: units as they come, whatever the file's size. Pure. */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { AppError } from '../errors.ts';

export interface TmxVariantText {
  /** As the file spells it. */
  readonly language: string;
  readonly text: string;
  /** Who changed it last, else who made it, as the file says of it or of its unit. */
  readonly by?: string;
  /** When: ISO 8601, UTC. */
  readonly at?: string;
}

export interface TmxRow {
  readonly variants: readonly TmxVariantText[];
  /** Its place, where a tool has noted it: a key, the sources of its neighbours, or (written by Interlinear) their hashes. */
  readonly place: Readonly<Partial<Record<PlaceProperty, string>>>;
}

export type PlaceProperty = 'key' | 'previous' | 'next' | 'previousHash' | 'nextHash';

/** Names that OmegaT, memoQ and Interlinear give these properties. */
const propertyNames: Readonly<Record<string, PlaceProperty>> = {
  'key': 'key', 'id': 'key', 'x-segment-id': 'key', 'prev': 'previous', 'x-context-pre': 'previous', 'next': 'next', 'x-context-post': 'next',
  'x-interlinear-previous': 'previousHash', 'x-interlinear-next': 'nextHash',
};

/** Elements inside a `seg` whose content is translated text; of all others the content is code. */
const running = new Set(['hi', 'sub']);

/**
 * Feed it the file piece by piece. An inline element with content becomes that content (`<ph>{0}</ph>` is `{0}`), one without
 * becomes its tag. Entity declarations are refused.
 */
export class TmxImport {
  readonly #path: string;
  readonly #onRow: (row: TmxRow) => void;
  readonly #parser = new SaxesParser({ xmlns: false, position: true });
  readonly #open: string[] = [];
  #sourceLanguage: string | undefined;
  #row: { readonly variants: TmxVariantText[]; readonly place: Partial<Record<PlaceProperty, string>> } = { variants: [], place: {} };
  #language = '';
  #madeUnit: Made = {};
  #made: Made = {};
  #text: string | undefined;
  #property: { readonly name: PlaceProperty; text: string } | undefined;

  /** @param path named in errors */
  constructor(path: string, onRow: (row: TmxRow) => void) {
    this.#path = path;
    this.#onRow = onRow;
    this.#parser.on('error', (error) => { throw error instanceof AppError ? error : this.#error(error.message.replace(/^\d+:\d+: /u, '')); });
    this.#parser.on('doctype', (content) => {
      if (content.includes('<!ENTITY')) throw this.#error('the file declares an XML entity, and entities are refused');
    });
    this.#parser.on('opentag', (tag) => { this.#opened(tag); });
    this.#parser.on('closetag', ({ name }) => { this.#closed(name); });
    for (const event of ['text', 'cdata'] as const) this.#parser.on(event, (text) => { this.#said(text); });
  }

  /** `srclang` of the header; undefined for `*all*`. */
  get sourceLanguage(): string | undefined {
    return this.#sourceLanguage;
  }

  /** @throws AppError `document.syntax` with line and column */
  write(piece: string): void {
    this.#parser.write(piece);
  }

  /** @throws AppError `document.syntax` for a file that ends too early */
  end(): void {
    this.#parser.close();
  }

  #opened({ name, attributes, isSelfClosing }: SaxesTagPlain): void {
    if (this.#open.length === 0 && name !== 'tmx') throw this.#error(`the root element is <${name}>, not <tmx>`);
    this.#open.push(name);
    if (this.#text !== undefined) {
      if (isSelfClosing && !running.has(name)) this.#text += spelled(name, attributes);
      return;
    }
    if (name === 'header') this.#sourceLanguage = attributes['srclang'] === '*all*' ? undefined : attributes['srclang'];
    if (name === 'tu') {
      this.#row = { variants: [], place: {} };
      this.#madeUnit = madeOf(attributes);
    }
    if (name === 'tuv') {
      const language = attributes['xml:lang'] ?? attributes['lang'];
      if (language === undefined) throw this.#error('a <tuv> has no xml:lang');
      this.#language = language;
      this.#made = { ...this.#madeUnit, ...madeOf(attributes) };
    }
    if (name === 'seg') this.#text = '';
    const property = name === 'prop' ? propertyNames[attributes['type'] ?? ''] : undefined;
    if (property !== undefined) this.#property = { name: property, text: '' };
  }

  #said(text: string): void {
    if (this.#text !== undefined) this.#text += text;
    else if (this.#property !== undefined) this.#property.text += text;
  }

  #closed(name: string): void {
    this.#open.pop();
    if (name === 'seg' && this.#text !== undefined && !this.#open.includes('seg')) {
      this.#row.variants.push({ language: this.#language, text: this.#text, ...this.#made });
      this.#text = undefined;
    }
    if (name === 'prop' && this.#property !== undefined) {
      this.#row.place[this.#property.name] = this.#property.text;
      this.#property = undefined;
    }
    if (name === 'tu') this.#onRow(this.#row);
  }

  #error(reason: string): AppError {
    return new AppError('document.syntax', { path: this.#path, line: this.#parser.line, column: this.#parser.column + 1, reason });
  }
}

type Made = Pick<TmxVariantText, 'by' | 'at'>;

function madeOf({ changeid, creationid, changedate, creationdate }: Readonly<Record<string, string | undefined>>): Made {
  const by = changeid ?? creationid;
  const at = isoTime(changedate ?? creationdate);
  return { ...(by !== undefined && by.trim() !== '' && { by }), ...(at !== undefined && { at }) };
}

/** `20261122T031500Z` in ISO 8601; undefined for what is no such time. */
function isoTime(time: string | undefined): string | undefined {
  const [year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(time ?? '')?.slice(1) ?? [];
  if (second === undefined) return undefined;
  const iso = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second}.000Z`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}

function spelled(name: string, attributes: Readonly<Record<string, string>>): string {
  return `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${value.replaceAll('"', "'")}"`).join('')}/>`;
}
