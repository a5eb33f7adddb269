/**
 * The few globals that Node, browsers and workers share and that pure code may use. Declared here because `core` and
 * `protocol` are compiled with neither Node's nor the DOM's types.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
// eslint-disable-next-line no-var -- ambient value of every runtime we target
declare var AbortController: { new (): AbortController };

interface TextDecoder {
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}
// eslint-disable-next-line no-var -- ambient value of every runtime we target
declare var TextDecoder: { new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder };

interface TextEncoder {
  encode(input: string): Uint8Array;
  encodeInto(input: string, into: Uint8Array): { readonly read: number; readonly written: number };
}
// eslint-disable-next-line no-var -- ambient value of every runtime we target
declare var TextEncoder: { new (): TextEncoder };

/** ES2024, in every runtime we target: false for a text with an unpaired surrogate. */
interface String {
  isWellFormed(): boolean;
}
