/** The command line against a server with TLS whose authority is the test's own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, afterEach, before, describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { inRoot } from '../../scripts/support/root.ts';
import { makeAuthority, type Authority } from '../support/certificates.ts';
import { startTlsFront, type TlsFront } from '../support/tlsFront.ts';
import { FakeOpenAi, seededChat, stopFakes } from '../unit/support/fakeOpenAi.ts';
import { CHAT } from '../unit/support/openAiScene.ts';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function probe(url: string, env: Readonly<Record<string, string>>): Promise<Run> {
  return new Promise((resolve) => {
    const { NODE_EXTRA_CA_CERTS: _, ...own } = process.env;
    execFile(process.execPath, [inRoot('dist/cli.cjs'), 'backend', url, '--json'], { env: { ...own, ...env } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('a server with TLS on the command line', () => {
  let authority: Authority | undefined;
  let front: TlsFront | undefined;
  before(() => { authority = makeAuthority(); });
  afterEach(async () => {
    await front?.stop();
    front = undefined;
    await stopFakes();
  });
  after(() => { authority?.remove(); });

  /** The answers where the authority is not known, and where it is. Undefined, and the test is skipped, where no certificate can be made. */
  async function answers(t: TestContext, names: readonly string[], days?: number): Promise<{ readonly url: string; readonly stranger: Run; readonly known: Run } | undefined> {
    if (authority === undefined) {
      t.skip('needs the openssl program');
      return undefined;
    }
    const plain = await new FakeOpenAi({ [CHAT]: seededChat }).start();
    front = await startTlsFront(authority.issue(names, days), plain.url);
    if (days === 0) await setTimeout(1100);
    const url = `https://127.0.0.1:${front.port}`;
    return { url, stranger: await probe(url, {}), known: await probe(url, { NODE_EXTRA_CA_CERTS: authority.path }) };
  }

  it('is refused with its URL, the reason and the next step, and accepted once its authority is known', async (t) => {
    const found = await answers(t, ['127.0.0.1']);
    if (found === undefined) return;
    assert.equal(found.stranger.code, 2);
    assert.match(found.stranger.err, /https:\/\/127\.0\.0\.1:\d+\S* is not trusted: its certificate is of an authority that is not known here\. .*NODE_EXTRA_CA_CERTS/u);
    assert.ok(found.stranger.err.includes(found.url));
    assert.equal(found.stranger.out, '');
    assert.equal(found.known.code, 0, found.known.err);
    assert.match(found.known.out, /"model":"Qwen3-8B"/u);
  });

  it('is refused under another name, whoever issued the certificate', async (t) => {
    const found = await answers(t, ['elsewhere.test']);
    if (found === undefined) return;
    assert.equal(found.known.code, 2);
    assert.match(found.known.err, /is not trusted: its certificate is for another name/u);
  });

  it('is refused when its certificate has expired, whoever issued it', async (t) => {
    const found = await answers(t, ['127.0.0.1'], 0);
    if (found === undefined) return;
    assert.equal(found.known.code, 2);
    assert.match(found.known.err, /is not trusted: its certificate has expired/u);
  });
});
