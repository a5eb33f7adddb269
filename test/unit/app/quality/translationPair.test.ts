import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { translationPair } from '../../../../src/app/quality/translationPair.ts';
import { FakeFileSystem } from '../../store/support/memoryFileSystem.ts';

const files = ['letter.en.md', 'letter.ja.md', 'ja.po', 'messages.pot', 'locales/en.json', 'locales/ja.json', 'res/values/strings.xml', 'res/values-ja/strings.xml', 'en.lproj/a.strings', 'ja.lproj/a.strings', 'alone.ja.md', 'notes.md', 'x.bin'];

async function pair(path: string): Promise<string> {
  const fs = new FakeFileSystem();
  for (const name of files) await fs.writeAtomic(`/ws/${name}`, Buffer.from('x'));
  const found = await translationPair(fs, { root: '/ws', path, target: 'ja' });
  return found === undefined ? '' : `${found.source} > ${found.target}`;
}

describe('the pair that a file belongs to', () => {
  for (const [path, expected] of [
    ['letter.ja.md', 'letter.en.md > letter.ja.md'],
    ['letter.en.md', 'letter.en.md > letter.ja.md'],
    ['ja.po', 'ja.po > ja.po'],
    ['locales/ja.json', 'locales/en.json > locales/ja.json'],
    ['res/values-ja/strings.xml', 'res/values/strings.xml > res/values-ja/strings.xml'],
    ['ja.lproj/a.strings', 'en.lproj/a.strings > ja.lproj/a.strings'],
    ['alone.ja.md', ''],
    ['notes.md', ''],
    ['x.bin', ''],
  ] as const) {
    it(`${path}: ${expected === '' ? 'none' : expected}`, async () => { assert.equal(await pair(path), expected); });
  }
});
