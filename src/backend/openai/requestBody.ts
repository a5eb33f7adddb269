/** What is sent for some samples of one prompt, and what is left out after a server refused it. */
import type { Sampling } from '../../core/candidate.ts';
import type { RenderedPrompt } from '../../core/prompting/context.ts';
import type { ServerKind } from '../probe.ts';

export interface SampleBody {
  readonly model: string;
  readonly prompt: RenderedPrompt;
  readonly sampling: Sampling;
  readonly seed: number;
  readonly choices: number;
  readonly kind: ServerKind;
  readonly thinkingOff: boolean;
  readonly logProbs: boolean;
  readonly stream: boolean;
}

/** Fields that a server may refuse without our losing more than the field. */
const optionalFields = ['top_k', 'min_p', 'seed', 'logprobs', 'stream_options', 'chat_template_kwargs', 'reasoning_effort', 'stop', 'top_p'] as const;
export type OptionalField = (typeof optionalFields)[number];

/** The path below `/v1` and the JSON body. Sampling is always spelled out: models carry defaults of their own (vLLM). */
export function sampleRequest(from: SampleBody, refused: ReadonlySet<string>): { readonly path: string; readonly body: object } {
  const { sampling, prompt } = from;
  const body: Record<string, unknown> = {
    model: from.model,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK === 0 ? TOP_K_OFF : sampling.topK,
    min_p: 0, // llama.cpp's own default cuts rare words off (0.05)
    max_tokens: sampling.maxTokens,
    seed: from.seed,
    ...(from.choices > 1 ? { n: from.choices } : {}),
    ...(prompt.stop.length > 0 ? { stop: prompt.stop } : {}),
    ...(from.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(prompt.kind === 'raw' ? rawFields(prompt.text, from) : chatFields(prompt, from)),
  };
  for (const field of refused) Reflect.deleteProperty(body, field);
  return { path: prompt.kind === 'raw' ? '/completions' : '/chat/completions', body };
}

/** vLLM, SGLang and llama.cpp all read -1 as "every token"; 0 is an error in older vLLM. */
const TOP_K_OFF = -1;

function rawFields(text: string, from: SampleBody): object {
  // vLLM: 0 more tokens than the sampled one. Others read 0 as "none".
  return { prompt: text, ...(from.logProbs ? { logprobs: from.kind === 'vllm' ? 0 : 1 } : {}) };
}

function chatFields(prompt: RenderedPrompt & { readonly kind: 'chat' }, from: SampleBody): object {
  const goesOn = prompt.prefix !== undefined;
  return {
    messages: goesOn ? [...prompt.messages, { role: 'assistant', content: prompt.prefix }] : prompt.messages,
    ...(goesOn && from.kind !== 'generic' ? { continue_final_message: true, add_generation_prompt: false } : {}),
    ...(from.logProbs ? { logprobs: true } : {}),
    ...(from.thinkingOff ? thinkingOff(from.kind) : {}),
  };
}

/** The fields that keep a thinking model from thinking. */
export function thinkingOff(kind: ServerKind): object {
  return kind === 'ollama' ? { reasoning_effort: 'none' } : { chat_template_kwargs: { enable_thinking: false } };
}

/** The optional field that an error body complains about, if it was sent. */
export function refusedField(message: string, body: object): OptionalField | 'n' | undefined {
  if ('n' in body && /\bn_cmpl\b|\bbest_of\b|["'`]n["'`]|\bn (?:must|cannot|should)|\bn\b[^a-z]{0,4}(?:>|greater)/iu.test(message)) return 'n';
  return optionalFields.find((field) => field in body && new RegExp(`\\b${field}\\b`, 'iu').test(message));
}

export function isContextOverflow(message: string): boolean {
  return /context (?:length|size|window)|maximum context|exceed_context|max_model_len|too many tokens|longer than the (?:model|maximum)/iu.test(message);
}

export function isModelMissing(status: number, message: string): boolean {
  return (status === 404 || status === 400) && /model/iu.test(message) && /not (?:exist|found|available|loaded)|does not exist|unknown|no such|pull/iu.test(message);
}
