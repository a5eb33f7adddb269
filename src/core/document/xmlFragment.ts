/** The inside of an element whose file has been read: it is well-formed, and may be looked at alone. Pure. */
import { tagAt, type XmlEvents, type XmlTag } from './xml.ts';
import { attributesEnd, attributeValue, nameEnd, QuickTag, withLineFeeds, withoutReferences } from './xmlTokens.ts';

/** Reports what stands between two offsets, whole elements and text. Linear. */
export function readInside(text: string, { from, to }: { readonly from: number; readonly to: number }, events: XmlEvents): void {
  for (let at = from; at < to;) {
    const found = text.indexOf('<', at);
    const start = found < 0 || found > to ? to : found;
    if (start > at) events.text?.(withoutReferences(withLineFeeds(text.slice(at, start))), false);
    at = start === to ? to : readMarkup(text, start, events);
  }
}

/** @returns where the tag, comment, section or instruction that begins at an offset ends */
function readMarkup(text: string, start: number, events: XmlEvents): number {
  if (text.startsWith('<!--', start)) return text.indexOf('-->', start + 4) + 3;
  if (text.startsWith('<?', start)) return text.indexOf('?>', start) + 2;
  if (text.startsWith('<![CDATA[', start)) {
    const end = text.indexOf(']]>', start);
    events.text?.(withLineFeeds(text.slice(start + 9, end)), true);
    return end + 3;
  }
  if (text.startsWith('</', start)) {
    const end = text.indexOf('>', start) + 1;
    events.close(text.slice(start + 2, end - 1).trimEnd(), start, end);
    return end;
  }
  return readTag(text, start, events);
}

function readTag(text: string, start: number, events: XmlEvents): number {
  const tag = tagFrom(text, start);
  events.open(tag);
  if (tag.selfClosing) events.close(tag.name, tag.end, tag.end);
  return tag.end;
}

/** The opening tag that begins at an offset. */
export function tagFrom(text: string, start: number): XmlTag {
  const stop = nameEnd(text, start + 1);
  const at = attributesEnd(text, stop);
  // names and references that are not plain are read the slow way
  if (at < 0 || stop === start + 1 || text.charAt(at + (text.charAt(at) === '/' ? 1 : 0)) !== '>') return slowTag(text, start);
  const selfClosing = text.charAt(at) === '/';
  return new QuickTag(text, text.slice(start + 1, stop), { start, end: at + (selfClosing ? 2 : 1), selfClosing });
}

function slowTag(text: string, start: number): XmlTag {
  const { tag, attributes } = tagAt(text, start);
  const decoded = Object.entries(attributes).map(([name, value]) => [name, attributeValue(value)] as const);
  return { name: /^<([^\s/>]+)/u.exec(tag)?.[1] ?? '', attributes: Object.fromEntries(decoded), start, end: start + tag.length, selfClosing: tag.endsWith('/>') };
}
