/** Values that break files, accepted into every place of each format, and read again by readers that are not ours: Python's own, and PyYAML. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, it, type TestContext } from 'node:test';
import { inRoot } from '../../scripts/support/root.ts';
import { codecFor } from '../../src/core/document/codecs.ts';
import { composeTarget } from '../../src/core/document/target.ts';
import { documents, type ReaderDocument } from './support/readerDocuments.ts';
import { trainerPython, Unavailable } from './support/servers.ts';

/** What a reader says of a file: texts by their place, and all the rest. */
type Reading = readonly [values: Readonly<Record<string, string>>, rest: unknown];

const hostile = [
  '"', "'", "''", '""', "l'été", '"quoted" and \'single\'', '一\n二', '一\n\n三\n', '一\n  二\n三', '一\n\n  二\n\n\n三\n四', '&', '&amp;', '&lt;b&gt;', '<', '<b>', '</target>', '</string>', ']]>', '<![CDATA[', '<!-- x -->', '\\', '\\\\', '\\n', '\\u0041', '\\"',
  '%', '%s %d', '100 %', '%%', '{', '}', '{0}', '{{x}}', '${x}', '$', '#', '# note', ': ', '- a', '? a', '@string/x', '@@', '*a', '!b', '|', '>', '`', '~', '=', ';', ',', '一,二', '一\t二', '[', ']',
  'true', 'null', '1', '0x1F', '1e3', '2026-01-02', '漢字かな交じり文。', '「」', '🙂', '👩‍👩‍👧', '𠮷野家', 'é', 'e\u0301', '\u00a0', '\u200b', '\u202bעברית\u202c', '  two  spaces  ', 'a\u2028b', 'a\u0085b', '\ufeff',
];
/** As it is, and with words around it. Outer white space is the file's own. */
const values = hostile.flatMap((value) => [value, `訳${value}x`]).map((value) => value.trim()).filter((value) => value !== '');

describe('files that were written say to other readers what was accepted', () => {
  let python: string | undefined;
  let reason = '';

  before(async () => {
    try {
      python = await trainerPython();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      reason = error.message;
    }
  });

  for (const document of documents) {
    it(`${document.path} (${document.reader})`, (t: TestContext) => {
      if (python === undefined) {
        t.skip(reason);
        return;
      }
      const rounds = written(document);
      const [first, ...readings] = read(python, document.reader, [document.text, ...rounds.map(({ text }) => text)]);
      assert.ok(first !== undefined && readings.length === values.length);
      readings.forEach(([found, rest], index) => {
        const { accepted, text } = rounds[index] ?? assert.fail();
        assert.deepEqual(found, { ...first[0], ...accepted }, text);
        assert.deepEqual(rest, first[1], text);
      });
    });
  }
});

interface Round {
  /** By the place that the reader names. */
  readonly accepted: Readonly<Record<string, string>>;
  readonly text: string;
}

/** As many rounds as there are values: each place gets each of them, always in the file of the round before. */
function written({ path, text, places, frame, without }: ReaderDocument): readonly Round[] {
  const codec = codecFor(path);
  const rounds: Round[] = [];
  for (let round = 0; round < values.length; round++) {
    const before = rounds.at(-1)?.text ?? text;
    const document = codec.parse(before, { path, sourceLanguage: 'en', targetLanguage: 'ja', isTranslation: round > 0 && codec.bilingual !== true });
    const accepted: Record<string, string> = {};
    const encoded = new Map<string, string>();
    for (const [index, key] of Object.keys(places).entries()) {
      const segment = document.segments.find(({ unit }) => unit?.key === key) ?? assert.fail(`${path} has ${JSON.stringify(document.segments.map(({ unit }) => unit?.key))}, not ${JSON.stringify(key)}`);
      const hostileValue = values[(round + 7 * index) % values.length] ?? assert.fail();
      const value = hostileValue.replace(without?.[key] ?? '', '');
      const [open, close] = frame?.written[key] ?? ['', ''];
      const [shownOpen, shownClose] = frame?.read[key] ?? ['', ''];
      encoded.set(segment.id, codec.encode(open + value + close, segment));
      accepted[places[key] ?? ''] = shownOpen + value + shownClose;
    }
    rounds.push({ accepted, text: composeTarget(document, encoded, 'ja').text });
  }
  return rounds;
}

function read(python: string, reader: string, texts: readonly string[]): readonly Reading[] {
  const { status, stdout, stderr } = spawnSync(python, [inRoot('test/contract/support/read_document.py')], { input: JSON.stringify(texts.map((text) => [reader, text])), encoding: 'utf8', env: { ...process.env, PYTHONUTF8: '1' }, maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as readonly Reading[];
}
