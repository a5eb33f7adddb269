/** XML with the place of every tag, read once and never written as a whole: all XML formats are spliced. Pure. */
import { SaxesParser } from 'saxes';
import { AppError } from '../errors.ts';
import { syntaxError } from './place.ts';
import type { ParseOptions } from './segment.ts';

export interface XmlTag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of the tag alone, from `<` to behind `>`. */
  readonly start: number;
  readonly end: number;
  readonly selfClosing: boolean;
}

/** Offsets are UTF-16 units of the text. Called in document order; a self-closing tag is an opening and a closing one. */
export interface XmlEvents {
  open(tag: XmlTag): void;
  close(name: string, start: number, end: number): void;
  /** Decoded, line ends as LF. */
  text?(text: string, cdata: boolean): void;
  comment?(text: string): void;
}

/**
 * Refused: text that is not well-formed, entity declarations (which can blow up a small file or read other files), and an
 * `encoding` that the bytes do not have. One pass of saxes.
 * @throws AppError `document.syntax` with line and column.
 */
export function scanXml(text: string, options: Pick<ParseOptions, 'path'>, events: XmlEvents): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let start = 0;
  parser.on('error', (error) => {
    if (error instanceof AppError) throw error;
    throw syntaxError(text, Math.min(parser.position, text.length), options.path, error.message.replace(/^\d+:\d+: /u, ''));
  });
  parser.on('xmldecl', ({ encoding }) => { checkEncoding(text, encoding, options.path); });
  parser.on('doctype', (content) => {
    if (!content.includes('<!ENTITY')) return;
    throw syntaxError(text, text.indexOf('<!ENTITY'), options.path, 'the file declares an XML entity, and entities are refused');
  });
  parser.on('opentagstart', () => { start = text.lastIndexOf('<', parser.position - 1); });
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    events.open({ name, attributes, start, end: parser.position, selfClosing: isSelfClosing });
  });
  parser.on('closetag', ({ name, isSelfClosing }) => {
    const end = parser.position;
    events.close(name, isSelfClosing ? end : text.lastIndexOf('<', end - 1), end);
  });
  if (events.text !== undefined) {
    const onText = events.text.bind(events);
    parser.on('text', (content) => { onText(content, false); });
    parser.on('cdata', (content) => { onText(content, true); });
  }
  if (events.comment !== undefined) parser.on('comment', events.comment.bind(events));
  parser.write(text).close();
}

/** A text that was decoded as UTF-8 cannot be in another encoding unless it is plain ASCII. */
function checkEncoding(text: string, declared: string | undefined, path: string): void {
  if (declared === undefined || /^utf-?(?:8|16(?:le|be)?)$/iu.test(declared)) return;
  const at = [...text.matchAll(/[\u0080-\uffff]/gu)][0]?.index;
  if (at === undefined) return;
  throw syntaxError(text, text.indexOf(declared), path, `the file says that it is ${declared}, but it is Unicode`);
}

/** Text as element content. `>` is left alone except in `]]>`. */
export function escapeXmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']]>', ']]&gt;').replaceAll('\r', '&#13;');
}

const attributePatterns = new Map<string, RegExp>();

/** Made once a name: a unit of a large file needs it. */
function attributePattern(name: string): RegExp {
  const known = attributePatterns.get(name);
  if (known !== undefined) return known;
  const pattern = new RegExp(`(\\s${name}\\s*=\\s*)("[^"]*"|'[^']*')`, 'u');
  attributePatterns.set(name, pattern);
  return pattern;
}

/** A tag with an attribute set to a value, other bytes as they are. `tag` is its text from `<` to `>`. */
export function withAttribute(tag: string, name: string, value: string): string {
  const found = attributePattern(name).exec(tag);
  const escaped = escapeXmlText(value).replaceAll('"', '&quot;');
  if (found === null) return tag.replace(/\s*\/?>$/u, (close) => ` ${name}="${escaped}"${close.trim() === '/>' ? '/>' : '>'}`);
  return `${tag.slice(0, found.index)}${found[1] ?? ''}"${escaped}"${tag.slice(found.index + found[0].length)}`;
}
