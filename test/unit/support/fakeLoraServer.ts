/** A fake of vLLM or SGLang with runtime adapters, from their documentation. No model runs in it: translations are the seed's. */
import { FakeOpenAi, json, seededChat, type Answer } from './fakeOpenAi.ts';

export interface FakeLoraOptions {
  readonly kind?: 'vllm' | 'sglang';
  /** Answers in place of loading. */
  readonly refuse?: Answer;
  /** Takes an adapter and does not list it. */
  readonly forgets?: boolean;
  /** Refuses to unload. */
  readonly keeps?: boolean;
  readonly chat?: Answer;
  /** 0: any free one. */
  readonly port?: number;
  /** Told of what happens to it: `load NAME`, `unload NAME`, `sleep`, `wake`. */
  readonly onEvent?: (event: string) => void;
}

export interface FakeLoraServer {
  readonly server: FakeOpenAi;
  /** Path by name. */
  readonly loaded: Map<string, string>;
}

const base = 'Qwen3-8B';

export async function fakeLoraServer(options: FakeLoraOptions = {}): Promise<FakeLoraServer> {
  const { kind = 'vllm', onEvent = () => undefined } = options;
  const loaded = new Map<string, string>();
  const load: Answer = ({ body }, response) => {
    const { lora_name: name, lora_path: path } = body;
    if (typeof name !== 'string' || typeof path !== 'string') json(response, { error: { message: 'lora_name: field required' } }, 422);
    else if (loaded.has(name)) json(response, { error: { message: `The lora adapter '${name}' has already been loaded.` } }, 400);
    else {
      if (options.forgets !== true) loaded.set(name, path);
      onEvent(`load ${name}`);
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`Success: LoRA adapter '${name}' added successfully.`);
    }
  };
  const prefix = kind === 'vllm' ? '/v1' : '';
  const server = await new FakeOpenAi({
    ...(kind === 'vllm' ? { '/version': (_, response) => { json(response, { version: '0.22.0-fake' }); }, ...sleepMode(onEvent) } : { '/get_server_info': (_, response) => { json(response, { version: '0.5-fake', model_path: base }); } }),
    '/health': (_, response) => { response.writeHead(200).end(); },
    '/v1/models': (_, response) => { json(response, { data: [{ id: base }, ...[...loaded].map(([id, root]) => ({ id, root, parent: base }))] }); },
    '/v1/chat/completions': options.chat ?? seededChat,
    '/tokenize': ({ body }, response) => { json(response, { tokens: [...JSON.stringify(body['messages'] ?? body['prompt'])].map((character) => character.codePointAt(0)) }); },
    '/v1/completions': scores,
    [`${prefix}/load_lora_adapter`]: (request, response) => ('lora_name' in request.body && options.refuse !== undefined ? options.refuse : load)(request, response),
    [`${prefix}/unload_lora_adapter`]: ({ body }, response) => {
      if (options.keeps === true) {
        json(response, { error: { message: 'not now' } }, 400);
        return;
      }
      loaded.delete(String(body['lora_name']));
      onEvent(`unload ${String(body['lora_name'])}`);
      response.writeHead(200).end('Success');
    },
  }).start(options.port);
  return { server, loaded };
}

/** log P of the tokens of a prompt, as vLLM tells it: a little higher for whoever is not the base. */
const scores: Answer = ({ body }, response) => {
  const ids = Array.isArray(body['prompt']) ? body['prompt'] as number[] : []; // our own client sends ids
  const logprob = (id: number): number => -1 - (id % 7) / (body['model'] === base ? 7 : 9);
  json(response, { choices: [{ index: 0, text: '', finish_reason: 'length', prompt_logprobs: ids.map((id, at) => at === 0 ? null : { [id]: { logprob: logprob(id) } }) }] });
};

function sleepMode(onEvent: (event: string) => void): Readonly<Record<string, Answer>> {
  let sleeping = false;
  const become = (now: boolean): Answer => (_, response) => {
    sleeping = now;
    onEvent(now ? 'sleep' : 'wake');
    response.writeHead(200).end();
  };
  return { '/is_sleeping': (_, response) => { json(response, { is_sleeping: sleeping }); }, '/sleep?level=1': become(true), '/wake_up': become(false) };
}
