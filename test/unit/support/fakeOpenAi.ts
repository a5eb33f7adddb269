/** A fake: an OpenAI-compatible server on 127.0.0.1 whose every answer a test scripts. It speaks real HTTP and runs no model. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON; an empty object without a body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** 1 for the first request to this path. */
  readonly count: number;
}

export type Answer = (request: FakeRequest, response: ServerResponse) => void | Promise<void>;

const running = new Set<FakeOpenAi>();

/** For `afterEach`. */
export async function stopFakes(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

export class FakeOpenAi {
  readonly requests: FakeRequest[] = [];
  readonly #server: Server;
  readonly #answers: Readonly<Record<string, Answer>>;
  #port = 0;

  /** @param answers by path; `/v1/models` lists one Qwen3 unless scripted, everything else is a 404 */
  constructor(answers: Readonly<Record<string, Answer>>) {
    this.#answers = { '/v1/models': (_, response) => { json(response, { data: [{ id: 'Qwen3-8B', max_model_len: 4096 }] }); }, ...answers };
    this.#server = createServer((request, response) => { void this.#serve(request, response); });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port.toString()}`;
  }

  /** A port of 0 is any free one. `stopFakes` stops it after the test. */
  async start(port = 0): Promise<this> {
    running.add(this);
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port; // a TCP server's address has this form
    return this;
  }

  /** Drops every connection. */
  async stop(): Promise<number> {
    running.delete(this);
    this.#server.closeAllConnections();
    if (this.#server.listening) {
      this.#server.close();
      this.#server.closeAllConnections();
      await once(this.#server, 'close');
    }
    return this.#port;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // requests are streams of buffers
    const path = request.url ?? '/';
    const text = Buffer.concat(chunks).toString('utf8');
    const body = text === '' ? {} : JSON.parse(text) as Record<string, unknown>; // our own client wrote it
    const count = this.requests.filter((earlier) => earlier.path === path).length + 1;
    const asked = { method: request.method ?? '', path, headers: request.headers, body, count };
    this.requests.push(asked);
    const answer = this.#answers[path];
    if (answer === undefined) json(response, { detail: 'Not Found' }, 404);
    else await answer(asked, response);
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export interface FakeChoice {
  readonly index?: number;
  readonly text: string;
  readonly finish?: string;
  readonly logProb?: number;
}

/** A whole reply or a stream of it, as the request asks; chat. */
export function chatReply(request: FakeRequest, response: ServerResponse, choices: readonly FakeChoice[]): void {
  if (request.body['stream'] !== true) {
    json(response, { choices: choices.map((choice, index) => ({ index, message: { content: choice.text }, finish_reason: 'stop', ...logProbs(choice) })) });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  choices.forEach((choice, index) => { writeChoice(response, { index, ...choice }); });
  response.end('data: [DONE]\n\n');
}

export function writeChoice(response: ServerResponse, choice: FakeChoice): void {
  const { index = 0, text, finish = 'stop' } = choice;
  event(response, { choices: [{ index, delta: { content: text }, ...logProbs(choice) }] });
  event(response, { choices: [{ index, delta: {}, finish_reason: finish }] });
}

export function event(response: ServerResponse, value: unknown): void {
  response.write(`data: ${JSON.stringify(value)}\n\n`);
}

function logProbs({ logProb }: FakeChoice): object {
  return logProb === undefined ? {} : { logprobs: { content: [{ token: 'x', logprob: logProb }] } };
}

/** As many choices as `n` says, named by seed and number. */
export function seededChat(request: FakeRequest, response: ServerResponse): void {
  const n = typeof request.body['n'] === 'number' ? request.body['n'] : 1;
  const seed = String(request.body['seed']);
  chatReply(request, response, Array.from({ length: n }, (_, index) => ({ text: `${seed}-${index.toString()}`, logProb: -1.5 })));
}
