import type { Sampling } from '../core/candidate.ts';
import { AppError } from '../core/errors.ts';
import type { CallContext } from '../protocol/channel.ts';
import type { GenerateParams, GenerateStats, LoadedModel, Sample } from '../protocol/engine.ts';
import type { Decoder } from './decoder.ts';
import { sampleSequences } from './generate.ts';
import type { ModelFolder } from './modelFolder.ts';
import { scoreSequences } from './score.ts';
import { trimCutCharacter } from './tokenizer.ts';

/** Rows in lockstep at most, and what their keys and values may take: 64 rows of a small model, fewer of a large one. */
const mostRows = 64;
const cacheBytes = 512 * 2 ** 20;

/** A loaded model: text in, text out. */
export class Model {
  readonly kind = 'decoder';
  readonly #folder: ModelFolder;
  readonly #decoder: Decoder;
  readonly #now: () => number;

  constructor(folder: ModelFolder, decoder: Decoder, now: () => number) {
    this.#folder = folder;
    this.#decoder = decoder;
    this.#now = now;
  }

  describe(handle: number): Omit<LoadedModel, 'provider' | 'providerNote' | 'loadMs'> {
    const { name, revision, prompt, languages, contextLength, defaults } = this.#folder.facts;
    return {
      handle, name, revision, prompt, contextLength, defaults,
      ...(languages !== undefined && { languages }),
      specialTokens: this.#folder.tokenizer.specialTokens,
    };
  }

  tokenize(text: string): number[] {
    return this.#folder.tokenizer.encode(text);
  }

  /** @throws AppError `engine.outOfContext`, `input.invalid`; AbortError */
  async generate(params: GenerateParams, context: CallContext<Sample>): Promise<{ samples: Sample[]; stats: GenerateStats }> {
    const { sampling, firstSample = 0, seed, segmentKey, stop = [] } = params;
    checkSampling(sampling);
    const prompt = this.#prompt(params.prompt, segmentKey);
    const maxTokens = Math.min(sampling.maxTokens, this.#folder.facts.contextLength - prompt.length);
    const samples: Sample[] = [];
    const bytesPerRow = this.#decoder.cache.bytesPerToken * (prompt.length + maxTokens);
    const stats = await sampleSequences(
      this.#decoder,
      { prompt, sampling, firstSample, seed, segmentKey, endTokens: this.#endTokens(stop), maxTokens },
      {
        signal: context.signal,
        now: this.#now,
        maxRows: Math.max(1, Math.min(mostRows, Math.floor(cacheBytes / bytesPerRow))),
        onFinished: ({ samples: numbers, tokens, logProb, finish }) => {
          const decoded = this.#folder.tokenizer.decode(tokens);
          const text = upTo(finish === 'length' ? trimCutCharacter(decoded) : decoded, stop);
          const count = tokens.length + (finish === 'stop' ? 1 : 0);
          for (const index of numbers) {
            const sample: Sample = { index, text, logProb, tokens: count, finish };
            samples.push(sample);
            context.progress(sample);
          }
        },
      },
    );
    samples.sort((a, b) => a.index - b.index);
    return { samples, stats: { promptTokens: prompt.length, ...stats } };
  }

  /** Completions are tokenised apart from the prompt and closed with the end token. */
  async score(
    text: string,
    completions: readonly string[],
    signal: AbortSignal,
  ): Promise<{ logProbs: number[]; tokens: number[] }> {
    const { contextLength, endTokens: [endToken] } = this.#folder.facts;
    const prompt = this.#prompt(text, '');
    const sequences = completions.map((completion) => [...this.tokenize(completion), endToken]);
    const longest = sequences.reduce((most, sequence) => Math.max(most, sequence.length), 0);
    const total = prompt.length + longest;
    if (total > contextLength) throw new AppError('engine.outOfContext', { tokens: total, limit: contextLength, segment: '' });
    const logProbs = await scoreSequences(this.#decoder, prompt, sequences, signal);
    return { logProbs, tokens: sequences.map((sequence) => sequence.length) };
  }

  async release(): Promise<void> {
    await this.#decoder.release();
  }

  /** The model's own, and the stops that are one token. */
  #endTokens(stop: readonly string[]): ReadonlySet<number> {
    const stops = stop.map((text) => this.tokenize(text)).flatMap((ids) => (ids.length === 1 ? ids : []));
    return new Set([...this.#folder.facts.endTokens, ...stops]);
  }

  /** Token ids of a prompt that leaves room for at least one more token. */
  #prompt(text: string, segment: string): number[] {
    const { bosTokenId, contextLength } = this.#folder.facts;
    const tooLong = (tokens: number): AppError => new AppError('engine.outOfContext', { tokens, limit: contextLength, segment });
    const least = this.#folder.tokenizer.leastTokens(text);
    if (least >= contextLength) throw tooLong(least);
    const ids = this.tokenize(text);
    const prompt = bosTokenId === null || ids[0] === bosTokenId ? ids : [bosTokenId, ...ids];
    if (prompt.length === 0) throw new AppError('input.invalid', { where: 'prompt', reason: 'it is empty' });
    if (prompt.length >= contextLength) throw tooLong(prompt.length);
    return prompt;
  }
}

/** Stops that are several tokens, or part of one, are found in the finished text. */
function upTo(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

function checkSampling({ n, temperature, topP, topK, maxTokens }: Sampling): void {
  const must = (fits: boolean, name: string, reason: string): void => {
    if (!fits) throw new AppError('input.invalid', { where: `sampling.${name}`, reason });
  };
  must(Number.isInteger(n) && n >= 1 && n <= 1024, 'n', 'must be 1 to 1024');
  must(Number.isFinite(temperature) && temperature >= 0, 'temperature', 'must be 0 or more');
  must(topP > 0 && topP <= 1, 'topP', 'must be above 0 and at most 1');
  must(Number.isInteger(topK) && topK >= 0, 'topK', 'must be 0 (off) or more');
  must(Number.isInteger(maxTokens) && maxTokens >= 1, 'maxTokens', 'must be 1 or more');
}
