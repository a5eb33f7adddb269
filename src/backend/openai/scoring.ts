/**
 * log P(y | x): how likely the model finds a translation it did not have to write (self-reward, method.md F).
 * vLLM: `prompt_logprobs` over the token ids of x + y. SGLang: `/generate` with `logprob_start_len`.
 * Both need full-vocabulary logits of the prompt: few at once (training-and-serving.md 5.2).
 */
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import type { RenderedPrompt } from '../../core/prompting/context.ts';
import type { Endpoint } from './endpointPool.ts';
import { badReply } from './failure.ts';
import { AdaptiveLimiter } from './limiter.ts';
import { postJson } from './post.ts';
import type { ServerKind } from '../probe.ts';
import type { SamplerParts } from './sampler.ts';
import { completionReply, parseJson } from './schemas.ts';

export interface PromptJob {
  readonly parts: SamplerParts;
  readonly prompt: RenderedPrompt;
}

export interface ScoreJob extends PromptJob {
  /** Of the backend: all its texts together. */
  readonly limiter: AdaptiveLimiter;
  readonly completions: readonly string[];
}

interface Score {
  readonly logProb: number;
  readonly tokens: number;
}

const AT_ONCE = 4;

export function scoringLimiter(): AdaptiveLimiter {
  return new AdaptiveLimiter({ initial: AT_ONCE, max: AT_ONCE });
}

export function scores(kind: ServerKind): boolean {
  return kind === 'vllm' || kind === 'sglang';
}

/** The prompt as the server reads it; undefined where the server has no `/tokenize`. @throws AppError `backend.*` */
export async function promptTokens(job: PromptJob, signal: AbortSignal): Promise<number[] | undefined> {
  const endpoint = job.parts.pool.pick(undefined);
  if (endpoint === undefined || !['vllm', 'sglang', 'llama-server'].includes(job.parts.traits.kind)) return undefined;
  return tokenizePrompt({ job, endpoint }, signal);
}

/** In the order of `completions`; nats. @throws AppError `backend.cannot`, `backend.*` */
export async function scoreTexts(job: ScoreJob, signal: AbortSignal): Promise<{ logProbs: number[]; tokens: number[] }> {
  const { kind } = job.parts.traits;
  const endpoint = job.parts.pool.pick(undefined);
  if (endpoint === undefined || !scores(kind)) {
    throw new AppError('backend.cannot', { url: endpoint?.url.root ?? '', what: 'score texts', needs: 'vLLM or SGLang' });
  }
  const promptIds = await tokenizePrompt({ job, endpoint }, signal);
  const found = await Promise.all(job.completions.map(async (text): Promise<Score> => {
    const lease = await job.limiter.acquire({ weight: 1, urgent: false, signal });
    try {
      return await scoreOne({ job, endpoint, promptIds, text }, signal);
    } finally {
      lease.end({ kind: 'failed' }); // nothing is to be learned: the limit is fixed
    }
  }));
  return { logProbs: found.map(({ logProb }) => logProb), tokens: found.map(({ tokens }) => tokens) };
}

interface Target {
  readonly job: PromptJob;
  readonly endpoint: Endpoint;
}

interface One extends Target {
  readonly promptIds: readonly number[];
  readonly text: string;
}

async function scoreOne(one: One, signal: AbortSignal): Promise<Score> {
  const { job, endpoint, promptIds, text } = one;
  const ids = await tokenize(one, { prompt: text, add_special_tokens: false }, signal);
  if (ids.length === 0) return { logProb: 0, tokens: 0 };
  const whole = [...promptIds, ...ids];
  const logProbs = job.parts.traits.kind === 'sglang'
    ? await sglangLogProbs(one, whole, promptIds.length, signal)
    : await vllmLogProbs(one, whole, signal);
  const own = logProbs.slice(-ids.length);
  if (own.length !== ids.length || own.some((value) => value === undefined)) {
    throw badReply(endpoint.url.root, 'log-probabilities are missing for some tokens').error;
  }
  return { logProb: own.reduce<number>((sum, value) => sum + (value ?? 0), 0), tokens: ids.length };
}

const tokens = v.object({ tokens: v.array(v.number()) });

/** The prompt as the server itself lays it out: its chat template, its special tokens. */
async function tokenizePrompt(target: Target, signal: AbortSignal): Promise<number[]> {
  const { prompt, parts } = target.job;
  if (parts.traits.kind === 'llama-server') {
    const content = prompt.kind === 'raw' ? prompt.text : await llamaPrompt(target, prompt.messages, signal);
    return tokenize(target, { content, add_special: true, parse_special: true }, signal);
  }
  if (prompt.kind === 'raw') return tokenize(target, { prompt: prompt.text, add_special_tokens: true }, signal);
  const off = parts.traits.thinkingOff ? { chat_template_kwargs: { enable_thinking: false } } : {};
  return tokenize(target, { messages: prompt.messages, add_generation_prompt: true, ...off }, signal);
}

/** llama-server lays a chat out by itself, and tokenizes only texts. */
async function llamaPrompt(target: Target, messages: readonly object[], signal: AbortSignal): Promise<string> {
  const url = `${target.endpoint.url.root}/apply-template`;
  const off = target.job.parts.traits.thinkingOff ? { chat_template_kwargs: { enable_thinking: false } } : {};
  return read(v.object({ prompt: v.string() }), await postJson({ parts: target.job.parts, endpoint: target.endpoint }, { url, body: { messages, ...off } }, signal), url).prompt;
}

async function tokenize(target: Target, fields: object, signal: AbortSignal): Promise<number[]> {
  const { job, endpoint } = target;
  const url = `${endpoint.url.root}/tokenize`;
  const text = await postJson({ parts: target.job.parts, endpoint: target.endpoint }, { url, body: { model: job.parts.traits.model, ...fields } }, signal);
  return read(tokens, text, url).tokens;
}

/** One value a position, by the id that stands there; the first token has none. */
async function vllmLogProbs(target: Target, ids: readonly number[], signal: AbortSignal): Promise<(number | undefined)[]> {
  const { job, endpoint } = target;
  const url = `${endpoint.url.api}/completions`;
  const body = { model: job.parts.traits.model, prompt: ids, max_tokens: 1, temperature: 0, prompt_logprobs: 0 };
  const reply = read(completionReply, await postJson({ parts: target.job.parts, endpoint: target.endpoint }, { url, body }, signal), url);
  const positions = reply.choices[0]?.prompt_logprobs ?? [];
  return ids.map((id, at) => positions[at]?.[id.toString()]?.logprob);
}

const sglangScores = v.object({ meta_info: v.object({ input_token_logprobs: v.array(v.tuple([v.nullable(v.number()), v.number(), v.nullish(v.string())])) }) });

async function sglangLogProbs(target: Target, ids: readonly number[], promptLength: number, signal: AbortSignal): Promise<(number | undefined)[]> {
  const url = `${target.endpoint.url.root}/generate`;
  const body = { input_ids: ids, sampling_params: { max_new_tokens: 1, temperature: 0 }, return_logprob: true, logprob_start_len: Math.max(0, promptLength - 1) };
  const reply = read(sglangScores, await postJson({ parts: target.job.parts, endpoint: target.endpoint }, { url, body }, signal), url);
  return reply.meta_info.input_token_logprobs.map(([logProb]) => logProb ?? undefined);
}

function read<S extends v.GenericSchema>(schema: S, text: string, url: string): v.InferOutput<S> {
  const parsed = v.safeParse(schema, parseJson(text));
  if (parsed.success) return parsed.output;
  throw badReply(url, `not what scoring needs: ${text.slice(0, 80)}`).error;
}
