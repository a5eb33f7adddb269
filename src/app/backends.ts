import type { Backend } from '../backend/backend.ts';
import { EmbeddedBackend } from '../backend/embedded/embeddedBackend.ts';

/** What translates: the embedded engine with a model folder, or a server. */
export type BackendChoice =
  | { readonly kind: 'embedded'; readonly modelFolder: string }
  | { readonly kind: 'server'; readonly url: string; readonly model: string; readonly apiKey?: string | undefined };

export function embeddedProfile(modelFolder: string): BackendChoice {
  return { kind: 'embedded', modelFolder };
}
