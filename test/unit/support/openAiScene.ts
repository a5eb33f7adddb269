/** A client beside a scripted server, for tests of what servers and networks do wrong. */
import assert from 'node:assert/strict';
import type { GeneratedText } from '../../../src/backend/backend.ts';
import type { Clock } from '../../../src/backend/openai/clock.ts';
import { OpenAiBackend, type OpenAiOptions } from '../../../src/backend/openai/openAiBackend.ts';
import { AppError, toAppError, type ErrorCode } from '../../../src/core/errors.ts';
import { sentenceFor } from '../../../src/messages.ts';
import { ImpatientClock } from './fakeClock.ts';
import { chatReply, FakeOpenAi, type Answer } from './fakeOpenAi.ts';

export const CHAT = '/v1/chat/completions';

export interface Scene {
  readonly server: FakeOpenAi;
  readonly client: OpenAiBackend;
  readonly clock: ImpatientClock;
  readonly received: GeneratedText[];
  /** `generate` of n samples. */
  readonly run: (n: number, signal?: AbortSignal) => Promise<readonly GeneratedText[]>;
}

/** The first chat request is the survey's and is always answered well; `answer` gets the others, counted from 1. */
export async function scene(answer: Answer, options: Partial<OpenAiOptions> = {}): Promise<Scene> {
  const server = await new FakeOpenAi({
    [CHAT]: (request, response) => (request.body['stream'] === true ? answer({ ...request, count: request.count - 1 }, response) : surveyReply(request, response)),
  }).start();
  return sceneOf(server, options);
}

/** One choice of the two that were asked: this server does not count, so n samples are n requests. */
const surveyReply: Answer = (request, response) => { chatReply(request, response, [{ text: 'x', logProb: -1 }]); };

export function sceneOf(server: FakeOpenAi, options: Partial<OpenAiOptions> = {}, time?: Clock): Scene {
  const clock = new ImpatientClock();
  const client = new OpenAiBackend({ urls: [server.url], ...options }, { fetch: globalThis.fetch, clock: time ?? clock, random: () => 0.5 });
  const received: GeneratedText[] = [];
  const run: Scene['run'] = async (n, signal = new AbortController().signal) => {
    const sampling = { n, temperature: 1, topP: 1, topK: 0, maxTokens: 64 };
    const request = { segmentKey: 'abc-1', source: 'Hello.', sourceLanguage: 'en', targetLanguage: 'ja', seed: 1, sampling };
    return (await client.generate(request, (text) => received.push(text), signal)).texts;
  };
  return { server, client, clock, received, run };
}

/** For `assert.rejects`: this code, these words in its data, and a sentence that names the server. */
export function fails(code: ErrorCode, words: RegExp): (error: unknown) => boolean {
  return (thrown) => {
    assert.ok(thrown instanceof AppError, String(thrown));
    const error = toAppError(thrown, 'test');
    assert.equal(error.code, code);
    assert.match(error.message, words);
    if ('url' in error.data) assert.ok(sentenceFor(error).includes(error.data.url));
    return true;
  };
}

export function good(text: string): (...args: Parameters<Answer>) => void {
  return (request, response) => { chatReply(request, response, [{ text }]); };
}
