/** Finds out what a server can do by asking it for one token: documentation and version numbers are not believed. */
import * as v from 'valibot';
import type { RenderedPrompt } from '../../core/prompting/context.ts';
import type { Capability, CapabilityCheck, ServerKind } from '../probe.ts';
import type { EndpointUrl } from './endpointUrl.ts';
import { badReply, RequestFailure } from './failure.ts';
import type { HttpClient } from './http.ts';
import { refusedField, sampleRequest, type SampleBody } from './requestBody.ts';
import { completionReply, errorMessage, parseJson, type CompletionReply } from './schemas.ts';

export interface AskParts {
  readonly http: HttpClient;
  readonly endpoint: EndpointUrl;
  readonly kind: ServerKind;
  readonly model: string;
  /** Request fields that were refused so far; grows. */
  readonly refused: Set<string>;
}

export interface Trial {
  readonly form: RenderedPrompt['kind'];
  readonly seed?: number;
  readonly choices?: number;
  readonly maxTokens?: number;
  readonly logProbs?: boolean;
  readonly extra?: object;
}

const chatTrial: RenderedPrompt = { kind: 'chat', messages: [{ role: 'user', content: 'Say a word.' }], stop: [], unused: [] };
const rawTrial: RenderedPrompt = { kind: 'raw', text: 'Once upon a time', stop: [], unused: [] };

/** One small reply, asked without streaming. Fields that the server refuses are dropped and noted. @throws RequestFailure */
export async function ask(parts: AskParts, trial: Trial, signal: AbortSignal): Promise<CompletionReply> {
  for (;;) {
    const { path, body } = sampleRequest(trialBody(parts, trial), parts.refused);
    const url = parts.endpoint.api + path;
    const sent = { ...body, ...trial.extra };
    try {
      const { text } = await parts.http.text({ method: 'POST', url, body: sent }, signal);
      const parsed = v.safeParse(completionReply, parseJson(text));
      if (parsed.success) return parsed.output;
      throw badReply(url, `no choices in ${text.slice(0, 80)}`);
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure) || thrown.kind !== 'refused') throw thrown;
      const field = refusedField(errorMessage(thrown.detail.body ?? ''), body);
      if (field === undefined || field === 'n' || parts.refused.has(field)) throw thrown;
      parts.refused.add(field);
    }
  }
}

function trialBody({ kind, model }: AskParts, trial: Trial): SampleBody {
  return {
    model, kind, stream: false, thinkingOff: false,
    prompt: trial.form === 'chat' ? chatTrial : rawTrial,
    sampling: { n: 1, temperature: 1, topP: 1, topK: 0, maxTokens: trial.maxTokens ?? 1 },
    seed: trial.seed ?? 1,
    choices: trial.choices ?? 1,
    logProbs: trial.logProbs ?? false,
  };
}

const yes = (detail: string): CapabilityCheck => ({ state: 'yes', detail });
const no = (detail: string): CapabilityCheck => ({ state: 'no', detail });
const unknown = (detail: string): CapabilityCheck => ({ state: 'unknown', detail });

/** A failed request as an answer: refusals are a no, anything else leaves the question open. */
async function answer(question: () => Promise<CapabilityCheck>): Promise<CapabilityCheck> {
  try {
    return await question();
  } catch (thrown) {
    if (!(thrown instanceof RequestFailure)) throw thrown;
    const { status, body } = thrown.detail;
    if (thrown.kind === 'refused') return no(`answered ${(status ?? 0).toString()} ${errorMessage(body ?? '')}`.trim());
    return unknown(thrown.message);
  }
}

export function checkForm(parts: AskParts, form: Trial['form'], signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    const reply = await ask(parts, { form }, signal);
    return reply.choices.length > 0 ? yes('one token came') : no('no choices came');
  });
}

/** `n`: asked for two, counted. */
export function checkChoices(parts: AskParts, form: Trial['form'], signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    const { choices } = await ask(parts, { form, choices: 2 }, signal);
    return choices.length === 2 ? yes('two asked, two came') : no(`two asked, ${choices.length.toString()} came`);
  });
}

export function checkLogProbs(parts: AskParts, form: Trial['form'], signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    const { choices } = await ask(parts, { form, logProbs: true }, signal);
    const logProbs = choices[0]?.logprobs;
    const first = logProbs?.content?.[0]?.logprob ?? logProbs?.token_logprobs?.[0];
    return typeof first === 'number' ? yes('of the sampled tokens') : no('none came');
  });
}

const SEED_TOKENS = 12;

/** The same seed twice, then another one, at temperature 1. */
export function checkSeed(parts: AskParts, form: Trial['form'], signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    if (parts.refused.has('seed')) return no('the field is refused');
    const texts: string[] = [];
    for (const seed of [11, 11, 12]) {
      const reply = await ask(parts, { form, seed, maxTokens: SEED_TOKENS }, signal);
      texts.push(reply.choices[0]?.text ?? reply.choices[0]?.message?.content ?? '');
    }
    const [first, again, other] = texts;
    if (first !== again) return no('the same seed gave two texts');
    return first === other ? unknown('another seed gave the same text') : yes('repeats, and another seed differs');
  });
}

const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false };
const schemaReply = v.object({ ok: v.boolean() });

export function checkStructured(parts: AskParts, signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    const extra = { response_format: { type: 'json_schema', json_schema: { name: 'trial', schema, strict: true } } };
    const { choices } = await ask(parts, { form: 'chat', maxTokens: 48, extra }, signal);
    return v.is(schemaReply, parseJson(choices[0]?.message?.content ?? '')) ? yes('JSON schema') : no('the reply does not follow the schema');
  });
}

/** vLLM's form through completions, SGLang's through `/generate`. */
export function checkPromptLogProbs(parts: AskParts, signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    if (parts.kind === 'sglang') return checkSglangScoring(parts, signal);
    const { choices } = await ask(parts, { form: 'raw', extra: { prompt_logprobs: 0 } }, signal);
    return Array.isArray(choices[0]?.prompt_logprobs) ? yes('prompt_logprobs') : no('none came');
  });
}

const sglangReply = v.object({ meta_info: v.object({ input_token_logprobs: v.array(v.unknown()) }) });

async function checkSglangScoring({ http, endpoint }: AskParts, signal: AbortSignal): Promise<CapabilityCheck> {
  const body = { text: 'Once upon a time', sampling_params: { max_new_tokens: 1, temperature: 0 }, return_logprob: true, logprob_start_len: 0 };
  const { text } = await http.text({ method: 'POST', url: `${endpoint.root}/generate`, body }, signal);
  return v.is(sglangReply, parseJson(text)) ? yes('input_token_logprobs') : no('none came');
}

/** An empty request: a server with the route complains about what is missing, one without it says 404. Loads nothing. */
export function checkAdapterLoading({ http, endpoint, kind }: AskParts, signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    if (kind === 'llama-server') return no('adapters are loaded at start (--lora); only their scale can change');
    const url = kind === 'sglang' ? `${endpoint.root}/load_lora_adapter` : `${endpoint.api}/load_lora_adapter`;
    try {
      await http.text({ method: 'POST', url, body: {} }, signal);
    } catch (thrown) {
      const status = thrown instanceof RequestFailure ? thrown.detail.status : undefined;
      if (status === 400 || status === 422) return yes(`POST ${new URL(url).pathname}`);
      if (status === 404 && kind === 'vllm') return no('start it with VLLM_ALLOW_RUNTIME_LORA_UPDATING=True and --enable-lora');
      throw thrown;
    }
    return unknown('it accepted an empty request');
  });
}

const tokenizeReply = v.object({ tokens: v.array(v.unknown()) });

export function checkTokenize({ http, endpoint, model }: AskParts, signal: AbortSignal): Promise<CapabilityCheck> {
  return answer(async () => {
    const { text } = await http.text({ method: 'POST', url: `${endpoint.root}/tokenize`, body: { model, prompt: 'a b', content: 'a b' } }, signal);
    return v.is(tokenizeReply, parseJson(text)) ? yes('POST /tokenize') : no('no tokens came');
  });
}

/** What does not work without it, in a sentence for the status table. */
export const disables: Readonly<Record<Capability, string>> = {
  chat: 'Chat prompt families (LMT, Qwen3, TowerInstruct, generic) cannot be used.',
  rawCompletions: 'Raw prompt families (Algharb, ALMA, starter) cannot be used, and translations cannot be scored.',
  manyChoices: 'N candidates are N requests with seeds of their own; a server without prefix caching reads the prompt N times.',
  seed: 'The same seed may give other candidates: sets cannot be drawn again exactly.',
  logProbs: 'Candidates carry no log-probability: ranking by model probability and self-reward are off.',
  promptLogProbs: 'Texts written by others cannot be scored under the model: self-reward needs vLLM or SGLang.',
  structuredOutput: 'A judge model on this server may answer malformed JSON; its verdicts are then asked for again.',
  adapterLoading: 'A new adapter cannot be adopted while the server runs: restart it with the adapter.',
  tokenize: 'Budgets in tokens are estimated from the text.',
};
