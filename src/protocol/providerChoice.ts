/** Which provider a model of the engine is asked to run on. Pure: no VS Code, no Node, no DOM. */
import { AppError } from '../core/errors.ts';
import type { Provider } from './engine.ts';

/**
 * The provider of the settings, until the engine dies with it: native code that crashes takes the process along, so that one
 * is not asked again and the CPU does what was under way.
 */
export class ProviderChoice {
  readonly #wanted: () => Provider;
  #deadly: { readonly provider: Provider; readonly note: string } | undefined;

  /** @param wanted as the settings have it now */
  constructor(wanted: () => Provider) {
    this.#wanted = wanted;
  }

  get current(): Provider {
    return this.#wanted() === this.#deadly?.provider ? 'cpu' : this.#wanted();
  }

  /** What was loaded, with the reason why it is not the provider of the settings. */
  noted<M extends { readonly providerNote?: string }>(loaded: M): M {
    return this.#wanted() === this.#deadly?.provider ? { ...loaded, providerNote: this.#deadly.note } : loaded;
  }

  /** Does `work`, and once more on the CPU when the engine died with another provider. @throws what `work` throws */
  async surviving<T>(work: () => Promise<T>): Promise<T> {
    const provider = this.current;
    try {
      return await work();
    } catch (thrown) {
      if (provider === 'cpu' || !isCrash(thrown)) throw thrown;
      this.#deadly = { provider, note: `${provider}: the engine ended with it (${thrown.data.detail})` };
      return work();
    }
  }
}

function isCrash(thrown: unknown): thrown is AppError<'engine.crashed'> {
  return thrown instanceof AppError && thrown.code === 'engine.crashed';
}
