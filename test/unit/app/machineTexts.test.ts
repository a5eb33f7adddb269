/** What a run without a reviewer writes: nothing over somebody's work, and nothing that looks reviewed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { earlierTexts, holdsTranslation, machineTexts } from '../../../src/app/translation/machineTexts.ts';
import type { CandidateSet } from '../../../src/core/candidate.ts';
import { codecFor } from '../../../src/core/document/codecs.ts';
import { composeTarget } from '../../../src/core/document/target.ts';
import { buildSet } from '../support/judgmentBuilders.ts';

const files: readonly (readonly [path: string, text: string, written: string])[] = [
  ['a.xlf', unit1('One', '') + unit1('Two', '<target state="final">二つ</target>') + unit1('Three', '<target state="new">Three</target>') + unit1('Four', '<target state="needs-review-translation">四</target>') + unit1('Five', '<target>Five</target>'),
    unit1('One', '<target state="needs-review-translation">訳1</target>') + unit1('Two', '<target state="final">二つ</target>') + unit1('Three', '<target state="needs-review-translation">訳3</target>') + unit1('Four', '<target state="needs-review-translation">四</target>') + unit1('Five', '<target state="needs-review-translation">訳5</target>')],
  ['b.xlf', unit2('One', '') + unit2('Two', '<target>二つ</target>'), unit2('One', '<target>訳1</target>').replace('<segment>', '<segment state="translated">') + unit2('Two', '<target>二つ</target>')],
  ['ja.po', 'msgid "One"\nmsgstr ""\n\nmsgid "Two"\nmsgstr "二つ"\n\n#, fuzzy\nmsgid "Three"\nmsgstr "三"\n', '#, fuzzy\nmsgid "One"\nmsgstr "訳1"\n\nmsgid "Two"\nmsgstr "二つ"\n\n#, fuzzy\nmsgid "Three"\nmsgstr "三"\n'],
  ['a.csv', 'source,target\nOne,\nTwo,二つ\n', 'source,target\nOne,訳1\nTwo,二つ\n'],
  ['en.json', '{"a":"One","b":"Two"}', '{"a":"訳1","b":"訳2"}'],
];

function unit1(source: string, target: string): string {
  return `<trans-unit id="${source}"><source>${source}</source>${target}</trans-unit>\n`;
}

function unit2(source: string, target: string): string {
  return `<unit id="${source}"><segment><source>${source}</source>${target}</segment></unit>\n`;
}

function whole(path: string, units: string): string {
  if (path === 'a.xlf') return `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n${units}</body></file></xliff>\n`;
  return path === 'b.xlf' ? `<xliff version="2.0" srcLang="en" trgLang="ja"><file id="f">\n${units}</file></xliff>\n` : units;
}

function opened(path: string, text: string): Parameters<typeof machineTexts>[0] {
  const codec = codecFor(path);
  return { codec, parsed: codec.parse(whole(path, text), { path, sourceLanguage: 'en', targetLanguage: 'ja' }) };
}

function drawn({ parsed }: Parameters<typeof machineTexts>[0]): readonly CandidateSet[] {
  return parsed.segments.map((segment, index) => buildSet([`訳${index + 1}`], { id: segment.id, source: segment.source }));
}

describe('what a run without a reviewer writes', () => {
  for (const [path, text, written] of files) {
    it(`${path}: only what is not translated, in a state that says that somebody has to look at it`, () => {
      const document = opened(path, text);
      const { texts, left } = machineTexts(document, drawn(document), (segment) => !holdsTranslation(segment));
      assert.equal(composeTarget(document.parsed, texts, 'ja').text, whole(path, written));
      assert.deepEqual(left, []);
    });
  }

  it('is nothing where every candidate is broken', () => {
    const document = opened('en.json', '{"a":"One {x}","b":"Two"}');
    const sets = drawn(document).map((set, index) => (index === 1 ? set : { ...set, candidates: set.candidates.map((candidate) => ({ ...candidate, issues: [{ kind: 'placeholderMissing' as const, detail: '{x}' }] })) }));
    const { texts, left } = machineTexts(document, sets, () => true);
    assert.deepEqual([texts.size, left.map(({ source }) => source)], [1, ['One {x}']]);
  });

  it('has what the file holds as its context', () => {
    const document = opened('ja.po', 'msgid "One"\nmsgstr ""\n\nmsgid "Two"\nmsgstr "二つ"\n\nmsgid "Three"\nmsgstr ""\n');
    const sets = new Map(drawn(document).map((set) => [set.segment.id, set]));
    const pairs = earlierTexts(document.parsed.segments, sets, document.parsed.segments[2]?.id ?? '');
    assert.deepEqual(pairs.map(({ source, target }) => `${source} ${target}`), ['One 訳1', 'Two 二つ']);
  });
});
