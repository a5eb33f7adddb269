/** `interlinear backend` and `interlinear translate --backend` against real servers, and what those servers got to read. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { CandidateSet } from '../../src/core/candidate.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { startRecordingFront, type Recorded } from '../support/recordingFront.ts';
import { starterFolder, startLlama, startTransformers, withServers, type RunningServer } from './support/servers.ts';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder with a short text, the command line in it, and a real server behind a front that writes everything down. */
interface Place {
  readonly url: string;
  readonly recorded: readonly Recorded[];
  readonly folder: string;
  readonly interlinear: (...args: readonly string[]) => Promise<Run>;
  readonly sets: () => readonly CandidateSet[];
}

const text = 'I have a dog.\n\nIt is raining.\n';

function at(t: TestContext, start: () => Promise<RunningServer>, body: (place: Place) => Promise<void>): Promise<void> {
  return withServers(t, async () => {
    const server = await start();
    const front = await startRecordingFront(server.url);
    const folder = mkdtempSync(join(tmpdir(), 'interlinear-backend-'));
    writeFileSync(join(folder, 'in.en.txt'), text);
    const interlinear = (...args: readonly string[]): Promise<Run> => new Promise((resolve) => {
      execFile(process.execPath, [inRoot('dist/cli.cjs'), ...args], { cwd: folder, maxBuffer: 1 << 26 }, (error, out, err) => { resolve({ code: error === null ? 0 : Number(error.code), out, err }); });
    });
    // the command line wrote them
    const sets = (): readonly CandidateSet[] => readFileSync(join(folder, 'c.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as CandidateSet);
    try {
      await body({ url: front.url, recorded: front.recorded, folder, interlinear, sets });
    } finally {
      await Promise.all([front.stop(), server.stop()]);
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

const llama = (): Promise<RunningServer> => startLlama({ slots: 2, threads: 1 });

async function post(url: string, body: object): Promise<unknown> {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return reply.json();
}

/** The user's turn of each drawing (not of the survey's question), in the order of their segments, once each. */
function asked(recorded: readonly Recorded[]): readonly string[] {
  const turns = recorded.filter(({ body }) => body['stream'] === true).map(({ body: { messages } }) => (messages as { content: string }[]).map(({ content }) => content).join('\n')); // chat requests of our own
  return [...new Set(turns)];
}

/** As many tokens as the server says it read are those of the messages laid out by its own template. */
async function readAsSent(url: string, { body, reply }: Recorded): Promise<void> {
  const { prompt } = await post(`${url}/apply-template`, { messages: body['messages'] }) as { prompt: string };
  for (const { content } of body['messages'] as { content: string }[]) assert.ok(prompt.includes(content.trim()), prompt);
  const { tokens } = await post(`${url}/tokenize`, { content: prompt, add_special: true, parse_special: true }) as { tokens: number[] };
  assert.equal(Number(/"prompt_tokens":(\d+)/u.exec(reply)?.[1]), tokens.length);
}

const tmx = `<?xml version="1.0"?><tmx version="1.4"><header srclang="en" segtype="sentence" datatype="plaintext" adminlang="en" o-tmf="x" creationtool="x" creationtoolversion="1"/><body>
<tu><tuv xml:lang="en"><seg>I have a dog.</seg></tuv><tuv xml:lang="nl"><seg>Ik heb een hond.</seg></tuv></tu></body></tmx>`;

describe('the command line with llama.cpp', { timeout: 300_000 }, () => {
  it('probes it, says what a translation would take, and translates', (t) => at(t, llama, async ({ url, folder, interlinear, sets }) => {
    const probe = await interlinear('backend', url, '--json');
    assert.equal(probe.code, 0, probe.err);
    const { kind, model, promptFamily, missing } = JSON.parse(probe.out) as { kind: string; model: string; promptFamily: string; missing: { capability: string }[] };
    assert.deepEqual([kind, model, promptFamily, missing.map(({ capability }) => capability)], ['llama-server', 'starter-en-ja', 'starter', ['promptLogProbs', 'adapterLoading']]);
    const server = ['--backend', url, '--model', 'starter-en-ja'];
    const dry = await interlinear('translate', 'in.en.txt', '--to', 'ja', ...server, '--n', '4', '--dry-run', '--json');
    assert.equal((JSON.parse(dry.out) as { segments: number }).segments, 2, dry.err);
    const run = await interlinear('translate', 'in.en.txt', '--to', 'ja', ...server, '--n', '4', '--seed', '7', '--out', 'out.ja.txt', '--candidates', 'c.jsonl');
    assert.equal(run.code, 0, run.err);
    assert.match(readFileSync(join(folder, 'out.ja.txt'), 'utf8'), /^[^\n]*\p{Script=Hiragana}[^\n]*\n\n[^\n]*\p{Script=Hiragana}[^\n]*\n$/u);
    for (const { candidates, signature } of sets()) {
      assert.equal(candidates.reduce((sum, { count }) => sum + count, 0), 4);
      assert.deepEqual([signature.model, signature.seed, signature.promptFamily], ['starter-en-ja', 7, 'starter@1']);
    }
  }));

  it('PMP-O: the auxiliary translation of the memory is in what the server read', (t) => at(t, llama, async ({ url, recorded, folder, interlinear, sets }) => {
    writeFileSync(join(folder, 'old.tmx'), tmx);
    const run = await interlinear('translate', 'in.en.txt', '--to', 'de', '--backend', url, '--model', 'starter-en-ja', '--prompt-family', 'lmt', '--pmp', 'memory', '--memory', 'old.tmx', '--n', '2', '--candidates', 'c.jsonl');
    assert.equal(run.code, 0, run.err);
    assert.deepEqual(asked(recorded).toSorted(), [
      'Translate the following text from English into German:\nEnglish: It is raining.\nGerman:',
      'Translate this from English to Dutch and German:\nEnglish: I have a dog.\nDutch: Ik heb een hond.\nGerman:',
    ]);
    for (const one of recorded.filter(({ body }) => body['stream'] === true)) await readAsSent(url, one);
    assert.deepEqual(sets().map(({ signature: { promptFamily, auxiliary } }) => [promptFamily, auxiliary]), [['lmt@1', 'memory'], ['lmt@1', 'memory']]);
  }));

  it('PMP-S: what it wrote in the auxiliary language, greedily, is in what it read next', (t) => at(t, llama, async ({ url, recorded, interlinear }) => {
    const run = await interlinear('translate', 'in.en.txt', '--to', 'de', '--backend', url, '--model', 'starter-en-ja', '--prompt-family', 'lmt', '--pmp', 'self', '--n', '2', '--candidates', 'c.jsonl');
    assert.equal(run.code, 0, run.err);
    const drawn = recorded.filter(({ body }) => body['stream'] === true);
    const turns = asked(recorded);
    for (const source of ['I have a dog.', 'It is raining.']) {
      const first = `Translate the following text from English into Dutch:\nEnglish: ${source}\nDutch:`;
      const greedy = drawn.find(({ body }) => JSON.stringify(body['messages']).includes(JSON.stringify(first)));
      assert.equal(greedy?.body['temperature'], 0);
      const written = [...greedy.reply.matchAll(/"content":("(?:[^"\\]|\\.)*")/gu)].map(([, piece]) => JSON.parse(piece ?? '""') as string).join('').trim();
      assert.ok(written !== '');
      assert.ok(turns.includes(`Translate this from English to Dutch and German:\nEnglish: ${source}\nDutch: ${written}\nGerman:`), turns.join('\n'));
    }
  }));

  it('the style brief and the terms of a glossary are in what the server read', (t) => at(t, llama, async ({ url, recorded, folder, interlinear, sets }) => {
    writeFileSync(join(folder, 'terms.csv'), 'source,target\ndog,ワンちゃん\n');
    const run = await interlinear('translate', 'in.en.txt', '--to', 'ja', '--backend', url, '--model', 'starter-en-ja', '--prompt-family', 'qwen3', '--brief', 'for children, polite', '--glossary', 'terms.csv', '--n', '2', '--candidates', 'c.jsonl');
    assert.equal(run.code, 0, run.err);
    const head = 'Translate the following text from English to Japanese. Keep every mark of the form ⟦1⟧ exactly as it is. Answer with the translation alone.\n\nStyle: for children, polite\n\n';
    assert.deepEqual(asked(recorded).toSorted(), [`${head}It is raining.`, `${head}Use these terms:\n- dog => ワンちゃん\n\nI have a dog.`]);
    for (const one of recorded.filter(({ body }) => body['stream'] === true)) await readAsSent(url, one);
    assert.deepEqual(sets().map(({ signature }) => signature.brief), [{ notes: 'for children, polite' }, { notes: 'for children, polite' }]);
  }));

  it('a prompt family that is none, or one without a server, is refused', async () => {
    const refused = (...args: readonly string[]): Promise<string> => new Promise((resolve) => {
      execFile(process.execPath, [inRoot('dist/cli.cjs'), 'translate', inRoot('test/fixtures/letter/letter.en.md'), '--to', 'ja', ...args], (_, __, err) => { resolve(err); });
    });
    assert.match(await refused('--backend', 'http://127.0.0.1:1', '--model', 'm', '--prompt-family', 'lmt60'), /--prompt-family lmt60: must be one of algharb, lmt/u);
    assert.match(await refused('--prompt-family', 'lmt'), /--prompt-family: is for a server/u);
  });
});

describe('the command line with transformers serve', { timeout: 300_000 }, () => {
  it('probes it and translates', (t) => at(t, startTransformers, async ({ url, folder, interlinear, sets }) => {
    const probe = await interlinear('backend', url, '--model', starterFolder, '--json');
    assert.equal(probe.code, 0, probe.err);
    const { kind, promptFamily, capabilities } = JSON.parse(probe.out) as { kind: string; promptFamily: string; capabilities: Record<string, { state: string }> };
    assert.deepEqual([kind, promptFamily, capabilities['rawCompletions']?.state, capabilities['promptLogProbs']?.state], ['transformers', 'starter', 'yes', 'no']);
    const run = await interlinear('translate', 'in.en.txt', '--to', 'ja', '--backend', url, '--model', starterFolder, '--n', '2', '--temperature', '0.7', '--out', 'out.ja.txt', '--candidates', 'c.jsonl');
    assert.equal(run.code, 0, run.err);
    assert.match(readFileSync(join(folder, 'out.ja.txt'), 'utf8'), /^[^\n]*\p{Script=Hiragana}[^\n]*\n\n[^\n]*\p{Script=Hiragana}[^\n]*\n$/u);
    for (const { candidates } of sets()) assert.equal(candidates.reduce((sum, { count }) => sum + count, 0), 2);
  }));
});
