import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayRuns, hiddenCharacters, visibleControls } from '../../../src/core/text/display.ts';
import { countGraphemes, graphemes } from '../../../src/core/text/graphemes.ts';

const isolated = (text: string): readonly string[] => displayRuns(text).filter((run) => run.isolated).map(({ start, end }) => text.slice(start, end));

describe('what is isolated from the reading direction', () => {
  it('is placeholders, tags, entities, inline code and addresses', () => {
    assert.deepEqual(isolated('مرحبا {name}، لديك %1$d رسائل في <b>البريد</b>.'), ['{name}', '%1$d', '<b>', '</b>']);
    assert.deepEqual(isolated('ראו `npm test` ב-https://a.example/x?y=1 או a@b.example &amp; {{count}}'), ['`npm test`', 'https://a.example/x?y=1', 'a@b.example', '&amp;', '{{count}}']);
    assert.deepEqual(isolated('שלום\nעולם, 100% מוכן'), []);
  });

  it('and what is not cover the text between them, in order', () => {
    const part = fc.constantFrom('{x}', '%s', '<b>', '</b>', '`c`', 'https://x.example', ' ', 'ab', 'مرحبا', '\n', '。', '&lt;', '{', '<');
    fc.assert(fc.property(fc.array(part).map((parts) => parts.join('')), (text) => {
      const runs = displayRuns(text);
      assert.equal(runs.map(({ start, end }) => text.slice(start, end)).join(''), text);
      for (const [index, { start, end }] of runs.entries()) assert.ok(start < end && start === (runs[index - 1]?.end ?? 0));
    }));
  });
});

describe('control characters', () => {
  it('that no text needs are shown, and all else stays', () => {
    assert.equal(visibleControls('a\u001b[31mb\u202ec\u0000\u007f\ufeff'), 'a␛[31mb[U+202E]c␀␡[U+FEFF]');
    const needed = '普通\t👩‍👩‍👧\r\n\u200d\u200f\u2068x\u2069\u00a0';
    assert.equal(visibleControls(needed), needed);
  });

  it('that cannot be told from nothing or from each other have a sign each', () => {
    const signs = (text: string): readonly string[] => hiddenCharacters(text).map(({ sign }) => sign);
    assert.deepEqual(signs('a b\u00a0c\td\u3000e\u202ff'), ['·', 'NBSP', '→', '□', 'NNBSP']);
    assert.deepEqual(signs('\u200b\u200c\u200d\u200e\u200f\u061c\u2060\u2068\u2069\u00ad\u2003'), ['ZWSP', 'ZWNJ', 'ZWJ', 'LRM', 'RLM', 'ALM', 'WJ', 'FSI', 'PDI', 'SHY', 'U+2003']);
    assert.deepEqual(signs('文、字é!'), []);
    assert.deepEqual(hiddenCharacters('ab\u200fc'), [{ start: 2, end: 3, sign: 'RLM', blank: false }]);
  });
});

describe('length in graphemes', () => {
  it('counts what people take for one character', () => {
    for (const [text, count] of [['abc', 3], ['👩‍👩‍👧', 1], ['e\u0301a', 2], ['नमस्ते', 3], ['🇯🇵🇩🇪', 2], ['葛\u{e0100}飾', 2], ['\r\n', 1], ['', 0]] as const) {
      assert.equal(countGraphemes(text), count, text);
      assert.equal(graphemes(text).join(''), text);
    }
  });
});
