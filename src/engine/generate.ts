import type { Sampling } from '../core/candidate.ts';
import { abortError } from '../protocol/channel.ts';
import type { Decoder } from './decoder.ts';
import { TokenDistribution } from './distribution.ts';
import { prefill } from './prefill.ts';
import { SamplePoint } from './random.ts';

export interface SequenceRequest {
  readonly prompt: readonly number[];
  readonly sampling: Sampling;
  /** Number of the first sample. */
  readonly firstSample: number;
  readonly seed: number;
  readonly segmentKey: string;
  /** Any of them ends a sample. */
  readonly endTokens: ReadonlySet<number>;
  /** Most tokens of a sample, end token included: what the caller asked for, or what the context leaves. */
  readonly maxTokens: number;
}

/** Samples that came out alike: same tokens, so same text and probability. */
export interface FinishedSequence {
  /** Numbers of the samples, ascending. */
  readonly samples: readonly number[];
  /** Without the end token. */
  readonly tokens: readonly number[];
  /** Sum of log P under the model at T = 1, natural log, end token included. */
  readonly logProb: number;
  readonly finish: 'stop' | 'length';
}

export interface SequenceStats {
  readonly generatedTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

export interface SequenceHooks {
  onFinished(sequence: FinishedSequence): void;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Most samples that go in lockstep; more than that is done in waves. */
  readonly maxRows: number;
}

interface Member {
  readonly sample: number;
  readonly point: SamplePoint;
}

/** One prefix and the samples that have it. */
interface Row {
  readonly tokens: readonly number[];
  readonly logProb: number;
  readonly members: readonly Member[];
}

/**
 * Draws N samples of one prompt by arithmetic sampling (see `SamplePoint`). The prompt runs once; samples with the same tokens so far share one row of the batch and
 * part only where their draws differ, so a greedy request costs one row whatever N is. Finished rows leave the batch.
 *
 * Cost: one pass of the prompt, then a pass of at most `maxRows` rows for each token of the longest sample of each wave.
 * @throws AbortError between two steps
 */
export async function sampleSequences(decoder: Decoder, request: SequenceRequest, hooks: SequenceHooks): Promise<SequenceStats> {
  const started = hooks.now();
  const logits = await prefill(decoder, request.prompt, hooks.signal);
  const prefilled = hooks.now();
  const { n } = request.sampling;
  const saved = n > hooks.maxRows ? decoder.cache.save(0) : undefined;
  const batch = new Batch(decoder, request, hooks);
  for (let first = 0; first < n; first += hooks.maxRows) {
    if (first > 0 && saved) decoder.cache.restore(saved);
    const samples = Array.from({ length: Math.min(hooks.maxRows, n - first) }, (_, index) => request.firstSample + first + index);
    await batch.run(samples, logits);
  }
  return { generatedTokens: batch.generatedTokens, prefillMs: prefilled - started, decodeMs: hooks.now() - prefilled };
}

class Batch {
  readonly #decoder: Decoder;
  readonly #request: SequenceRequest;
  readonly #hooks: SequenceHooks;
  readonly #distribution: TokenDistribution;
  #rows: Row[] = [];
  generatedTokens = 0;

  constructor(decoder: Decoder, request: SequenceRequest, hooks: SequenceHooks) {
    this.#decoder = decoder;
    this.#request = request;
    this.#hooks = hooks;
    this.#distribution = new TokenDistribution(decoder.vocabSize);
  }

  /** One wave. @param promptLogits logits after the prompt, which the cache holds as its only row */
  async run(samples: readonly number[], promptLogits: Float32Array): Promise<void> {
    const { seed, segmentKey } = this.#request;
    const members = samples.map((sample) => ({ sample, point: new SamplePoint(seed, segmentKey, sample) }));
    this.#rows = [{ tokens: [], logProb: 0, members }];
    this.#advance(promptLogits);
    while (this.#rows.length > 0) {
      if (this.#hooks.signal.aborted) throw abortError();
      const lastTokens = this.#rows.map((row) => row.tokens.at(-1) ?? 0);
      this.#advance(await this.#decoder.forward(lastTokens, 1));
    }
  }

  /** Draws the next token of every sample; rows fork where samples part and go where they ended. */
  #advance(logits: Float32Array): void {
    const { vocabSize } = this.#decoder;
    const ended: number[] = [];
    this.#rows.slice().forEach((row, index) => {
      this.#distribution.load(logits.subarray(index * vocabSize, (index + 1) * vocabSize), this.#request.sampling);
      const going = this.#parts(row).filter((part) => !this.#finished(part));
      const [first, ...others] = going;
      if (first) this.#rows[index] = first;
      else ended.push(index);
      for (const other of others) this.#rows[this.#decoder.cache.fork(index)] = other;
    });
    // From the end, so that the row which takes a free place is never one that ended.
    for (const index of ended.reverse()) this.#remove(index);
  }

  #parts(row: Row): Row[] {
    const byToken = new Map<number, Member[]>();
    for (const member of row.members) {
      const { token, low, width } = this.#distribution.draw(member.point.next());
      member.point.narrow(low, width);
      const same = byToken.get(token);
      if (same) same.push(member);
      else byToken.set(token, [member]);
    }
    return [...byToken].map(([token, members]) => ({
      tokens: [...row.tokens, token],
      logProb: row.logProb + this.#distribution.logProb(token),
      members,
    }));
  }

  /** Reports a row that ended. */
  #finished(row: Row): boolean {
    const last = row.tokens.at(-1);
    const stopped = last !== undefined && this.#request.endTokens.has(last);
    if (!stopped && row.tokens.length < this.#request.maxTokens) return false;
    this.generatedTokens += row.tokens.length * row.members.length;
    this.#hooks.onFinished({
      samples: row.members.map((member) => member.sample),
      tokens: stopped ? row.tokens.slice(0, -1) : row.tokens,
      logProb: row.logProb,
      finish: stopped ? 'stop' : 'length',
    });
    return true;
  }

  #remove(index: number): void {
    this.#decoder.cache.remove(index);
    const last = this.#rows.pop();
    if (last && index < this.#rows.length) this.#rows[index] = last;
  }
}
