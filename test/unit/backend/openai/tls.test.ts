/** Servers behind TLS, with a certificate that the test makes. Known authorities, expired and foreign names: test/contract/tls.test.ts. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { OpenAiBackend } from '../../../../src/backend/openai/openAiBackend.ts';
import { wakeUp } from '../../../../src/backend/openai/sleepMode.ts';
import { makeAuthority, type Authority, type Certificate } from '../../../support/certificates.ts';
import { startTlsFront, type TlsFront } from '../../../support/tlsFront.ts';
import { ImpatientClock } from '../../support/fakeClock.ts';
import { CHAT, fails } from '../../support/openAiScene.ts';
import { FakeOpenAi, seededChat, stopFakes } from '../../support/fakeOpenAi.ts';

describe('a server with TLS', () => {
  let authority: Authority | undefined;
  const fronts: TlsFront[] = [];
  before(() => { authority = makeAuthority(); });
  afterEach(async () => {
    await Promise.all(fronts.splice(0).map((front) => front.stop()));
    await stopFakes();
  });
  after(() => { authority?.remove(); });

  async function front(certificate: Certificate): Promise<{ readonly port: number; readonly plain: FakeOpenAi }> {
    const plain = await new FakeOpenAi({ [CHAT]: seededChat }).start();
    const tls = await startTlsFront(certificate, plain.url);
    fronts.push(tls);
    return { port: tls.port, plain };
  }

  async function refused(url: string): Promise<unknown> {
    const clock = new ImpatientClock();
    const client = new OpenAiBackend({ urls: [url] }, { fetch: globalThis.fetch, clock, random: () => 0.5 });
    const thrown: unknown = await client.describe(new AbortController().signal).catch((error: unknown) => error);
    assert.deepEqual(clock.slept, [], 'asking again gives the same certificate');
    return thrown;
  }

  it('whose authority nobody knows is not trusted: named with what to do', async (t) => {
    if (authority === undefined) {
      t.skip('needs the openssl program');
      return;
    }
    const { port, plain } = await front(authority.issue(['127.0.0.1']));
    const url = `https://127.0.0.1:${port}`;
    assert.ok(fails('backend.untrusted', new RegExp(`${url}.*authority that is not known`, 'u'))(await refused(url)));
    await assert.rejects(wakeUp(url, globalThis.fetch), fails('backend.untrusted', /authority that is not known/u));
    assert.deepEqual(plain.requests, [], 'nothing was sent');
  });

  it('that speaks none is said to speak none', async () => {
    const plain = await new FakeOpenAi({}).start();
    assert.ok(fails('backend.unreachable', /no TLS.*http:/u)(await refused(plain.url.replace('http:', 'https:'))));
  });
});
