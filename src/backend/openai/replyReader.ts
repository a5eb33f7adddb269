import * as v from 'valibot';
import { generatedText, type GeneratedText } from '../backend.ts';
import { badReply, htmlReply, looksLikeHtml, RequestFailure } from './failure.ts';
import { AppError } from '../../core/errors.ts';
import type { ReplyHead } from './http.ts';
import { completionReply, errorMessage, errorReply, parseJson, type CompletionChoice, type CompletionReply } from './schemas.ts';
import { SseParser } from './sse.ts';

export interface ReplyParts {
  readonly url: string;
  /** Numbers of the samples that were asked for; choice k is sample `indices[k]`. */
  readonly indices: readonly number[];
  /** Typed by the reviewer: stands in front of every text. */
  readonly prefix: string;
  readonly onText: (text: GeneratedText) => void;
}

interface Open {
  readonly parts: string[];
  length: number;
  logProb: number | undefined;
  logProbTokens: number;
}

const CHOICE_LIMIT = 4_000_000;
const BODY_LIMIT = 64_000_000;

/**
 * Turns the bytes of one reply, streamed or whole, into samples. Each is handed on the moment it is complete, so whatever
 * happens to the rest of the reply does not touch it. Cost is linear in the bytes.
 */
export class ReplyReader {
  readonly #parts: ReplyParts;
  readonly #sse = new SseParser();
  readonly #decoder = new TextDecoder();
  readonly #open = new Map<number, Open>();
  readonly #finished = new Set<number>();
  readonly #body: string[] = [];
  #bodyLength = 0;
  #saidDone = false;
  #streamed: boolean | undefined;
  #completionTokens: number | undefined;

  constructor(parts: ReplyParts) {
    this.#parts = parts;
  }

  /** Numbers of the samples that were handed on. */
  get finished(): ReadonlySet<number> {
    return this.#finished;
  }

  /** Tokens that the server says it generated, over all choices. */
  get completionTokens(): number | undefined {
    return this.#completionTokens;
  }

  /** @throws RequestFailure `reply` */
  push(bytes: Uint8Array, head: ReplyHead): void {
    this.#streamed ??= head.contentType.includes('text/event-stream');
    if (this.#streamed) {
      for (const data of this.#sse.push(bytes)) this.#event(data);
      return;
    }
    this.#bodyLength += bytes.length;
    if (this.#bodyLength > BODY_LIMIT) throw badReply(this.#parts.url, `more than ${BODY_LIMIT.toString()} bytes`);
    this.#body.push(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The body ended. @throws RequestFailure when it ended too soon or held nothing. */
  end(): void {
    if (this.#streamed === true) this.#endStream();
    else this.#endWhole();
    if (this.#finished.size === 0) throw badReply(this.#parts.url, 'a reply without choices');
  }

  #endStream(): void {
    for (const data of this.#sse.end()) this.#event(data);
    if (this.#open.size === 0) return;
    if (!this.#saidDone) {
      throw new RequestFailure('connection', new AppError('backend.unreachable', { url: this.#parts.url, reason: 'the stream ended in the middle of a candidate' }));
    }
    for (const index of [...this.#open.keys()]) this.#finish(index, 'stop'); // some servers never send a finish reason
  }

  #endWhole(): void {
    const text = this.#body.join('') + this.#decoder.decode();
    if (looksLikeHtml(text)) throw htmlReply(this.#parts.url, text);
    this.#reply(text);
    for (const index of [...this.#open.keys()]) this.#finish(index, 'stop');
  }

  #event(data: string): void {
    if (data.trim() === '[DONE]') this.#saidDone = true;
    else if (data.trim() !== '') this.#reply(data);
  }

  #reply(text: string): void {
    const json = parseJson(text);
    if (json === undefined) throw badReply(this.#parts.url, `broken JSON: ${text.slice(0, 80)}`);
    const parsed = v.safeParse(completionReply, json);
    if (!parsed.success) throw this.#notACompletion(text, json);
    this.#usage(parsed.output);
    for (const choice of parsed.output.choices) this.#choice(choice);
  }

  #notACompletion(text: string, json: unknown): RequestFailure {
    if (!v.is(errorReply, json)) return badReply(this.#parts.url, `no choices in ${text.slice(0, 80)}`);
    const refused = new AppError('backend.refused', { url: this.#parts.url, status: 200, body: errorMessage(text) });
    return new RequestFailure('server', refused, { status: 200, body: text });
  }

  #usage(reply: CompletionReply): void {
    this.#completionTokens = reply.usage?.completion_tokens ?? this.#completionTokens;
  }

  #choice(choice: CompletionChoice): void {
    const index = this.#parts.indices[choice.index];
    if (index === undefined || this.#finished.has(index)) return;
    const open = this.#open.get(index) ?? { parts: [], length: 0, logProb: undefined, logProbTokens: 0 };
    this.#open.set(index, open);
    const text = choice.text ?? choice.delta?.content ?? choice.message?.content ?? '';
    open.length += text.length;
    if (open.length > CHOICE_LIMIT) throw badReply(this.#parts.url, `a candidate of more than ${CHOICE_LIMIT.toString()} characters`);
    if (text !== '') open.parts.push(text);
    addLogProbs(open, choice);
    if (choice.finish_reason !== undefined && choice.finish_reason !== null) this.#finish(index, choice.finish_reason === 'length' ? 'length' : 'stop');
  }

  #finish(index: number, finish: GeneratedText['finish']): void {
    const open = this.#open.get(index);
    if (open === undefined) return;
    this.#open.delete(index);
    this.#finished.add(index);
    const text = this.#parts.prefix + withoutThinking(open.parts.join(''));
    const scored = open.logProb === undefined ? {} : { logProb: open.logProb, tokens: open.logProbTokens };
    this.#parts.onText(generatedText({ index, text, finish, ...scored }));
  }
}

function addLogProbs(open: Open, choice: CompletionChoice): void {
  const values = choice.logprobs?.content?.map((entry) => entry.logprob) ?? choice.logprobs?.token_logprobs ?? [];
  for (const value of values) {
    if (value === null || value === undefined) continue;
    open.logProb = (open.logProb ?? 0) + value;
    open.logProbTokens += 1;
  }
}

/** Models that think although they were told not to: what they thought is not the translation. */
function withoutThinking(text: string): string {
  return text.replace(/^\s*<think>[\s\S]*?<\/think>/u, '');
}
