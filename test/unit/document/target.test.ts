import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codecById } from '../../../src/core/document/codecs.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { CodecId, ParsedDocument } from '../../../src/core/document/segment.ts';
import { composeTarget, locateSegments, matchExisting, spliceText, type ComposedTarget } from '../../../src/core/document/target.ts';
import { documentText, uniformText } from './arbitraries.ts';

function parse(text: string, id: CodecId = 'markdown', sourceLanguage = 'en'): ParsedDocument {
  try {
    return codecById(id).parse(text, { path: 'a', sourceLanguage });
  } catch (error) {
    if (error instanceof AppError && error.code === 'document.empty') return { codec: id, text, segments: [] };
    throw error;
  }
}

const translations = fc.array(fc.option(fc.constantFrom('雨です。', 'はい', '行く！', 'Ja.', ''), { nil: undefined }), { minLength: 40, maxLength: 40 });

function texts(document: ParsedDocument, list: readonly (string | undefined)[]): ReadonlyMap<string, string> {
  return new Map(document.segments.flatMap(({ id }, index) => {
    const text = list[index];
    return text === undefined ? [] : [[id, text] as const];
  }));
}

function compose(text: string, list: readonly (string | undefined)[], language = 'ja'): ComposedTarget {
  const document = parse(text);
  return composeTarget(document, texts(document, list), language);
}

const located = (expected: ComposedTarget, actual: string): readonly string[] => [...locateSegments(expected, actual).values()].map(({ text }) => text);

describe('composing', () => {
  it('says where every text stands and touches nothing else', () => {
    fc.assert(fc.property(fc.oneof(documentText, uniformText), translations, (text, list) => {
      const document = parse(text);
      const chosen = texts(document, list);
      const { text: target, ranges } = composeTarget(document, chosen, 'de');
      let rest = '';
      let at = 0;
      for (const segment of document.segments) {
        const range = ranges.get(segment.id);
        assert.ok(range && at <= range.start && range.start <= range.end);
        assert.equal(target.slice(range.start, range.end), chosen.get(segment.id) ?? segment.source);
        rest += target.slice(at, range.start);
        at = range.end;
      }
      rest += target.slice(at);
      if ([...chosen.values()].includes('')) return;
      let untouched = '';
      let from = 0;
      for (const { range } of document.segments) {
        untouched += text.slice(from, range.start);
        from = range.end;
      }
      assert.equal(rest, untouched + text.slice(from));
    }));
  });

  it('closes gaps after translated sentences where words are not spaced', () => {
    const text = 'One. Two.\nThree.  Four.\n\nFive.';
    assert.equal(compose(text, ['一。', '二。', '三。', '四。', '五。']).text, '一。二。\n三。四。\n\n五。');
    assert.equal(compose(text, ['一。', undefined, undefined, '四。']).text, '一。Two.\nThree.  四。\n\nFive.');
    assert.equal(compose(text, ['Eins.', 'Zwei.'], 'de').text, 'Eins. Zwei.\nThree.  Four.\n\nFive.');
  });

  it('leaves no space before a sentence that went into the one before', () => {
    assert.equal(compose('One. Two. Three.\n', ['Eins und zwei.', '', ''], 'de').text, 'Eins und zwei.\n');
  });

  it('keeps the gap before text that is no segment', () => {
    assert.equal(compose('One. `x`. Two.', ['一。', '二。']).text, '一。 `x`. 二。');
  });

  it('splices a range and nothing else', () => {
    fc.assert(fc.property(fc.string(), fc.nat(), fc.nat(), fc.string(), (text, a, b, inserted) => {
      const start = Math.min(a, b) % (text.length + 1);
      const end = Math.max(start, Math.max(a, b) % (text.length + 1));
      const result = spliceText(text, { start, end }, inserted);
      assert.ok(result.startsWith(text.slice(0, start)) && result.endsWith(text.slice(end)));
      assert.equal(result.length, text.length - (end - start) + inserted.length);
    }));
  });
});

describe('locating', () => {
  it('is exact in what was composed', () => {
    fc.assert(fc.property(fc.oneof(documentText, uniformText), translations, (text, list) => {
      const composed = compose(text, list);
      for (const [id, { range }] of locateSegments(composed, composed.text)) assert.deepEqual(range, composed.ranges.get(id));
    }));
  });

  it('keeps every segment when lines are put before, between and after', () => {
    fc.assert(fc.property(uniformText, translations, fc.constantFrom('New line here.', '# 新しい', 'x'), fc.nat(), (text, list, inserted, place) => {
      const composed = compose(text, list);
      const blanks = [0, ...[...composed.text.matchAll(/(?:\r\n|\n|\r(?!\n)){2}/gu)].map(({ index, 0: end }) => index + end.length), composed.text.length];
      const at = blanks[place % blanks.length] ?? 0;
      const newline = /\r\n|\n|\r/u.exec(composed.text)?.[0] ?? '\n';
      const line = at === composed.text.length ? newline + inserted + newline : inserted + newline + newline;
      const actual = spliceText(composed.text, { start: at, end: at }, line);
      assert.deepEqual(located(composed, actual), [...composed.ranges.values()].map(({ start, end }) => composed.text.slice(start, end)));
    }));
  });

  it('gives ordered, disjoint ranges in any text at all', () => {
    fc.assert(fc.property(uniformText, translations, documentText, (text, list, actual) => {
      let last = 0;
      for (const { range, text: found } of locateSegments(compose(text, list), actual).values()) {
        assert.ok(last <= range.start && range.start <= range.end && range.end <= actual.length);
        assert.equal(actual.slice(range.start, range.end), found);
        last = range.end;
      }
    }));
  });

  it('follows edits inside a segment and leaves its neighbours', () => {
    const composed = compose('One. Two. Three.\n', ['今日は雨だ。', '明日は晴れだ。', '寒い。']);
    assert.deepEqual(located(composed, '今日は大雨だ。明日は晴れだ。寒い。\n'), ['今日は大雨だ。', '明日は晴れだ。', '寒い。']);
    assert.deepEqual(located(composed, '今日は雨だ。明日も曇りです。寒い。\n'), ['今日は雨だ。', '明日も曇りです。', '寒い。']);
    assert.deepEqual(located(composed, '今日は雨だ。寒い。\n'), ['今日は雨だ。', '', '寒い。']);
    assert.deepEqual(located(composed, ''), ['', '', '']);
  });

  it('takes in what is typed right at an end of a segment, on its line', () => {
    const composed = compose('One.\n\nTwo.\n', ['雨', '雪']);
    assert.deepEqual(located(composed, '雨です。\n\n大雪\n'), ['雨です。', '大雪']);
    assert.deepEqual(located(composed, '雨\nand more\n\n雪\n'), ['雨', '雪']);
    assert.deepEqual(located(composed, '雨  \n\n雪\n'), ['雨', '雪'], 'trailing space is no text');
  });

  it('follows a formatter: other line ends, trailing space, wrapped lines', () => {
    const composed = compose('# A\n\nOne two three four. Five six.\n\n- item one\n', [undefined, 'Eins zwei drei vier.', 'Fünf sechs.', 'Punkt eins'], 'de');
    assert.deepEqual(located(composed, composed.text.replaceAll('\n', '\r\n')), ['A', 'Eins zwei drei vier.', 'Fünf sechs.', 'Punkt eins']);
    assert.deepEqual(located(composed, '# A\n\nEins zwei\ndrei vier. Fünf sechs.\n\n* Punkt eins'), ['A', 'Eins zwei\ndrei vier.', 'Fünf sechs.', 'Punkt eins']);
  });

  it('is quick in a large file with a few changes, and in two that have nothing in common', () => {
    const composed = compose(Array.from({ length: 12_000 }, (_, i) => `Line number ${i} is here. It has words.\n`).join('\n'), []);
    const actual = composed.text.replace('Line number 17 is', 'Line 17 was').replace('Line number 9000 is here', 'Gone').replace(/$/u, 'End.\n');
    const start = process.cpuUsage();
    const found = locateSegments(composed, actual);
    assert.ok([...found.values()].some(({ text }) => text === 'Line 17 was here.'));
    assert.equal([...found.values()].at(-1)?.text, 'It has words.');
    const other = locateSegments(composed, 'x\ny z\n'.repeat(100_000));
    assert.equal(other.size, composed.ranges.size);
    const { user } = process.cpuUsage(start);
    assert.ok(user < 5e6, `${user / 1000} ms of CPU time`);
  });
});

describe('taking over a translation', () => {
  const match = (source: string, target: string): readonly (string | undefined)[] => {
    const document = parse(source);
    const found = matchExisting(document, parse(target, 'markdown', 'ja'));
    return document.segments.map(({ id }) => found.get(id));
  };

  it('pairs sentences one to one where their number agrees', () => {
    assert.deepEqual(match('# Hi\n\nOne. Two.\n', '# やあ\n\n一。二。\n'), ['やあ', '一。', '二。']);
  });

  it('gives a block of another length to its first sentence, whole', () => {
    assert.deepEqual(match('# Hi\n\nOne. Two.\n', '# やあ\n\n一と二。\n'), ['やあ', '一と二。', '']);
    assert.deepEqual(match('One.\n', '一。二。\n'), ['一。二。']);
  });

  it('leaves a block out rather than double what stands between its sentences', () => {
    assert.deepEqual(match('One. `x`. Two.\n', '一。二。三。\n'), [undefined, undefined]);
  });

  it('skips blocks that only one side has, by kind, code and number of sentences', () => {
    assert.deepEqual(match('# T\n\nUse `a`.\n\nUse `b`.\n\n- item\n', '# 題\n\n`b`を使う。\n\n- 項目\n'), ['題', undefined, '`b`を使う。', '項目']);
    assert.deepEqual(match('One.\n\n- x\n', '# 題\n\n一。\n\n- 項目\n'), ['一。', '項目']);
  });

  it('does not take a copy of the source for a translation', () => {
    assert.deepEqual(match('One. Two.\n', 'One. 二。\n'), [undefined, '二。']);
  });

  it('gives the target back when it is composed again', () => {
    for (const [source, target] of [['# Hi\n\nOne. Two.\n\n- a b\n', '# やあ\n\n一。二。\n\n- あ\n'], ['A. B. C.\n', '甲。乙丙。\n']] as const) {
      const document = parse(source);
      assert.equal(composeTarget(document, matchExisting(document, parse(target, 'markdown', 'ja')), 'ja').text, target);
    }
  });
});
