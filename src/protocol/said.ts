/** Sentences of the trainer: English, with the pattern and what stands in it, so that they can be shown in another language. Pure. */
import * as v from 'valibot';

/** `{name}` stands in `pattern` where a value goes; a value may be a sentence itself. */
export interface Said {
  readonly pattern: string;
  readonly values: Readonly<Record<string, string | number | Said>>;
}

export const saidSchema: v.GenericSchema<unknown, Said> = v.object({
  pattern: v.string(),
  values: v.record(v.string(), v.union([v.string(), v.number(), v.lazy(() => saidSchema)])),
});

export interface Sentence {
  /** In English. */
  readonly text: string;
  readonly said?: Said;
}

/** @param translate puts values into the translation of a pattern */
export function sentenceIn({ text, said }: Sentence, translate: (pattern: string, values: Readonly<Record<string, string | number>>) => string): string {
  if (said === undefined) return text;
  const values = Object.entries(said.values).map(([name, value]) => [name, typeof value === 'object' ? sentenceIn({ text: '', said: value }, translate) : value] as const);
  return translate(said.pattern, Object.fromEntries(values));
}
