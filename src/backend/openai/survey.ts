/** What the client must know before the first candidate: one look round and one token. `probeServer` is the long form. */
import { AppError } from '../../core/errors.ts';
import { promptFamily, promptFamilyOf, withForm, type PromptFamily } from '../../core/prompting/families.ts';
import type { ServedModel, ServerKind } from '../probe.ts';
import { ask } from './capabilities.ts';
import type { EndpointUrl } from './endpointUrl.ts';
import { RequestFailure } from './failure.ts';
import type { HttpClient } from './http.ts';
import { identify, loadedContext, type ServerIdentity } from './identify.ts';
import { isModelMissing, refusedField } from './requestBody.ts';
import { Retries, type RetryParts } from './retries.ts';
import type { ServerTraits } from './sampler.ts';
import { errorMessage, type CompletionReply } from './schemas.ts';

export interface Question {
  readonly http: HttpClient;
  readonly endpoint: EndpointUrl;
  readonly model: string | undefined;
  readonly family: string | undefined;
  readonly form: 'chat' | 'raw' | undefined;
}

export interface Survey {
  readonly identity: ServerIdentity;
  readonly model: ServedModel;
  readonly family: PromptFamily;
  readonly logProbs: boolean;
  readonly traits: ServerTraits;
  /** `generate` calls that keep one server busy. */
  readonly parallelism: number;
  readonly initialConcurrency: number;
  readonly maxConcurrency: number;
}

/** Waits for a server that is still loading (503). @throws AppError `backend.*` */
export async function survey(question: Question, retry: RetryParts, signal: AbortSignal): Promise<Survey> {
  const retries = new Retries(retry);
  for (;;) {
    try {
      return await look(question, signal);
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure)) throw thrown;
      await retries.wait(thrown, { reachedBefore: false, url: question.endpoint.root }, signal);
    }
  }
}

async function look(question: Question, signal: AbortSignal): Promise<Survey> {
  const { http, endpoint } = question;
  const identity = await identify(question, signal);
  const model = chooseModel(identity.models, question);
  const family = familyFor(model, question);
  const refused = new Set<string>();
  const parts = { http, endpoint, kind: identity.kind, model: model.id, refused };
  const tried = await tryOne(parts, family, { identity, model }, signal);
  const first = tried.reply.choices[0]?.logprobs;
  const logProbs = typeof (first?.content?.[0]?.logprob ?? first?.token_logprobs?.[0]) === 'number';
  const contextLength = identity.contextLength ?? await loadedContext(identity.kind, { http, endpoint, model: model.id }, signal);
  const sizes = sizesOf(identity);
  const traits: ServerTraits = {
    kind: identity.kind,
    model: model.id,
    known: identity.models.map(({ id }) => id),
    logProbs,
    thinkingOff: family.thinking === 'off',
    choices: tried.counts && tried.reply.choices.length === 2 ? sizes.choices : 1,
    refused,
  };
  return { identity: { ...identity, ...(contextLength !== undefined && { contextLength }) }, model, family, logProbs, traits, ...sizes };
}

/** The asked model, or the first. A name that is not listed is tried all the same: some servers resolve names on request. */
export function chooseModel(models: readonly ServedModel[], { model, endpoint }: Question): ServedModel {
  const found = model === undefined ? models[0] : (models.find(({ id }) => id === model) ?? { id: model });
  if (found === undefined) throw new AppError('backend.modelMissing', { url: endpoint.root, model: '', known: '' });
  return found;
}

/** The named family, or the one that the model's name tells, in the form that was asked for. */
export function familyFor(model: ServedModel, { family, form }: Question): PromptFamily {
  return withForm(family === undefined ? familyOfModel(model) : promptFamily(family), form);
}

/** An adapter's own name may say nothing: its base and its path are asked too. */
function familyOfModel(model: ServedModel): PromptFamily {
  return promptFamilyOf([model.id, model.parent, model.root].filter((name) => name !== undefined).join(' '));
}

/** Two choices of one token with log-probabilities; without `n` when that is refused. */
async function tryOne(
  parts: Parameters<typeof ask>[0],
  family: PromptFamily,
  { identity, model }: { readonly identity: ServerIdentity; readonly model: ServedModel },
  signal: AbortSignal,
): Promise<{ readonly reply: CompletionReply; readonly counts: boolean }> {
  const trial = { form: family.kind, logProbs: true };
  try {
    return { reply: await ask(parts, { ...trial, choices: 2 }, signal), counts: true };
  } catch (thrown) {
    if (!(thrown instanceof RequestFailure) || thrown.kind !== 'refused') throw thrown;
    const message = errorMessage(thrown.detail.body ?? '');
    if (isModelMissing(thrown.detail.status ?? 0, message)) {
      const known = identity.models.map(({ id }) => id).join(', ');
      throw new AppError('backend.modelMissing', { url: parts.endpoint.root, model: model.id, known }, thrown);
    }
    if (refusedField(message, { n: 2 }) !== 'n') throw thrown;
    return { reply: await ask(parts, trial, signal), counts: false };
  }
}

interface Sizes {
  readonly parallelism: number;
  readonly initialConcurrency: number;
  readonly maxConcurrency: number;
  /** Choices a request, where the server counts. */
  readonly choices: number;
}

/** Where to begin; the limiter finds the rest. A server with fixed slots gets one round more than it can work on. */
function sizesOf({ kind, slots }: ServerIdentity): Sizes {
  if (kind === 'llama-server' && slots !== undefined) {
    return { parallelism: slots + 1, initialConcurrency: slots, maxConcurrency: 2 * slots, choices: slots };
  }
  return sizes[kind];
}

const batching: Sizes = { parallelism: 16, initialConcurrency: 64, maxConcurrency: 512, choices: 16 };
const small: Sizes = { parallelism: 2, initialConcurrency: 2, maxConcurrency: 16, choices: 1 };
const sizes: Readonly<Record<ServerKind, Sizes>> = {
  vllm: batching,
  // SGLang's own pages advise repeated prompts over `n`: its cache shares the prefix
  sglang: { ...batching, choices: 1 },
  'llama-server': { ...small, choices: 1 },
  ollama: small,
  'lm-studio': small,
  transformers: { parallelism: 2, initialConcurrency: 1, maxConcurrency: 4, choices: 1 },
  generic: { parallelism: 4, initialConcurrency: 8, maxConcurrency: 64, choices: 8 },
};
