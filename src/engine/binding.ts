import type * as Ort from 'onnxruntime-node';
import { AppError } from '../core/errors.ts';
import type { EngineHello } from '../protocol/engine.ts';

export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'listSupportedBackends'>;
export type LoadBinding = () => Promise<OrtModule>;

/** The only place that loads native code. It is called after `hello` arrived, never at import time. */
export async function importOnnxruntime(): Promise<OrtModule> {
  const module = await import('onnxruntime-node');
  // A CommonJS module: its exports stand under `default` when Node imports it, and beside it when a bundler does.
  return 'default' in module ? module.default : module;
}

type Loaded = { readonly ort: OrtModule } | { readonly reason: string };

/** The native binding, loaded once, whose absence is an answer and not a failure. */
export class Binding {
  readonly #load: LoadBinding;
  #loaded: Promise<Loaded> | undefined;

  constructor(load: LoadBinding) {
    this.#load = load;
  }

  async state(): Promise<EngineHello['binding']> {
    const loaded = await this.#once();
    if ('reason' in loaded) return { state: 'missing', reason: loaded.reason };
    const providers = loaded.ort.listSupportedBackends().filter((backend) => backend.bundled).map((backend) => backend.name);
    return { state: 'ok', providers };
  }

  /** @throws AppError `engine.unavailable` */
  async module(): Promise<OrtModule> {
    const loaded = await this.#once();
    if ('reason' in loaded) throw new AppError('engine.unavailable', { reason: loaded.reason });
    return loaded.ort;
  }

  #once(): Promise<Loaded> {
    this.#loaded ??= this.#load().then(
      (ort) => ({ ort }),
      (thrown: unknown) => ({ reason: thrown instanceof Error ? firstLine(thrown.message) : String(thrown) }),
    );
    return this.#loaded;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
