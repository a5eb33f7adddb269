/** Which server is this, and what does it serve? Asks each family's own address; none of these requests changes anything. */
import * as v from 'valibot';
import type { ServedModel, ServerKind } from '../probe.ts';
import type { EndpointUrl } from './endpointUrl.ts';
import { badReply, htmlReply, looksLikeHtml, RequestFailure } from './failure.ts';
import type { HttpClient } from './http.ts';
import { modelList, parseJson } from './schemas.ts';

export interface ServerIdentity {
  readonly kind: ServerKind;
  readonly version?: string;
  readonly models: readonly ServedModel[];
  readonly contextLength?: number;
  readonly slots?: number;
}

export interface Asked {
  readonly http: HttpClient;
  readonly endpoint: EndpointUrl;
  /** The model that the user named. */
  readonly model: string | undefined;
}

type Clue = Omit<ServerIdentity, 'models'>;

/** Half a dozen small requests, side by side. @throws RequestFailure when there is no server or no list of models. */
export async function identify({ http, endpoint, model }: Asked, signal: AbortSignal): Promise<ServerIdentity> {
  const listed = await models(http, endpoint, signal).catch((thrown: unknown) => {
    // with a model's name at hand a server that cannot list its models is still a server
    if (model === undefined || !isRefusal(thrown)) throw thrown;
    return { models: [], owner: undefined };
  });
  const clues = await Promise.all(questions.map(async ({ path, read }) => {
    const json = await optionalJson(http, endpoint.root + path, signal);
    return json === undefined ? undefined : read(json);
  }));
  const clue = clues.find((found) => found !== undefined) ?? ownerClue(listed.owner);
  const contextLength = clue.contextLength ?? listed.models.find((model) => model.contextLength !== undefined)?.contextLength;
  return { ...clue, models: listed.models, ...(contextLength === undefined ? {} : { contextLength }) };
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof RequestFailure && thrown.error.code === 'backend.refused' && thrown.kind !== 'busy';
}

async function models(http: HttpClient, endpoint: EndpointUrl, signal: AbortSignal): Promise<{ models: ServedModel[]; owner: string | undefined }> {
  const url = `${endpoint.api}/models`;
  const { text } = await http.text({ method: 'GET', url }, signal);
  if (looksLikeHtml(text)) throw htmlReply(url, text);
  const parsed = v.safeParse(modelList, parseJson(text));
  if (!parsed.success) throw badReply(url, `no list of models in ${text.slice(0, 80)}`);
  const list = parsed.output.data ?? [];
  return {
    owner: list.find((model) => typeof model.owned_by === 'string')?.owned_by ?? undefined,
    models: list.map((model) => ({
      id: model.id,
      ...optional('root', model.root),
      ...optional('parent', model.parent),
      ...optional('contextLength', model.max_model_len ?? model.meta?.n_ctx),
    })),
  };
}

function optional<K extends string, T>(key: K, value: T | null | undefined): { readonly [P in K]?: T } {
  // a computed key widens to an index signature; the type above says what it is
  return value === null || value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
}

/** Undefined where the address does not exist or does not answer JSON. */
export async function optionalJson(http: HttpClient, url: string, signal: AbortSignal): Promise<unknown> {
  try {
    return parseJson((await http.text({ method: 'GET', url }, signal)).text);
  } catch (thrown) {
    if (thrown instanceof RequestFailure) return undefined;
    throw thrown;
  }
}

const ollamaLoaded = v.object({ models: v.array(v.object({ name: v.string(), context_length: v.nullish(v.number()) })) });

/**
 * Ollama's window, which it tells of models that are loaded alone, and beyond which it drops the beginning of a prompt without a word.
 * Undefined for other servers.
 */
export async function loadedContext(kind: ServerKind, { http, endpoint, model }: Asked, signal: AbortSignal): Promise<number | undefined> {
  if (kind !== 'ollama') return undefined;
  const parsed = v.safeParse(ollamaLoaded, await optionalJson(http, `${endpoint.root}/api/ps`, signal));
  return parsed.success ? parsed.output.models.find(({ name }) => name === model || name === `${model ?? ''}:latest`)?.context_length ?? undefined : undefined;
}

interface Question {
  readonly path: string;
  readonly read: (json: unknown) => Clue | undefined;
}

const llamaProps = v.object({
  total_slots: v.number(),
  build_info: v.nullish(v.string()),
  default_generation_settings: v.nullish(v.object({ n_ctx: v.nullish(v.number()) })),
});
const sglangInfo = v.object({ version: v.nullish(v.string()), context_length: v.nullish(v.number()), max_total_num_tokens: v.nullish(v.number()), model_path: v.string() });
const versionOnly = v.object({ version: v.string() });
const lmStudioModels = v.object({ data: v.array(v.object({ id: v.string(), max_context_length: v.number(), loaded_context_length: v.nullish(v.number()) })) });

/** LM Studio 0.4 and later. */
const lmStudioInstances = v.object({ models: v.array(v.object({
  key: v.string(), loaded_instances: v.array(v.object({ config: v.nullish(v.object({ context_length: v.nullish(v.number()) })) })),
})) });

const transformersRoutes = v.object({ paths: v.object({ '/v1/chat/completions': v.unknown(), '/load_model': v.unknown() }) });

const questions: readonly Question[] = [
  { path: '/props', read: (json) => clueOf(llamaProps, json, (props) => ({
    kind: 'llama-server', slots: props.total_slots,
    ...optional('version', props.build_info), ...optional('contextLength', props.default_generation_settings?.n_ctx),
  })) },
  { path: '/get_server_info', read: (json) => clueOf(sglangInfo, json, (info) => ({
    kind: 'sglang', ...optional('version', info.version), ...optional('contextLength', info.context_length),
  })) },
  { path: '/version', read: (json) => clueOf(versionOnly, json, ({ version }) => ({ kind: 'vllm', version })) },
  { path: '/api/version', read: (json) => clueOf(versionOnly, json, ({ version }) => ({ kind: 'ollama', version })) },
  { path: '/openapi.json', read: (json) => clueOf(transformersRoutes, json, () => ({ kind: 'transformers' })) },
  { path: '/api/v0/models', read: (json) => clueOf(lmStudioModels, json, ({ data }) => ({
    kind: 'lm-studio', ...optional('contextLength', data.find((model) => typeof model.loaded_context_length === 'number')?.loaded_context_length),
  })) },
  { path: '/api/v1/models', read: (json) => clueOf(lmStudioInstances, json, ({ models: found }) => ({
    kind: 'lm-studio', ...optional('contextLength', found.flatMap((model) => model.loaded_instances.map(({ config }) => config?.context_length)).find((length) => typeof length === 'number')),
  })) },
];

function clueOf<S extends v.GenericSchema>(schema: S, json: unknown, make: (value: v.InferOutput<S>) => Clue): Clue | undefined {
  const parsed = v.safeParse(schema, json);
  return parsed.success ? make(parsed.output) : undefined;
}

/** Some servers name themselves as the owner of their models. */
function ownerClue(owner: string | undefined): Clue {
  switch (owner) {
    case 'vllm': return { kind: 'vllm' };
    case 'sglang': return { kind: 'sglang' };
    case 'llamacpp': return { kind: 'llama-server' };
    default: return { kind: 'generic' };
  }
}
