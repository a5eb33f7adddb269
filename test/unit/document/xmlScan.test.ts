/** The quick reader against saxes: on whatever text, both report the same events or the same error. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { AppError } from '../../../src/core/errors.ts';
import { scanXml } from '../../../src/core/document/xml.ts';
import { QuickXml } from '../../../src/core/document/xmlScan.ts';
import { skeletons } from './formats/skeletons.ts';

type Event = readonly [kind: string, ...rest: unknown[]];

function recorder(): { readonly events: Event[]; open: (tag: { name: string; attributes: object; start: number; end: number; selfClosing: boolean }) => void; close: (...place: [string, number, number]) => void; text: (text: string, cdata: boolean) => void; comment: (text: string) => void } {
  const events: Event[] = [];
  return {
    events,
    open: ({ name, attributes, start, end, selfClosing }) => { events.push(['open', name, { ...attributes }, start, end, selfClosing]); },
    close: (...place) => { events.push(['close', ...place]); },
    text: (text, cdata) => { events.push(['text', text, cdata]); },
    comment: (text) => { events.push(['comment', text]); },
  };
}

function ours(text: string): readonly Event[] {
  const { events, ...handlers } = recorder();
  try {
    scanXml(text, { path: 'a' }, handlers);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [...events, ['error']];
  }
  return events;
}

function theirs(text: string): readonly Event[] {
  const { events, ...handlers } = recorder();
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  parser.on('error', (error) => { throw new AppError('input.invalid', { where: 'saxes', reason: error.message }); });
  parser.on('opentag', ({ name, attributes, isSelfClosing }) => { depth++; handlers.open({ name, attributes, start: text.lastIndexOf('<', parser.position - 1), end: parser.position, selfClosing: isSelfClosing }); });
  parser.on('closetag', ({ name, isSelfClosing }) => { depth--; handlers.close(name, isSelfClosing ? parser.position : text.lastIndexOf('<', parser.position - 1), parser.position); });
  parser.on('text', (content) => { if (depth > 0) handlers.text(content, false); });
  parser.on('cdata', (content) => { handlers.text(content, true); });
  parser.on('comment', handlers.comment);
  try {
    parser.write(text).close();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [...events, ['error']];
  }
  return events;
}

const pieces = fc.constantFrom('<a>', '</a>', '<b x="1">', '</b>', '<c/>', '<d\ty = \'2\'\r\n z="&lt;&#65;&#x1F600;"  />', '<é>', '</é>', '<a x="1" x="2">', '<a x="1"y="2">', '<a x=1>', '<a x>', '<a x="<">', 'text', ' ', '\n', '\r\n', '\r', '&amp;', '&lt;', '&#0;', '&#xD800;', '&nbsp;', '&', '&amp', ';', ']]>', ']]', '>', '<', '</', '</a >', '<!-- c -->', '<!-- a--b -->', '<!--->', '<!-->', '<!--x--->', '<![CDATA[a<b\r\n]]>', '<![CDATA[', '<?pi x?>', '<?xml version="1.0"?>', '<?xml version="1.1"?>', '<?xml version=\'1.0\' encoding="UTF-8"?>', '<!DOCTYPE a>', '\u0001', '\ufffe', '\ud800', '🙂', '\u0085', '\u2028', '<a __proto__="1">', '<a constructor="1">', '<a\n>', '< a>', '<a b="\u0001">', '<a b="a\tb\n\r\nc">');

describe('reading XML', () => {
  it('is as saxes reads it, whatever the text', () => {
    fc.assert(fc.property(fc.boolean(), fc.array(pieces, { maxLength: 12 }), (wrapped, parts) => {
      const text = wrapped ? `<a>${parts.join('')}</a>` : parts.join('');
      assert.deepEqual(ours(text), theirs(text));
    }), { numRuns: 20_000 });
  });

  it('is as saxes reads it in files with damage', () => {
    const files = Object.values(skeletons).flat().filter((text) => text.startsWith('<?xml'));
    fc.assert(fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(6), fc.array(pieces, { maxLength: 2 }), (file, at, length, noise) => {
      const start = at % file.length;
      const text = file.slice(0, start) + noise.join('') + file.slice(start + length);
      if (text.includes('<!ENTITY') || /encoding="(?!UTF-8)/iu.test(text)) return;
      assert.deepEqual(ours(text), theirs(text));
    }), { numRuns: 3000 });
  });

  it('leaves no plain file to the slow way', () => {
    const files = Object.values(skeletons).flat().filter((text) => text.startsWith('<?xml'));
    assert.ok(files.length >= 6);
    for (const file of files) assert.equal(new QuickXml(file, recorder()).run(), undefined, file.slice(0, 80));
  });
});
