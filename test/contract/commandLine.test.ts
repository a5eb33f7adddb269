import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sharedData } from '../unit/support/sharedData.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const letter = readFileSync(join(root, 'test/fixtures/letter/letter.en.md'), 'utf8');

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line as its users run it: the bundle, in a folder of its own. */
function interlinear(cwd: string, ...args: readonly string[]): Promise<Run> {
  return interlinearWith({ cwd, input: '' }, ...args);
}

function interlinearWith({ cwd, input }: { readonly cwd: string; readonly input: string | Uint8Array }, ...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'dist/cli.cjs'), ...args], { cwd, maxBuffer: 1 << 26 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin?.on('error', () => undefined); // a command that reads no input may end before it is given
    child.stdin?.end(input);
  });
}

interface RankedLine {
  readonly segment: { readonly id: string; readonly source: string; readonly document?: string };
  readonly candidates: readonly { readonly text: string; readonly count: number; readonly rank: number; readonly logProb: number; readonly scores: { readonly mbr: number } }[];
  readonly signature: { readonly model: string; readonly seed: number };
}

function lines(text: string): readonly RankedLine[] {
  // The form is what these tests are about: a wrong one fails in the assertions.
  return text.trim().split('\n').map((line) => JSON.parse(line) as RankedLine);
}

describe('interlinear on the command line, with the starter model', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'interlinear-cli-'));
    writeFileSync(join(folder, 'letter.en.md'), letter);
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it('translates a file: every byte outside the segments stays, all candidates are kept', async () => {
    const run = await interlinear(folder, 'translate', 'letter.en.md', '--to', 'ja', '--n', '8', '--seed', '7', '--out', 'letter.ja.md', '--candidates', 'c.jsonl', '--json');
    assert.equal(run.code, 0, run.err);
    const sets = lines(readFileSync(join(folder, 'c.jsonl'), 'utf8'));
    assert.equal(sets.length, 7);
    for (const set of sets) {
      assert.equal(set.candidates.reduce((sum, { count }) => sum + count, 0), 8);
      assert.ok(set.candidates.every(({ logProb }) => logProb < 0));
      assert.equal(set.signature.seed, 7);
    }
    const translated = readFileSync(join(folder, 'letter.ja.md'), 'utf8');
    assert.match(translated, /^# .+\n\n.+\n\n- .+\n- .+\n\n.*`Enter`.*\]\(https:\/\/example\.org\).*\n$/u);
  });

  it('gives the same candidates for the same seed', async () => {
    const again = await interlinear(folder, 'translate', 'letter.en.md', '--to', 'ja', '--n', '8', '--seed', '7', '--candidates', 'd.jsonl');
    assert.equal(again.code, 0, again.err);
    assert.equal(readFileSync(join(folder, 'd.jsonl'), 'utf8'), readFileSync(join(folder, 'c.jsonl'), 'utf8'));
  });

  it('leaves what a bilingual file has translated, marks the rest as seen by nobody, and says what it could not write', async () => {
    const here = mkdtempSync(join(tmpdir(), 'interlinear-held-'));
    const unit = (id: number, source: string, target = ''): string => `<trans-unit id="${id}"><source>${source}</source>${target}</trans-unit>\n`;
    const file = (...units: readonly string[]): string => `<xliff version="1.2"><file source-language="en" target-language="ja"><body>\n${units.join('')}</body></file></xliff>\n`;
    const many = 'I met {a}, {b}, {c}, {d}, {e}, {f}, {g}, {h}, {i}, {j}, {k}, {l} and {m}.';
    const held = unit(2, 'Good morning.', '<target state="final">おはよう。</target>');
    writeFileSync(join(here, 'a.xlf'), file(unit(1, 'I have a dog.'), held, unit(3, many)));
    const run = await interlinear(here, 'translate', 'a.xlf', '--to', 'ja', '--n', '2', '--out', 'b.xlf', '--json');
    assert.equal(run.code, 0, run.err);
    assert.match(run.err, /^a\.xlf:4:\d+: left as it is/mu);
    const { segments, untranslated, kept } = JSON.parse(run.out) as { readonly segments: number; readonly untranslated: number; readonly kept: number };
    assert.deepEqual([segments, untranslated, kept], [3, 1, 1]);
    const target = /<target state="needs-review-translation">([^<]+)<\/target>/u.exec(readFileSync(join(here, 'b.xlf'), 'utf8'));
    assert.equal(readFileSync(join(here, 'b.xlf'), 'utf8'), file(unit(1, 'I have a dog.', target?.[0]), held, unit(3, many)));
    const again = await interlinear(here, 'translate', 'a.xlf', '--to', 'ja', '--n', '2', '--again', '--out', 'c.xlf');
    assert.equal(again.code, 0, again.err);
    assert.match(readFileSync(join(here, 'c.xlf'), 'utf8'), /Good morning\.<\/source><target state="needs-review-translation">/u);
    rmSync(here, { recursive: true, force: true });
  });

  it('uses the memory and the glossary of its folder and those that are named, as a review does', async () => {
    const here = mkdtempSync(join(tmpdir(), 'interlinear-known-'));
    const put = (name: string, text: string): void => { writeFileSync(join(here, name), text); };
    const tmx = (source: string, target: string): string => `<?xml version="1.0"?><tmx version="1.4"><header srclang="en" segtype="sentence" datatype="plaintext" adminlang="en" o-tmf="x" creationtool="x" creationtoolversion="1"/><body><tu><tuv xml:lang="en"><seg>${source}</seg></tuv><tuv xml:lang="ja"><seg>${target}</seg></tuv></tu></body></tmx>`;
    put('pets.txt', 'I have a dog.\n\nI like green tea.\n');
    put('own.tmx', tmx('I have a dog.', '犬を一匹飼っています。'));
    put('other.tmx', tmx('I like black tea.', '紅茶が好きです。'));
    put('terms.csv', 'source,target\ndog,ワンちゃん\n');
    assert.equal((await interlinear(here, 'memory', 'import', 'own.tmx')).code, 0);
    interface Known { readonly candidates: readonly { readonly text: string; readonly termFaults?: number; readonly memory?: { readonly kind: string; readonly score: number; readonly from: string } }[]; readonly signature: { readonly terms?: { readonly count: number } } }
    const run = async (...more: readonly string[]): Promise<readonly Known[]> => {
      const { code, err } = await interlinear(here, 'translate', 'pets.txt', '--to', 'ja', '--n', '2', '--candidates', 'c.jsonl', ...more);
      assert.equal(code, 0, err);
      return readFileSync(join(here, 'c.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Known);
    };
    const matches = (sets: readonly Known[]): readonly string[] => sets.flatMap(({ candidates }) => candidates.flatMap(({ text, memory }) => (memory === undefined ? [] : [`${text} ${memory.kind} ${memory.from}`])));
    assert.deepEqual(matches(await run()), ['犬を一匹飼っています。 exact own.tmx']);
    const all = await run('--memory', 'other.tmx', '--glossary', 'terms.csv');
    assert.deepEqual(matches(all), ['犬を一匹飼っています。 exact own.tmx', '紅茶が好きです。 fuzzy other.tmx']);
    assert.deepEqual([all[0]?.signature.terms?.count, all[0]?.candidates.every(({ termFaults }) => termFaults !== undefined)], [1, true]);
    assert.deepEqual(matches(await run('--matches', '0')), []);
    assert.equal((await interlinear(here, 'translate', 'pets.txt', '--to', 'ja', '--memory', 'none.tmx')).code, 2);
    rmSync(here, { recursive: true, force: true });
  });

  it('translates standard input in a format that is named, and writes the bytes of the file to standard output', async () => {
    const translated = await interlinearWith({ cwd: folder, input: letter }, 'translate', '-', '--format', 'md', '--to', 'ja', '--n', '8', '--seed', '7', '--candidates', 'e.jsonl');
    assert.equal(translated.code, 0, translated.err);
    assert.equal(translated.out, readFileSync(join(folder, 'letter.ja.md'), 'utf8'));
    assert.deepEqual(lines(readFileSync(join(folder, 'e.jsonl'), 'utf8')).map(({ segment: { document } }) => document), Array.from({ length: 7 }, () => 'stdin'));
  });

  it('takes standard input for plain text, and writes to a file that is named', async () => {
    const bytes = Buffer.from('\ufeffI am tired. **Me too.**\r\n', 'utf8');
    const plain = await interlinearWith({ cwd: folder, input: bytes }, 'translate', '-', '--to', 'ja', '--n', '2', '--out', 'plain.ja.txt');
    assert.equal(plain.code, 0, plain.err);
    assert.equal(plain.out, '');
    const out = readFileSync(join(folder, 'plain.ja.txt'), 'utf8');
    assert.match(out, /^\ufeff[^\r\n]+\r\n$/u);
    assert.notEqual(out, bytes.toString('utf8'));
  });

  it('says what is wrong with standard input', async () => {
    const cases: readonly (readonly [Uint8Array, readonly string[], RegExp])[] = [
      [Buffer.from(''), [], /stdin has no text/u],
      [Buffer.from('caf\xe9', 'latin1'), [], /stdin is not valid UTF-8 at byte 3/u],
      [Buffer.from('Hello.'), ['--format', 'docx'], /format of stdin\.docx.*\.md/u],
      [Buffer.from('Hello.'), ['--out', '-', '--json'], /--out -: the summary of --json/u],
    ];
    for (const [input, args, message] of cases) {
      const run = await interlinearWith({ cwd: folder, input }, 'translate', '-', '--to', 'ja', ...args);
      assert.equal(run.code, 2, run.err);
      assert.match(run.err, message);
      assert.equal(run.out, '');
    }
  });

  it('ranks what it wrote, in input order, and says the same', async () => {
    const run = await interlinear(folder, 'rank', 'c.jsonl', '--utility', 'chrf', '--json');
    assert.equal(run.code, 0, run.err);
    const before = lines(readFileSync(join(folder, 'c.jsonl'), 'utf8'));
    const ranked = lines(run.out);
    assert.deepEqual(ranked.map(({ segment }) => segment.id), before.map(({ segment }) => segment.id));
    assert.deepEqual(ranked.map(({ candidates }) => candidates.map(({ text, rank }) => [text, rank])), before.map(({ candidates }) => candidates.map(({ text, rank }) => [text, rank])));
    writeFileSync(join(folder, 'gaps.jsonl'), `\n${readFileSync(join(folder, 'c.jsonl'), 'utf8').replaceAll('\n', '\n\n')}`);
    assert.equal((await interlinear(folder, 'rank', 'gaps.jsonl', '--json')).out, run.out);
    assert.equal((await interlinearWith({ cwd: folder, input: readFileSync(join(folder, 'c.jsonl')) }, 'rank', '-', '--json')).out, run.out);
  });

  it('ranks WMT24 ESA files as they are', async (t) => {
    const file = sharedData('wmt24-esa/en-ja.jsonl');
    if (file === undefined) {
      t.skip('needs ../shared/data/wmt24-esa');
      return;
    }
    const some = readFileSync(file, 'utf8').split('\n').slice(0, 5).join('\n');
    writeFileSync(join(folder, 'wmt.jsonl'), `${some}\n`);
    const run = await interlinear(folder, 'rank', 'wmt.jsonl', '--json');
    assert.equal(run.code, 0, run.err);
    for (const { candidates } of lines(run.out)) {
      assert.equal(Math.min(...candidates.map(({ rank }) => rank)), 1);
      assert.ok(candidates.every(({ scores }) => scores.mbr >= 0 && scores.mbr <= 1));
    }
  });

  it('aligns one line a pair, zero-indexed', async () => {
    writeFileSync(join(folder, 'pairs.txt'), 'the house ||| das haus\nthe book ||| das buch\na book ||| ein buch\n');
    const run = await interlinear(folder, 'align', 'pairs.txt', '--format', 'pharaoh');
    assert.equal(run.code, 0, run.err);
    assert.deepEqual(run.out.trim().split('\n'), ['0-0 1-1', '0-0 1-1', '0-0 1-1']);
    writeFileSync(join(folder, 'sides.txt'), 'the house ||| das haus\n ||| das\nthe |||\n|||\n');
    assert.equal((await interlinear(folder, 'align', 'sides.txt')).out, '0-0 1-1\n\n\n\n');
    assert.equal((await interlinearWith({ cwd: folder, input: readFileSync(join(folder, 'sides.txt')) }, 'align', '-')).out, '0-0 1-1\n\n\n\n');
    assert.equal((await interlinear(folder, 'align', 'sides.txt', '--json')).out, '{"links":[[0,0],[1,1]]}\n{"links":[]}\n{"links":[]}\n{"links":[]}\n');
  });

  it('says what is wrong with bad input, where, and exits with 2', async () => {
    writeFileSync(join(folder, 'empty.md'), '');
    writeFileSync(join(folder, 'binary.md'), Buffer.from([0x61, 0x00, 0x62]));
    writeFileSync(join(folder, 'latin1.md'), Buffer.from('caf\xe9 au lait', 'latin1'));
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['translate', 'empty.md', '--to', 'ja'], /empty\.md has no text/u],
      [['translate', 'binary.md', '--to', 'ja'], /binary\.md is not a text file \(byte 1/u],
      [['translate', 'latin1.md', '--to', 'ja'], /latin1\.md is not valid UTF-8 at byte 3/u],
      [['translate', 'missing.md', '--to', 'ja'], /missing\.md does not exist/u],
      [['translate', 'letter.en.md', '--to', 'xx'], /"xx" is not a language tag/u],
      [['translate', 'letter.en.md', '--to', 'fr'], /starter-en-ja translates en > ja, not en to fr/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--n', '0'], /--n 0: must be a number from 1 to 1024/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--model-folder', 'nowhere'], /nowhere.* does not exist/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--backend', 'http://127.0.0.1:1', '--model', 'm'], /No answer from http:\/\/127\.0\.0\.1:1/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--out', './letter.en.md'], /--out \.\/letter\.en\.md: is the source itself/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--candidates', 'letter.en.md'], /--candidates letter\.en\.md: is the source itself/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--out', 'x', '--candidates', 'x'], /--candidates x: is the same file as --out/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--out', '.'], /--out \.: is a folder/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--out', 'nowhere/letter.ja.md'], /--out nowhere\/letter\.ja\.md: nowhere is no folder/u],
      [['translate', 'letter.en.md', '--to', 'ja', '--format', 'txt'], /--format txt: is for standard input/u],
      [['rank', 'c.jsonl', '--fast'], /arguments: Unknown option '--fast'; see --help/u],
      [['align', 'pairs.txt', '--json', '--format', 'pharaoh'], /--format pharaoh: contradicts --json/u],
      [['rank', 'letter.en.md'], /letter\.en\.md:1/u],
      [['pairs', '.', '--out', 'p.jsonl'], /no \.interlinear folder/u],
      [['fly'], /no command "fly"/u],
    ];
    for (const [args, message] of cases) {
      const run = await interlinear(folder, ...args);
      assert.equal(run.code, 2, `${args.join(' ')}: ${run.err}`);
      assert.match(run.err, message);
      assert.equal(run.out, '');
    }
  });

  it('round-trips files and exits with 1 when one cannot be read', async () => {
    const run = await interlinear(folder, 'roundtrip', 'letter.en.md', 'latin1.md', '--json');
    assert.equal(run.code, 1);
    const [good, bad] = run.out.trim().split('\n').map((line) => JSON.parse(line) as object);
    assert.deepEqual(good, { file: 'letter.en.md', identical: true, segments: 7 });
    assert.match(JSON.stringify(bad), /"identical":false.*"error":".*byte 3/u);
  });

  it('shows help with examples for every command', async () => {
    for (const command of ['translate', 'rank', 'align', 'pairs', 'roundtrip', 'check', 'backend']) {
      const run = await interlinear(folder, command, '--help');
      assert.equal(run.code, 0);
      assert.match(run.out, /Example/u);
    }
  });
});
