import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../../src/core/evaluation/random.ts';

/** Sources of a translation memory of any size, made of real sentences: halves of two joined, words of others put in, names. */
export class ManyUnits {
  readonly #sentences: readonly (readonly string[])[];
  readonly #glue: string;
  readonly #random: () => number;

  /** @param folder `small_parallel_enja`. @param language its side: words in English, characters without spaces in Japanese */
  constructor(folder: string, language: 'en' | 'ja', seed: number) {
    this.#sentences = readFileSync(join(folder, `train.${language}`), 'utf8').trimEnd().split('\n').map((line) => line.split(' '));
    this.#glue = language === 'ja' ? '' : ' ';
    this.#random = seededRandom(seed);
  }

  source(): string {
    const first = this.#sentence();
    const words = this.#random() < 0.3 ? [...first.slice(0, first.length >> 1), ...this.#half()] : [...first];
    for (let change = this.#below(3); change > 0; change--) {
      const other = this.#sentence();
      words[this.#below(words.length)] = other[this.#below(other.length)] ?? '';
    }
    if (this.#random() < 0.3) words.splice(this.#below(words.length), 0, `Name${String(this.#below(300_000))}`);
    return words.join(this.#glue);
  }

  /** A source as somebody may translate next: one of these with up to three words changed. */
  query(source: string): string {
    const words = this.#glue === '' ? [...source] : source.split(' ');
    for (let change = this.#below(4); change > 0; change--) words[this.#below(words.length)] = this.#sentence()[0] ?? '';
    return words.join(this.#glue);
  }

  #half(): readonly string[] {
    const other = this.#sentence();
    return other.slice(other.length >> 1);
  }

  #sentence(): readonly string[] {
    return this.#sentences[this.#below(this.#sentences.length)] ?? [];
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
