/** A file of translations that holds a place for every key and no text yet, and texts without a letter: each stays one entry. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeBackend } from '../support/fakeBackend.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { openFile, textOf, translate, type Bench } from './support.ts';

interface Case {
  readonly source: readonly [path: string, text: string];
  readonly target: readonly [path: string, text: string];
  /** After both are `1`. */
  readonly written: string;
}

const cases: readonly Case[] = [
  { source: ['en.json', '{\n  "a": "One",\n  "b": "Two"\n}\n'], target: ['ja.json', '{\n  "a": "",\n  "b": null\n}\n'], written: '{\n  "a": "1",\n  "b": "1"\n}\n' },
  { source: ['values/strings.xml', '<resources>\n<string name="a">One</string>\n<string name="b">Two</string>\n</resources>\n'], target: ['values-ja/strings.xml', '<resources>\n<string name="a"></string>\n<string name="b" />\n</resources>\n'], written: '<resources>\n<string name="a">1</string>\n<string name="b">1</string>\n</resources>\n' },
  { source: ['m.properties', 'a=One\nb=Two\n'], target: ['m_ja.properties', 'a=\nb\n'], written: 'a=1\nb=1\n' },
  { source: ['en.yml', 'en:\n  a: One\n  b: Two\n'], target: ['ja.yml', 'ja:\n  a:\n  b: ~ # later\n'], written: 'ja:\n  a: "1"\n  b: "1" # later\n' },
  { source: ['R.resx', '<root>\n<data name="a"><value>One</value></data>\n<data name="b"><value>Two</value></data>\n</root>\n'], target: ['R.ja.resx', '<root>\n<data name="a"><value></value></data>\n<data name="b"><value/></data>\n</root>\n'], written: '<root>\n<data name="a"><value>1</value></data>\n<data name="b"><value>1</value></data>\n</root>\n' },
  { source: ['en.lproj/R.strings', '"a" = "One";\n"b" = "Two";\n'], target: ['ja.lproj/R.strings', '"a" = "";\n"b" = "";\n'], written: '"a" = "1";\n"b" = "1";\n' },
  { source: ['a.en.srt', '1\n00:00:01,000 --> 00:00:02,000\nOne\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n'], target: ['a.ja.srt', '1\r\n00:00:01,000 --> 00:00:02,000\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n'], written: '1\r\n00:00:01,000 --> 00:00:02,000\r\n1\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n1\r\n' },
];

describe('a file of translations that are empty or have no letter', () => {
  for (const { source, target, written } of cases) {
    it(`${target[0]}: a text comes into the place of its key, and another one after it`, async () => {
      const fs = new FakeFileSystem();
      for (const [path, text] of [source, target]) await fs.writeAtomic(`/ws/${path}`, Buffer.from(text));
      const bench = await openFile(fs, source[0], target[0]);
      await translate(bench, new FakeBackend(() => ['1', '雨', '雨']));
      for (const text of ['1', '雨', '1']) {
        await acceptAll(bench, text);
        assert.equal(textOf(fs, `/ws/${target[0]}`).replaceAll('雨', '1').replaceAll(/: 1\b/gu, ': "1"'), written);
        assert.ok(bench.session.views().every(({ difference, accepted }) => difference === undefined && accepted === text));
      }
      assert.equal(textOf(fs, `/ws/${target[0]}`), written);
    });
  }
});

async function acceptAll({ session }: Bench, text: string): Promise<void> {
  for (const { id, candidates } of session.views()) {
    const hash = candidates.find(({ candidate }) => candidate.text === text)?.hash;
    assert.ok(hash !== undefined);
    await session.act({ segment: id, order: [hash], elapsedMs: 1, what: { act: 'accept', candidate: hash } });
  }
}
