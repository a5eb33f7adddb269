/** The critic's JSON schema on llama.cpp's own server: what the starter model says is nonsense, but its grammar is real. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { OpenAiBackend } from '../../src/backend/openai/openAiBackend.ts';
import { criticMessages, criticSchema, readVerdict } from '../../src/core/critic/critic.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { startLlama, withServers } from './support/servers.ts';

const never = new AbortController().signal;
/** Short, and so is the evidence: the starter model reads 512 tokens, and fills whatever room it is given. */
const principles = ['It is complete.', 'It is polite.'];

describe('a critic on llama-server', () => {
  it('answers by the schema, whatever the model is', { timeout: 300_000 }, (t) => withServers(t, async () => {
    const server = await startLlama({ slots: 1, threads: 1 });
    const backend = new OpenAiBackend({ urls: [server.url] });
    try {
      const question = { source: 'It is raining.', translation: '雨が降っている。', languages: { source: 'English', target: 'Japanese' }, principles };
      const answer = await backend.structured({ messages: criticMessages(question), schema: criticSchema(principles, 12), name: 'principles', maxTokens: 200 }, never);
      const verdict = readVerdict(answer, principles);
      assert.ok(verdict !== undefined, JSON.stringify(answer));
      assert.equal(verdict.findings.length, 2);
      assert.ok([0, 0.5, 1].includes(verdict.score));
      await cutOff(backend, question);
      await onTheCommandLine(server.url);
    } finally {
      await backend.dispose();
      await server.stop();
    }
  }));
});

/** An answer that does not fit is an error, not half a verdict. */
async function cutOff(backend: OpenAiBackend, question: Parameters<typeof criticMessages>[0]): Promise<void> {
  const short = backend.structured({ messages: criticMessages(question), schema: criticSchema(principles), name: 'principles', maxTokens: 3 }, never);
  await assert.rejects(short, /backend\.badReply.*cut off after 3 tokens/u);
}

/** The fixed principles do not fit into this small model: the command says which server and what is wrong, and exits with 2. */
async function onTheCommandLine(url: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'interlinear-critic-'));
  try {
    const segment = { id: 's', source: 'It rains.', sourceLanguage: 'en', targetLanguage: 'ja', document: 'd' };
    writeFileSync(join(folder, 'sets.jsonl'), `${JSON.stringify({ segment, candidates: [{ text: '雨だ。' }, { text: '雪だ。' }] })}\n`);
    const { code, err } = await new Promise<{ code: number; err: string }>((resolve) => {
      execFile(process.execPath, [inRoot('dist/cli.cjs'), 'rank', 'sets.jsonl', '--critic', url, '--model', 'starter-en-ja'], { cwd: folder }, (error, _, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), err: stderr });
      });
    });
    assert.equal(code, 2, err);
    assert.match(err, /127\.0\.0\.1/u);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
