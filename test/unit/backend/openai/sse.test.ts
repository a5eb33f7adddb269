import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SseParser } from '../../../../src/backend/openai/sse.ts';

function parse(text: string, cuts: readonly number[] = []): string[] {
  const bytes = new TextEncoder().encode(text);
  const parser = new SseParser();
  const events: string[] = [];
  let from = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b), bytes.length]) {
    events.push(...parser.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return [...events, ...parser.end()];
}

describe('server-sent events', () => {
  it('one event a blank line; LF, CRLF and CR', () => {
    for (const newline of ['\n', '\r\n', '\r']) {
      assert.deepEqual(parse(['data: a', '', 'data: b', '', ''].join(newline)), ['a', 'b']);
    }
  });

  it('several data lines are one event; comments, ids and event names are passed over', () => {
    assert.deepEqual(parse(': ping\n\nevent: x\nid: 1\ndata: a\ndata:b\n\n'), ['a\nb']);
  });

  it('only the first space after the colon belongs to the syntax', () => {
    assert.deepEqual(parse('data:  a \n\n'), [' a ']);
  });

  it('a last event without its blank line counts', () => {
    assert.deepEqual(parse('data: a\n\ndata: [DONE]'), ['a', '[DONE]']);
  });

  it('cuts anywhere give the same events, also inside a character and between CR and LF', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/gu, ''));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(fc.property(fc.array(line, { maxLength: 6 }), fc.array(share), fc.constantFrom('\n', '\r\n', '\r'), (data, cuts, newline) => {
      const text = data.map((each) => `: comment${newline}data: ${each}${newline}${newline}`).join('');
      assert.deepEqual(parse(text, cuts), data);
    }));
  });
});
