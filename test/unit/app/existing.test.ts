/** What the target file holds before the review: a candidate of its own, confirmed without touching a byte. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exportPreferencePairs } from '../../../src/app/exportPreferencePairs.ts';
import { codecById } from '../../../src/core/document/codecs.ts';
import type { CodecId } from '../../../src/core/document/segment.ts';
import type { TrlRow } from '../../../src/core/preference/exportTrl.ts';
import type { ReviewAct, SegmentView } from '../../../src/protocol/review.ts';
import { skeletons } from '../document/formats/skeletons.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { openBench, openFile, source, textOf, translate, type Bench } from './support.ts';

const target = '/ws/letter.ja.md';
const foreign = '# こんにちは\n\n雨です。\n家にいます。\n\nまたね  \n';

async function files(content: Readonly<Record<string, string>>): Promise<FakeFileSystem> {
  const fs = new FakeFileSystem();
  for (const [path, text] of Object.entries(content)) await fs.writeAtomic(path, Buffer.from(text));
  return fs;
}

function letter(existing: string): Promise<Bench> {
  return files({ '/ws/letter.en.md': source, [target]: existing }).then((fs) => openBench({ fs, answer: 'merge' }));
}

function at(bench: Bench, number: number): SegmentView {
  const view = bench.session.views()[number - 1];
  assert.ok(view !== undefined);
  return view;
}

function heldBy(view: SegmentView): string | undefined {
  return view.candidates.find(({ existing }) => existing)?.candidate.text;
}

function act(bench: Bench, number: number, what: ReviewAct): Promise<SegmentView> {
  const view = at(bench, number);
  return bench.session.act({ segment: view.id, order: view.candidates.map(({ hash }) => hash), elapsedMs: 5, what });
}

function confirm(bench: Bench, number: number): Promise<SegmentView> {
  const existing = at(bench, number).candidates.find((candidate) => candidate.existing);
  assert.ok(existing !== undefined);
  return act(bench, number, { act: 'accept', candidate: existing.hash });
}

function undo(bench: Bench, number: number): Promise<SegmentView> {
  return act(bench, number, { act: 'undo' });
}

describe('a translation that the target file holds', () => {
  it('is a candidate before anything was drawn, stands first afterwards, and weighs in no score', async () => {
    const bench = await letter(foreign);
    assert.deepEqual(bench.session.views().map(heldBy), ['こんにちは', '雨です。', '家にいます。', 'またね']);
    assert.equal(at(bench, 1).state, 'waiting');
    await translate(bench);
    const { candidates } = at(bench, 2);
    assert.deepEqual(candidates.map(({ candidate: { text, count, rank } }) => [text, count, rank]), [['雨です。', 0, undefined], ['It rains.一', 2, 1], ['別のIt rains.', 1, 2], ['It rains.二', 1, 3]]);
    const plain = await openBench();
    await translate(plain);
    assert.deepEqual(candidates.slice(1), at(plain, 2).candidates);
  });

  it('is no candidate where the source stands there untranslated', async () => {
    const bench = await letter(foreign.replace('家にいます。', 'I stay at home.'));
    assert.deepEqual(bench.session.views().map(heldBy), ['こんにちは', '雨です。', undefined, 'またね']);
  });

  it('that the model drew as well is one candidate with both origins, in the order of its own', async () => {
    const bench = await letter(foreign.replace('雨です。', '別のIt rains.'));
    await translate(bench);
    assert.deepEqual(at(bench, 2).candidates.map(({ candidate: { text, rank }, existing }) => [text, rank, existing]), [['別のIt rains.', 2, true], ['It rains.一', 1, undefined], ['It rains.二', 3, undefined]]);
    await confirm(bench, 2);
    const [set] = (await bench.store.judgments({ document: 'letter.en.md', targetLanguage: 'ja' })).sets.values();
    assert.deepEqual(set?.candidates.map(({ origins }) => origins), [undefined, ['fake-model', 'existing'], undefined]);
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.deepEqual(at(again, 2).candidates.map(({ candidate: { text, origins }, existing }) => [text, origins, existing]), [['別のIt rains.', undefined, true], ['It rains.一', undefined, undefined], ['It rains.二', undefined, undefined]]);
  });

  it('is confirmed without a byte changing, journalled with the set it stood in, and comes back after a reload', async () => {
    const bench = await letter(foreign);
    await translate(bench);
    const view = await confirm(bench, 3);
    assert.deepEqual([view.review, view.accepted], ['accepted', '家にいます。']);
    assert.equal(textOf(bench.fs, target), foreign);
    const { events, sets } = await bench.store.judgments({ document: 'letter.en.md', targetLanguage: 'ja' });
    assert.deepEqual(events.map(({ act: name }) => name), ['accept']);
    const frozen = sets.get(events[0]?.shown?.set ?? '');
    assert.deepEqual(frozen?.candidates.map(({ text, origin }) => [text, origin]), [['I stay at home.一', 'fake-model'], ['別のI stay at home.', 'fake-model'], ['I stay at home.二', 'fake-model'], ['家にいます。', 'existing']]);
    assert.equal(frozen.signature.backend, 'fake');
    const again = await openBench({ fs: bench.fs, writer: 'w2', answer: 'cancel' });
    assert.deepEqual([at(again, 3).accepted, heldBy(at(again, 3)), at(again, 3).difference], ['家にいます。', '家にいます。', undefined]);
    assert.deepEqual(at(again, 3).candidates.map(({ candidate }) => candidate.rank), [undefined, 1, 2, 3]);
    await undo(again, 3);
    assert.equal(textOf(bench.fs, target), foreign);
    assert.equal(at(again, 3).review, 'unreviewed');
  });

  it('is confirmed where nothing was drawn, by a set of it alone', async () => {
    const bench = await letter(foreign);
    await confirm(bench, 1);
    assert.equal(textOf(bench.fs, target), foreign);
    const again = await openBench({ fs: bench.fs, writer: 'w2' });
    assert.deepEqual([at(again, 1).accepted, heldBy(at(again, 1)), at(again, 1).state], ['こんにちは', 'こんにちは', 'waiting']);
    await translate(again);
    assert.equal(at(again, 1).candidates.length, 4);
  });

  it('comes back by its key after another candidate was accepted, as the file had spelled it', async () => {
    const fs = await files({ '/ws/en.json': '{\n  "a": "One",\n  "b": "Two"\n}\n', '/ws/ja.json': '{\n  "b": "\\u4e8c\\/",\n  "a": "一"\n}\n' });
    const before = textOf(fs, '/ws/ja.json');
    const bench = await openFile(fs, 'en.json', 'ja.json');
    await translate(bench);
    await act(bench, 2, { act: 'accept', candidate: at(bench, 2).candidates[1]?.hash ?? '' });
    assert.equal(textOf(fs, '/ws/ja.json'), before.replace('\\u4e8c\\/', 'Two一'));
    assert.equal(heldBy(at(bench, 2)), '二/');
    await confirm(bench, 2);
    assert.equal(textOf(fs, '/ws/ja.json'), before);
  });

  it('makes pairs that the card tells apart, with the prompt of the set or, without one, a plain one', async () => {
    const bench = await letter(foreign);
    await act(bench, 1, { act: 'edit', text: 'やあ', from: at(bench, 1).candidates[0]?.hash ?? '' });
    await translate(bench);
    await confirm(bench, 2);
    await act(bench, 2, { act: 'reject', candidate: at(bench, 2).candidates[1]?.hash ?? '' });
    const { card, files: { rows } } = await exportPreferencePairs(bench.store, bench.fs, { out: '/out/p.jsonl', version: '0', acceptedOverSeen: false });
    assert.deepEqual([card.rows, card.bc, card.existing, card.dropped], [2, 2, { chosen: 1, rejected: 1 }, {}]);
    assert.deepEqual(bench.fs.text(rows).trim().split('\n').map((line) => { const row = JSON.parse(line) as TrlRow; return [row.chosen, row.rejected, row.promptExact]; }), [['やあ', 'こんにちは', false], ['雨です。', 'It rains.一', false]]);
    assert.match(bench.fs.text('/out/p.card.md'), /what the target file held, without a model: 1 rows/u);
  });

  it('follows what is typed in the file; what was typed is confirmed, undone and never lost', async () => {
    const bench = await letter(foreign);
    await translate(bench);
    const typed = foreign.replace('雨です。', '雨だよ。');
    await bench.fs.writeAtomic(target, Buffer.from(typed));
    await bench.session.refreshDocument();
    assert.equal(heldBy(at(bench, 2)), '雨だよ。');
    await confirm(bench, 2);
    await undo(bench, 2);
    assert.equal(textOf(bench.fs, target), typed);
    await act(bench, 2, { act: 'accept', candidate: at(bench, 2).candidates[1]?.hash ?? '' });
    await undo(bench, 2);
    assert.equal(textOf(bench.fs, target), typed);
  });

  it('that was typed over since it was last seen is not confirmed, nor is the typing overwritten', async () => {
    const bench = await letter(foreign);
    await translate(bench);
    const typed = foreign.replace('雨です。', '雨だよ。');
    await bench.fs.writeAtomic(target, Buffer.from(typed));
    await assert.rejects(confirm(bench, 2), { code: 'document.changed' });
    assert.equal(textOf(bench.fs, target), typed);
    assert.equal(heldBy(at(bench, 2)), '雨だよ。');
    assert.equal(at(bench, 2).review, 'unreviewed');
  });

  it('is asked about like any accepted text when the file is changed after it was confirmed', async () => {
    const bench = await letter(foreign);
    await translate(bench);
    await confirm(bench, 2);
    await bench.fs.writeAtomic(target, Buffer.from(foreign.replace('雨です。', '雨だよ。')));
    await bench.session.refreshDocument();
    assert.deepEqual(at(bench, 2).difference, { accepted: '雨です。', inDocument: '雨だよ。' });
    await act(bench, 2, { act: 'resolve', choice: 'revert' });
    assert.equal(textOf(bench.fs, target), foreign);
  });

  it('that lost a placeholder stands last and cannot be confirmed', async () => {
    const fs = await files({ '/ws/en.json': '{ "a": "Dear {name}, hello" }', '/ws/ja.json': '{ "a": "こんにちは" }' });
    const bench = await openFile(fs, 'en.json', 'ja.json');
    await assert.rejects(confirm(bench, 1), { code: 'candidate.broken' });
  });

  it('is not told apart in a blind session', async () => {
    const bench = await openBench({ fs: await files({ '/ws/letter.en.md': source, [target]: foreign }), answer: 'merge', blind: true });
    await translate(bench);
    assert.equal(at(bench, 2).candidates.length, 4);
    assert.ok(at(bench, 2).candidates.every(({ existing }) => existing === undefined));
  });

  it('is what document mode reads before a segment that follows it', async () => {
    const bench = await letter(foreign);
    await translate(bench);
    assert.deepEqual([...bench.session.earlier(at(bench, 3).id)].map(({ target: text }) => text), ['雨です。', 'こんにちは']);
  });
});

/** The states that say that a text is not done are the one thing that confirming it changes. */
const notDone = /state="(?:new|initial|translated|needs-[a-z0-9-]*)"|"state" : "(?:new|needs_review)"|#, fuzzy/u;

const characters = fc.constantFrom('a', '雨', '。', ' ', '<', '>', '&', '"', "'", '\\', '\n', '{', '}', '%', ':', ';', ',', '|', '#', '=', '🙂', '&amp;', '\\n', "''");
const translation = fc.array(characters, { maxLength: 8 }).map((parts) => `訳${parts.join('').replace(/\s*\n\s*/gu, '\n')}x`);

describe('confirming what a file of any format holds', () => {
  for (const [id, texts] of Object.entries(skeletons) as [CodecId, readonly string[]][]) {
    it(`${id}: keeps every byte, and so does undoing it`, async () => {
      const codec = codecById(id);
      const name = codec.extensions[0]?.startsWith('.') === true ? `a${codec.extensions[0]}` : codec.extensions[0] ?? 'a';
      let confirmed = 0;
      await fc.assert(fc.asyncProperty(fc.constantFrom(...texts), fc.array(translation, { minLength: 9, maxLength: 9 }), fc.boolean(), async (skeleton, wanted, crlf) => {
        const bilingual = codec.bilingual === true;
        const paths = bilingual ? [name, name] as const : [`src/${name}`, `ja/${name}`] as const;
        const text = crlf ? skeleton.replaceAll('\n', '\r\n') : skeleton;
        const document = codec.parse(text, { path: name, sourceLanguage: 'en', targetLanguage: 'ja' });
        const written = document.segments.reduceRight((file, segment, index) => {
          const kept = segment.protectedSpans.map(({ range }) => segment.source.slice(range.start, range.end)).join('x');
          const put = codec.encode(`${(wanted[index % 9] ?? 'x').replaceAll('-->', 'x')}${kept}`, segment);
          return segment.unit?.existing !== undefined && index % 2 === 0 ? file : file.slice(0, segment.range.start) + put + file.slice(segment.range.end);
        }, text);
        const fs = await files({ [`/ws/${paths[0]}`]: bilingual ? written : text, [`/ws/${paths[1]}`]: written });
        const bench = await openFile(fs, ...paths);
        for (const { number, candidates } of bench.session.views()) {
          const existing = candidates.find((candidate) => candidate.existing);
          if (existing?.candidate.issues !== undefined || existing === undefined) continue;
          const before = textOf(fs, `/ws/${paths[1]}`);
          await confirm(bench, number);
          const after = textOf(fs, `/ws/${paths[1]}`);
          if (!notDone.test(before)) assert.equal(after, before);
          confirmed++;
          assert.equal(at(bench, number).difference, undefined);
          await undo(bench, number);
          assert.equal(textOf(fs, `/ws/${paths[1]}`), before);
          await confirm(bench, number);
        }
        assert.ok(bench.session.views().every(({ difference }) => difference === undefined));
      }), { numRuns: 25 });
      assert.ok(confirmed > 0);
    });
  }
});

interface Spelled {
  readonly name: string;
  /** Of a file that is edited in place, or of a source and its translation. */
  readonly file: string | readonly [source: string, target: string];
  readonly source?: string;
  readonly before: string;
  readonly after?: string;
}

const unit1 = (target: string): string => `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n<trans-unit id="1"><source>One</source>${target}</trans-unit>\n</body></file></xliff>`;
const unit2 = (attributes: string): string => `<xliff version="2.1" srcLang="en" trgLang="ja"><file id="f"><unit id="u">\n<segment${attributes}><source>One</source><target>&#x4E00; &gt;</target></segment>\n</unit></file></xliff>\n`;
const message = (head: string): string => `msgid ""\nmsgstr "Language: ja\\n"\n\n${head}msgid "One"\nmsgstr ""\n"一"\n"つ"\n`;

const spelled: readonly Spelled[] = [
  { name: 'XLIFF 1.2 without a state, with references', file: 'a.xlf', before: unit1('<target xml:lang="ja">&#x4E00;&quot;<!-- x -->つ</target>') },
  { name: 'XLIFF 1.2 that is to be reviewed', file: 'a.xlf', before: unit1('<target state="needs-review-translation">&#x4E00;</target>'), after: unit1('<target state="translated">&#x4E00;</target>') },
  { name: 'XLIFF 1.2 final', file: 'a.xlf', before: unit1('<target state="final">&#x4E00;</target>') },
  { name: 'XLIFF 1.2 in marked parts', file: 'a.xlf', before: unit1('<seg-source><mrk mtype="seg" mid="0">One</mrk></seg-source><target><mrk mtype="seg" mid="0">&#x4E00;</mrk></target>') },
  { name: 'XLIFF 2 without a state', file: 'a.xlf', before: unit2('') },
  { name: 'XLIFF 2 translated', file: 'a.xlf', before: unit2(' state="translated"'), after: unit2(' state="reviewed"') },
  { name: 'PO in wrapped lines', file: 'ja.po', before: message('') },
  { name: 'PO fuzzy', file: 'ja.po', before: message('#, fuzzy\n'), after: message('') },
  { name: 'CSV in quotes', file: 'a.csv', before: 'source;target\r\nOne;"一つ"\r\n' },
  { name: 'TMX', file: 'a.tmx', before: '<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>One</seg></tuv><tuv xml:lang="ja"><seg>&#x4E00;</seg></tuv></tu></body></tmx>' },
  { name: 'Android in quotes', file: ['values/strings.xml', 'values-ja/strings.xml'], source: '<resources><string name="a">One</string></resources>', before: '<resources>\n  <string name="b">x</string>\n  <string name="a">"一  \\u3064"</string></resources>' },
  { name: 'properties in ASCII', file: ['a.properties', 'a_ja.properties'], source: 'a=One\n', before: '# ours\na : \\u4e00\\\n   \\u3064\n' },
  { name: 'YAML in another style', file: ['en.yml', 'ja.yml'], source: 'en:\n  a: One\n', before: 'ja:\n  a: >-\n    一\n    つ\n' },
  { name: 'Markdown on two lines', file: ['a.md', 'a.ja.md'], source: 'One.\n', before: '一は\n一つ。\n' },
  { name: 'HTML with references', file: ['a.html', 'a.ja.html'], source: '<p>One.</p>\n', before: '<p>一&nbsp;&#12388; &amp;  x。</p>\n' },
];

describe('a translation that is confirmed', () => {
  for (const { name, file, source: from, before, after = before } of spelled) {
    it(`stays as the file spells it: ${name}`, async () => {
      const [here, there] = typeof file === 'string' ? [file, file] : file;
      const fs = await files({ [`/ws/${there}`]: before, ...(from === undefined ? {} : { [`/ws/${here}`]: from }) });
      const bench = await openFile(fs, here, there, { answer: 'merge' });
      await confirm(bench, 1);
      assert.equal(textOf(fs, `/ws/${there}`), after);
      assert.equal(at(bench, 1).difference, undefined);
      await bench.session.refreshDocument();
      assert.equal(at(bench, 1).difference, undefined);
      const again = await openFile(fs, here, there, { writer: 'w2' });
      assert.deepEqual([at(again, 1).review, at(again, 1).difference], ['accepted', undefined]);
      await undo(again, 1);
      assert.equal(textOf(fs, `/ws/${there}`), before);
    });
  }
});
