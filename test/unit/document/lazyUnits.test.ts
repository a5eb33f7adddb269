/** Units that are read when somebody looks say what a reading of the whole file would, in whatever order they are asked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { wholeText } from '../../../src/core/document/lazyUnits.ts';
import { skeletons } from './formats/skeletons.ts';
import { parse } from './formats/support.ts';

const pieces = fc.constantFrom('rain', ' ', '雨', 'é', '\n', '\r\n', '&amp;', '&lt;b>', '&#233;', '&#x1F600;', '<x id="1"/>', '<ph id="2">&lt;b&gt;</ph>', '<g id="3">', '</g>', '<g\tid=\'4\'\n>', '<mrk mtype="seg" mid="1">', '</mrk>', '<bpt id="5">{<sub>in</sub>}</bpt>', '<!-- <g> -->', '<?pi <g>?>', '<![CDATA[<i>&amp;]]>', '<é id="1">é</é>', '<x id="&#233;>"/>', '{0}', '%s', '1', '.');
const paired = new Set(['g', 'mrk']);

/** What an element holds: text, and codes as the file spells them. Undefined where it is not well-formed. */
function byWholeReading(file: string, from: number): string | undefined {
  const parser = new SaxesParser({ position: false });
  let [text, opaque, opaqueStart, inside] = ['', 0, 0, false];
  const start = (): number => file.lastIndexOf('<', parser.position - 1);
  parser.on('error', (error) => { throw error; });
  parser.on('opentag', ({ name, isSelfClosing }) => {
    const raw = file.slice(startOfTag(file, parser.position), parser.position);
    if (inside && opaque === 0 && paired.has(name) && !isSelfClosing) text += raw;
    else if (inside && opaque++ === 0) opaqueStart = parser.position - raw.length;
    inside ||= parser.position === from;
  });
  parser.on('closetag', ({ name, isSelfClosing }) => {
    if (name === 'source') inside = false;
    else if (inside && opaque === 0) text += file.slice(start(), parser.position);
    else if (inside && --opaque === 0) text += file.slice(opaqueStart, parser.position);
    assert.ok(opaque >= 0 || isSelfClosing);
  });
  const add = (content: string): void => { if (inside && opaque === 0) text += content; };
  parser.on('text', add);
  parser.on('cdata', add);
  try {
    parser.write(file).close();
    return text;
  } catch {
    return undefined;
  }
}

/** Only attribute values of ours hold a `>`, and none holds a `<`. */
function startOfTag(file: string, end: number): number {
  return file.lastIndexOf('<', end - 1);
}

describe('units that are read when they are looked at', () => {
  it('hold what saxes finds in their place', () => {
    const head = '<xliff version="1.2"><file source-language="en"><body><trans-unit id="a"><source>';
    let read = 0;
    fc.assert(fc.property(fc.array(pieces, { maxLength: 9 }), (parts) => {
      const text = `${head}${parts.join('')}</source><note>n</note></trans-unit></body></file></xliff>`;
      const expected = byWholeReading(text, head.length);
      if (expected === undefined) {
        assert.throws(() => parse({ id: 'xliff' }, text), { code: 'document.syntax' });
        return;
      }
      const [segment] = parse({ id: 'xliff' }, text).segments;
      if (segment === undefined) return;
      read++;
      assert.equal((segment.unit?.lead ?? '') + segment.source + (segment.unit?.trail ?? ''), expected);
      assert.equal(segment.unit?.note, 'n');
    }), { numRuns: 3000 });
    assert.ok(read > 300, `${read} had something to translate`);
  });

  it('are the same in whatever order they are asked for, and can be sent to another thread', () => {
    const files = (skeletons.xliff ?? []).flatMap((file) => [file, file.replaceAll('It rains', '“It rains”').replaceAll('\n', '\r\n')]);
    fc.assert(fc.property(fc.constantFrom(...files), fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (file, order) => {
      const whole = parse({ id: 'xliff', target: 'ja' }, file).segments.map(wholeText);
      const { segments } = parse({ id: 'xliff', target: 'ja' }, file);
      for (const pick of order) {
        const index = pick % segments.length;
        const segment = segments[index] ?? assert.fail();
        assert.deepEqual(structuredClone(wholeText(segment)), whole[index]);
      }
    }), { numRuns: 200 });
  });

  it('are found where only reading them tells that there is something to translate', () => {
    const file = (source: string): string => `<xliff version="1.2"><file source-language="en"><body><trans-unit id="a"><source>${source}</source></trans-unit></body></file></xliff>`;
    const count = (source: string): number => parse({ id: 'xliff' }, file(source)).segments.length;
    assert.deepEqual(['12', '{name}', '%s', '<x id="a"/>', '&#65;', '“é”', '{0} b', '<g id="1">b</g>', '', '12 — ж', '🙂'].map(count), [0, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0]);
  });
});
