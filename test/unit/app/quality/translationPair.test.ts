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

  it('is in the language that a bilingual file names, whatever the encoding and the folder\'s default', async () => {
    const fs = new FakeFileSystem();
    const text = '<xliff version="1.2"><file source-language="de" original="ä"/></xliff>';
    await fs.writeAtomic('/ws/en/a.xlf', Buffer.from(text));
    await fs.writeAtomic('/ws/en/b.xlf', Buffer.from(`\ufeff${text}`, 'utf16le'));
    await fs.writeAtomic('/ws/fr.po', Buffer.from('msgid ""\nmsgstr "Language: fr\\n"\n'));
    const languages = async (path: string, source?: string): Promise<unknown> => (await translationPair(fs, { root: '/ws', path, target: 'ja', ...(source === undefined ? {} : { source }) }))?.languages;
    assert.deepEqual([await languages('en/a.xlf'), await languages('en/b.xlf', 'es'), await languages('fr.po'), await languages('fr.po', 'es')], ['de', 'de', 'en', 'es'].map((source) => ({ source, target: 'ja' })));
  });
});
