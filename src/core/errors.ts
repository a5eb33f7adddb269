/**
 * Errors that a person can act on. Pure: no Node, no DOM, no VS Code.
 *
 * Every code has exactly one sentence and one action in `src/messages.ts`; `data` carries what that sentence names
 * (a path, a URL, a model, a line). Throw where the fact is known, wrap once at a module's edge.
 */
export interface ErrorData {
  'candidate.broken': { segment: string; detail: string };
  'document.empty': { path: string };
  'document.binary': { path: string; offset: number };
  'document.encoding': { path: string; offset: number; line?: number; column?: number };
  'document.tooLarge': { path: string; bytes: number; limit: number };
  'document.noCodec': { path: string; known: string };
  'document.syntax': { path: string; line: number; column: number; reason: string };
  'document.cannotHold': { path: string; characters: string };
  'document.noPlace': { path: string; key: string };
  'document.changed': { path: string };
  'document.dirty': { path: string };
  'document.notFound': { path: string };
  'document.targetExists': { path: string };
  'language.unknown': { tag: string; known: string };
  'language.unsupported': { source: string; target: string; model: string; supported: string };
  'store.unwritable': { path: string; reason: string };
  'store.diskFull': { path: string };
  'store.corrupt': { path: string; line: number; quarantine: string };
  'store.altered': { path: string; reason: string };
  'store.recordsMissing': { reviewer: string; writer: string; missing: string; count: number };
  'backend.unreachable': { url: string; reason: string };
  'backend.untrusted': { url: string; reason: string };
  'backend.refused': { url: string; status: number; body: string };
  'backend.badReply': { url: string; reason: string };
  'backend.modelMissing': { url: string; model: string; known: string };
  'backend.unauthorized': { url: string; status: number };
  'backend.stalled': { url: string; seconds: number };
  'backend.busy': { url: string; attempts: number };
  'backend.contextOverflow': { url: string; segment: string; reason: string };
  'backend.cannot': { url: string; what: string; needs: string };
  'backend.cannotSteer': { model: string; what: string };
  'backend.notVisible': { url: string; path: string };
  'backend.startFailed': { command: string; reason: string };
  'backend.notRunning': { name: string };
  'engine.crashed': { detail: string };
  'engine.unavailable': { reason: string };
  'engine.modelMissing': { path: string };
  'engine.modelInvalid': { path: string; reason: string };
  'engine.outOfMemory': { tokens: number };
  'engine.tooLarge': { path: string; megabytes: number; limit: number };
  'engine.outOfContext': { tokens: number; limit: number; segment: string };
  'ranking.noModel': { utility: string };
  'model.unknown': { id: string; known: string };
  'model.xcomet': { name: string };
  'model.gated': { repository: string; page: string; token: boolean };
  'model.refused': { url: string; status: number; reason: string };
  'model.unreachable': { url: string; reason: string };
  'model.damaged': { path: string; url: string };
  'model.noSpace': { path: string; needed: number; free: number };
  'model.busy': { path: string };
  'model.notConverted': { path: string; reason: string };
  'memory.rebuilt': { path: string; reason: string };
  'memory.badLines': { path: string; lines: string; count: number };
  'ranking.badAnswer': { url: string; reason: string };
  'ranking.badSettings': { name: string; value: string; allowed: string };
  'trainer.unavailable': { python: string; reason: string };
  'trainer.notSetUp': { reason: string };
  'trainer.noPython': { found: string };
  'trainer.noSpace': { path: string; needed: number; free: number };
  'trainer.setUpFailed': { step: string; command: string; reason: string };
  'trainer.tooFewRows': { rows: number; needed: number; missing: number };
  'trainer.failed': { job: string; code: string; reason: string };
  'trainer.lost': { job: string };
  'ray.failed': { address: string; reason: string };
  'trainer.running': { job: string };
  'trainer.noAdapter': { job: string; state: string };
  'gate.nothingHeldOut': { job: string };
  'gate.missing': { job: string };
  'adapter.notPassed': { adapter: string; outcome: string };
  'adapter.rank': { url: string; rank: number; said: string };
  'adapter.noAnswer': { adapter: string; url: string; reason: string };
  'adapter.notConverted': { adapter: string; reason: string };
  'adapter.missing': { adapter: string; path: string };
  'adapter.none': { workspace: string };
  'input.invalid': { where: string; reason: string };
  'workspace.untrusted': { what: string };
  'workspace.none': { what: string };
  'protocol.closed': { name: string };
  'protocol.failed': { name: string; reason: string };
}

export type ErrorCode = keyof ErrorData;

/** An error with a closed code. `message` is for logs; people read the sentence that `src/messages.ts` makes of it. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: C,
    readonly data: ErrorData[C],
    cause?: unknown,
  ) {
    super(`${code} ${JSON.stringify(data)}`, cause === undefined ? undefined : { cause });
  }

  /** The same error in a form that survives `postMessage`, `fork` and JSON. */
  toWire(): WireError {
    return { code: this.code, data: this.data };
  }
}

export interface WireError {
  readonly code: ErrorCode;
  readonly data: ErrorData[ErrorCode];
}

/** `sentence`: the message of the error, for people; without it the message is code and data. */
export function fromWire(wire: WireError, sentence?: string): AppError {
  const error = new AppError(wire.code, wire.data);
  if (sentence !== undefined) error.message = sentence;
  return error;
}

/** Any thrown value as an AppError: ours stay as they are, others become `protocol.failed` of `where`. */
export function toAppError(thrown: unknown, where: string): AppError {
  if (isAppError(thrown)) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('protocol.failed', { name: where, reason }, thrown);
}

/** `instanceof` alone would forget which codes there are. */
function isAppError(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError;
}

/** True for the rejection that an aborted signal causes: not a failure, nothing to report. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}

/** Ends a `switch` over a union: does not compile when a member was forgotten. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
