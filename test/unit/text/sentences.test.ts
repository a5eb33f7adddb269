import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allLanguages } from '../../../src/core/text/languages.ts';
import { sentenceRanges } from '../../../src/core/text/sentences.ts';
import { documentText } from '../document/arbitraries.ts';

const split = (text: string, language = 'en'): readonly string[] => sentenceRanges(text, language).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it('leave nothing out but white space, and overlap nowhere', () => {
    const text = fc.oneof(documentText, fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom('Go. ', 'e.g. ', '"No!" ', '雨。', '(a. b) ', '... ', '\n', 'x ')).map((parts) => parts.join('').repeat(40)));
    fc.assert(fc.property(text, fc.constantFrom(...allLanguages().map(({ tag }) => tag)), (value, language) => {
      let at = 0;
      for (const { start, end } of sentenceRanges(value, language)) {
        assert.ok(at <= start && start < end);
        assert.equal(value.slice(at, start).trim(), '');
        at = end;
      }
      assert.equal(value.slice(at).trim(), '');
    }));
  });

  it('end where a reader would say so', () => {
    assert.deepEqual(split('It is raining. I must go! Do you see?'), ['It is raining.', 'I must go!', 'Do you see?']);
    assert.deepEqual(split('Dr. Smith came. He has 3.5 apples, e.g. red ones.'), ['Dr. Smith came.', 'He has 3.5 apples, e.g. red ones.']);
    assert.deepEqual(split('Node.JS is here. Wait... what? See a.b.Com now.'), ['Node.JS is here.', 'Wait... what?', 'See a.b.Com now.']);
    assert.deepEqual(split('He left.\nThen\nshe came.'), ['He left.', 'Then\nshe came.']);
    assert.deepEqual(split('今日は雨だ。明日は？「はい。」と言った。終わり', 'ja'), ['今日は雨だ。', '明日は？', '「はい。」と言った。', '終わり']);
    assert.deepEqual(split('你好！世界。', 'zh'), ['你好！', '世界。']);
    assert.deepEqual(split('नमस्ते। आप कैसे हैं?', 'hi'), ['नमस्ते।', 'आप कैसे हैं?']);
  });

  it('are not cut inside what is whole, and take closing marks along', () => {
    const text = 'He **ran. She** sat. **Done.** Next.';
    const whole = [{ start: 3, end: 15 }, { start: 21, end: 30 }];
    assert.deepEqual(sentenceRanges(text, 'en', whole).map(({ start, end }) => text.slice(start, end)), ['He **ran. She** sat.', '**Done.**', 'Next.']);
  });

  it('are the same in a long text as in a short one', () => {
    const sentence = 'It was late, and Dr. Smith had to go home. ';
    assert.deepEqual(split(sentence.repeat(3000)), Array.from({ length: 3000 }, () => sentence.trim()));
  });

  it('take linear time, whatever the text', () => {
    const start = process.cpuUsage();
    for (const piece of ['a', '(', '“', '"', '.', 'word ', '雨。', '. ', '!?']) sentenceRanges(piece.repeat(100_000 / piece.length), 'en');
    assert.ok(process.cpuUsage(start).user < 6e6);
  });
});
