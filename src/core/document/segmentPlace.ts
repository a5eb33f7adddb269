/** What tells a text from others of the same words: its name in the file, and the plural form that it is. Pure. */
import { pluralExamples } from '../text/plurals.ts';
import type { CodecId, UnitData } from './segment.ts';

export interface PluralForm {
  /** A CLDR category, or a number of its own as ICU writes it: `=0`; with their arguments where there are several. */
  readonly category: string;
  /** Numbers that take this form in the target language. */
  readonly examples: readonly number[];
  /** There are more of them. */
  readonly more: boolean;
}

/** Formats whose keys are names that people chose. */
const named: ReadonlySet<CodecId> = new Set(['json', 'yaml', 'android', 'properties', 'resx', 'strings', 'stringsdict']);

/** What the file calls a text: a key, an id, the time of a cue. Undefined where it has no name but the text itself. */
export function nameIn(codec: CodecId, { key }: Pick<UnitData, 'key'>, source: string): string | undefined {
  if (named.has(codec)) return key;
  if (codec === 'xcstrings') return key.split('\0')[0] === source ? undefined : key.replaceAll('\0', ' / ');
  const behind = key.slice(key.indexOf('/') + 1);
  return (codec === 'srt' || codec === 'vtt' || codec === 'xliff' || codec === 'csv') && behind !== key && behind !== '' ? behind : undefined;
}

/** Which form a text is: its category, with their arguments where several numbers choose. */
export function formName({ plural, branch }: Pick<UnitData, 'plural' | 'branch'>): string | undefined {
  const numbered = branch?.path.filter(({ kind }) => kind !== 'select') ?? [];
  return numbered.length > 1 ? numbered.map(({ argument, name }) => `${argument}: ${name}`).join(', ') : plural;
}

/** Of a message that several numbers choose in, the choices alone: each may be any number of its form. */
export function formOf({ key, plural, ordinal, branch }: Pick<UnitData, 'key' | 'plural' | 'ordinal' | 'branch'>, targetLanguage: string): PluralForm | undefined {
  if (plural === undefined) return undefined;
  const category = formName({ plural, branch }) ?? plural;
  if (category !== plural) return { category, examples: [], more: false };
  const isOrdinal = ordinal === true || key.endsWith(`_ordinal_${plural}`);
  const { numbers, more } = pluralExamples(targetLanguage, plural, isOrdinal ? 'ordinal' : 'cardinal');
  return { category: plural, examples: numbers, more };
}
