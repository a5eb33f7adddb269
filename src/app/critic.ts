import type { Backend } from '../backend/backend.ts';
import { criticHash, criticMessages, criticSchema, principlesWith, readVerdict, type CriticVerdict } from '../core/critic/critic.ts';
import { AppError } from '../core/errors.ts';
import { parseLanguage } from '../core/text/languages.ts';
import type { LanguagePair } from '../protocol/worker.ts';
import { Memory } from './ranking/memory.ts';

/** Tokens of an answer a principle (160 characters are up to two tokens each), and of what stands around them. */
const tokensOf = { principle: 340, frame: 64 } as const;
/** An answer that does not hold every principle is asked for again so often in all. */
const tries = 2;
const keptVerdicts = 5000;

/** Asks a model behind a backend whether translations satisfy the principles. Equal questions are asked once. */
export class Critic {
  readonly #backend: Pick<Backend, 'structured' | 'describe'>;
  readonly #principles: readonly string[];
  readonly #known = new Memory<CriticVerdict>(keptVerdicts);

  /** @param own the project's principles, beside the fixed ones. The backend stays its owner's. */
  constructor(backend: Pick<Backend, 'structured' | 'describe'>, own: readonly string[]) {
    this.#backend = backend;
    this.#principles = principlesWith(own);
  }

  /** Model, prompt and principles: `Qwen3-8B|principles:0a1b2c3d4e5f`. @throws AppError `backend.*` */
  async signature(signal: AbortSignal): Promise<string> {
    return `${(await this.#backend.describe(signal)).model}|principles:${criticHash(this.#principles)}`;
  }

  /** @throws AppError `backend.cannot` for a backend without structured answers, `backend.badReply`, `backend.*` */
  async judge(source: string, translation: string, languages: LanguagePair, signal: AbortSignal): Promise<CriticVerdict> {
    const key = JSON.stringify([source, translation, languages]);
    const known = this.#known.get(key) ?? await this.#ask({ source, translation, languages }, signal);
    this.#known.set(key, known, 1);
    return known;
  }

  async #ask(about: { readonly source: string; readonly translation: string; readonly languages: LanguagePair }, signal: AbortSignal): Promise<CriticVerdict> {
    const backend = this.#backend;
    const { name, model } = await backend.describe(signal);
    if (backend.structured === undefined) throw new AppError('backend.cannot', { url: name, what: 'judge', needs: 'a server that speaks the OpenAI protocol, with an instruction-tuned model' });
    const principles = this.#principles;
    const languages = { source: parseLanguage(about.languages.source).name, target: parseLanguage(about.languages.target).name };
    const request = {
      messages: criticMessages({ ...about, languages, principles }),
      schema: criticSchema(principles),
      name: 'principles',
      maxTokens: tokensOf.frame + tokensOf.principle * principles.length,
    };
    for (let attempt = 0; attempt < tries; attempt++) {
      const verdict = readVerdict(await backend.structured(request, signal), principles);
      if (verdict !== undefined) return verdict;
    }
    throw new AppError('backend.badReply', { url: name, reason: `${model} left out some of the ${String(principles.length)} principles` });
  }
}
