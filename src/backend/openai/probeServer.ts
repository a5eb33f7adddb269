import type { BackendProbe, Capability, CapabilityCheck, MissingCapability } from '../probe.ts';
import { AppError } from '../../core/errors.ts';
import {
  checkAdapterLoading, checkChoices, checkForm, checkLogProbs, checkPromptLogProbs, checkSeed, checkStructured, checkTokenize, disables,
  type AskParts,
} from './capabilities.ts';
import { RequestFailure } from './failure.ts';
import { identify, loadedContext } from './identify.ts';
import { chooseModel, familyFor, type Question } from './survey.ts';

/** Asks everything; at most a dozen short replies. @throws AppError `backend.*` when there is no server to ask */
export async function probeServer(question: Question, signal: AbortSignal): Promise<BackendProbe> {
  try {
    return await probe(question, signal);
  } catch (thrown) {
    throw thrown instanceof RequestFailure ? thrown.error : thrown;
  }
}

async function probe(question: Question, signal: AbortSignal): Promise<BackendProbe> {
  const { http, endpoint } = question;
  const identity = await identify(question, signal);
  const { kind, version, models, slots } = identity;
  const base = { url: endpoint.root, kind, models, ...(version !== undefined && { version }), ...(slots !== undefined && { slots }) };
  if (models.length === 0 && question.model === undefined) return { ...base, ...described(nothingToAsk()), refusedFields: [] };
  const model = chooseModel(models, question);
  if (models.length > 0 && !models.some(({ id }) => id === model.id)) {
    throw new AppError('backend.modelMissing', { url: endpoint.root, model: model.id, known: models.map(({ id }) => id).join(', ') });
  }
  const family = familyFor(model, question);
  const parts: AskParts = { http, endpoint, kind, model: model.id, refused: new Set() };
  const capabilities = await askAll(parts, signal);
  const contextLength = model.contextLength ?? identity.contextLength ?? await loadedContext(kind, { http, endpoint, model: model.id }, signal);
  return {
    ...base,
    model: model.id,
    promptFamily: family.id,
    ...(contextLength !== undefined && { contextLength }),
    ...described(capabilities),
    refusedFields: [...parts.refused].sort(),
  };
}

type Capabilities = Readonly<Record<Capability, CapabilityCheck>>;

/** One after the other: a server with one slot would time out on several. */
async function askAll(parts: AskParts, signal: AbortSignal): Promise<Capabilities> {
  const chat = await checkForm(parts, 'chat', signal);
  const rawCompletions = await checkForm(parts, 'raw', signal);
  const form = rawCompletions.state === 'yes' ? 'raw' : 'chat';
  return {
    chat,
    rawCompletions,
    manyChoices: await checkChoices(parts, form, signal),
    seed: await checkSeed(parts, form, signal),
    logProbs: await checkLogProbs(parts, form, signal),
    promptLogProbs: await checkPromptLogProbs(parts, signal),
    structuredOutput: await checkStructured(parts, signal),
    adapterLoading: await checkAdapterLoading(parts, signal),
    tokenize: await checkTokenize(parts, signal),
  };
}

function nothingToAsk(): Capabilities {
  const open: CapabilityCheck = { state: 'unknown', detail: 'no model is loaded' };
  return {
    chat: open, rawCompletions: open, manyChoices: open, seed: open, logProbs: open,
    promptLogProbs: open, structuredOutput: open, adapterLoading: open, tokenize: open,
  };
}

function described(capabilities: Capabilities): { capabilities: Capabilities; missing: MissingCapability[] } {
  const names = Object.keys(capabilities) as Capability[]; // the keys of a total record
  const missing = names.filter((name) => capabilities[name].state === 'no').map((capability) => ({ capability, disables: disables[capability] }));
  return { capabilities, missing };
}
