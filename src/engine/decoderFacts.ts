import type { ModelPrompt } from '../protocol/engine.ts';
import type { Manifest } from './manifest.ts';

/** What the engine must know of a decoder, whoever wrote its folder. */
export interface DecoderFacts {
  readonly name: string;
  readonly revision: string;
  readonly prompt: ModelPrompt;
  /** Undefined: any. */
  readonly languages?: { readonly sources: readonly string[]; readonly targets: readonly string[] };
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  /** Goes before a prompt that does not begin with it; null: nothing does. */
  readonly bosTokenId: number | null;
  /** Any of them ends a sample; the first one closes a text that is scored. At least one. */
  readonly endTokens: readonly [number, ...number[]];
  readonly contextLength: number;
  readonly defaults: { readonly temperature: number; readonly topP: number; readonly topK: number; readonly maxTokens: number };
}

/** Of a folder with our manifest. */
export function factsOf(manifest: Manifest): DecoderFacts {
  const { promptFamily, promptTemplate, sourceLanguages, targetLanguages, eosTokenId } = manifest;
  return {
    ...manifest,
    prompt: { kind: 'template', family: promptFamily, template: promptTemplate },
    languages: { sources: sourceLanguages, targets: targetLanguages },
    endTokens: [eosTokenId],
  };
}
