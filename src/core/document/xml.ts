/** XML with the place of every tag, read once and never written as a whole: all XML formats are spliced. Pure. */
import { SaxesParser } from 'saxes';
import { AppError } from '../errors.ts';
import { placeOf, syntaxError } from './place.ts';
import type { ParseOptions } from './segment.ts';
import { QuickXml } from './xmlScan.ts';

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
  /** Inside of the root element: decoded, line ends as LF. */
  text?(text: string, cdata: boolean): void;
  /** While it is true, text is checked but not reported. */
  readonly skipsText?: boolean;
  comment?(text: string): void;
}

/**
 * Refused: text that is not well-formed, entity declarations (which can blow up a small file or read other files), and an
 * `encoding` that the bytes do not have. One pass: of `QuickXml` as far as the text is plain, of saxes behind that.
 * @throws AppError `document.syntax` with line and column.
 */
export function scanXml(text: string, options: Pick<ParseOptions, 'path'>, events: XmlEvents): void {
  checkEncoding(text, /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)/u.exec(text)?.[1], options.path);
  const read = new QuickXml(text, events).run();
  if (read !== undefined) scanSlowly(text, options, { events, read });
}

/** Saxes over the whole text, since it alone knows what is an error; events up to `read` have been reported. */
function scanSlowly(text: string, { path }: Pick<ParseOptions, 'path'>, { events, read }: { readonly events: XmlEvents; readonly read: number }): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const open: OpenTag[] = [];
  // that saxes closed last: it says so before it finds that the tag's name is another one
  let closed: OpenTag | undefined;
  parser.on('error', (error) => {
    if (error instanceof AppError) throw error;
    const at = Math.min(parser.position, text.length);
    throw syntaxError(text, at, path, toldWith(error.message.replace(/^\d+:\d+: /u, '').replace(/\.$/u, ''), { text, at, closed }));
  });
  parser.on('doctype', (content) => {
    if (!content.includes('<!ENTITY')) return;
    throw syntaxError(text, text.indexOf('<!ENTITY'), path, 'the file declares an XML entity, and entities are refused');
  });
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => {
    const end = parser.position;
    const start = text.lastIndexOf('<', end - 1);
    open.push({ name, start });
    if (end > read) events.open({ name, attributes, start, end, selfClosing: isSelfClosing });
  });
  parser.on('closetag', ({ name, isSelfClosing }) => {
    const end = parser.position;
    closed = open.pop();
    if (end > read) events.close(name, isSelfClosing ? end : text.lastIndexOf('<', end - 1), end);
  });
  parser.on('text', (content) => { if (open.length > 0 && parser.position > read && events.skipsText !== true) events.text?.(content, false); });
  parser.on('cdata', (content) => { if (parser.position > read && events.skipsText !== true) events.text?.(content, true); });
  parser.on('comment', (content) => { if (parser.position > read) events.comment?.(content); });
  parser.write(text).close();
}

/** What saxes says of a closing tag without its partner, with both by name. */
function toldWith(reason: string, { text, at, closed }: { readonly text: string; readonly at: number; readonly closed: OpenTag | undefined }): string {
  if (reason !== 'unexpected close tag' || closed === undefined) return reason;
  return `${reason} ${text.slice(text.lastIndexOf('</', at - 1), at)}: the <${closed.name}> of line ${placeOf(text, closed.start).line} is not closed`;
}

interface OpenTag {
  readonly name: string;
  readonly start: number;
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

/** The tag that begins at an offset of well-formed text, with its attributes as the file spells them. */
export function tagAt(text: string, offset: number): { readonly tag: string; readonly attributes: Readonly<Record<string, string>> } {
  const pattern = /<(?:[^"'>]|"[^"]*"|'[^']*')*>/uy;
  pattern.lastIndex = offset;
  const tag = pattern.exec(text)?.[0] ?? '';
  return { tag, attributes: Object.fromEntries([...tag.matchAll(/\s([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu)].map(([, name = '', double, single = '']) => [name, double ?? single])) };
}

/** The attributes of all tags of a name, read by form alone: comments and CDATA are left out, and the text may break off. */
export function* attributesOf(text: string, name: string): Generator<Readonly<Record<string, string>>, undefined> {
  for (const { 0: found, index } of text.matchAll(new RegExp(`<!--.*?(?:-->|$)|<!\\[CDATA\\[.*?(?:\\]\\]>|$)|<${name}(?=[\\s/>])`, 'gsu'))) {
    if (!found.startsWith('<!')) yield tagAt(text, index).attributes;
  }
}

/** A tag with an attribute set to a value, other bytes as they are. `tag` is its text from `<` to `>`. */
export function withAttribute(tag: string, name: string, value: string): string {
  const found = new RegExp(`(\\s${name}\\s*=\\s*)("[^"]*"|'[^']*')`, 'u').exec(tag);
  const escaped = escapeXmlText(value).replaceAll('"', '&quot;');
  if (found === null) return tag.replace(/\s*\/?>$/u, (close) => ` ${name}="${escaped}"${close.trim() === '/>' ? '/>' : '>'}`);
  return `${tag.slice(0, found.index)}${found[1] ?? ''}"${escaped}"${tag.slice(found.index + found[0].length)}`;
}

/** A tag without an attribute and the white space in front of it. */
export function withoutAttribute(tag: string, name: string): string {
  return tag.replace(new RegExp(`\\s+${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'u'), '');
}

/** The line break and indent in front of a tag, to put another one on a line of its own; '' where there is none. */
export function lineBefore(text: string, offset: number): string {
  let at = offset;
  while (isBlank(text.charCodeAt(at - 1))) at--;
  if (text[at - 1] === '\n') at -= text[at - 2] === '\r' ? 2 : 1;
  else if (text[at - 1] === '\r') at--;
  else return '';
  return text.slice(at, offset);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
