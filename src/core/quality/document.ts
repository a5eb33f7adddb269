/** Checks that look at all translations of a document together. Pure. */
import type { Segment } from '../document/segment.ts';
import { consistency, type ConsistencyItem } from './candidates.ts';
import type { Finding } from './check.ts';
import { isJapanese, jaEndingOf, jaRepeatedEndings, jaSentences, jaStyleDetail, jaStyleOf } from './japanese.ts';
import { spellingsIn } from './spellings.ts';

export interface DocumentItem extends ConsistencyItem, Pick<Segment, 'block' | 'kind'> {}

type Findings = Map<string, readonly Finding[]>;

/** By segment id, of translations in document order: one source in two words and the reverse; in Japanese two styles, two spellings, one ending again and again. Linear. */
export function documentFindings(items: readonly DocumentItem[], targetLanguage: string): ReadonlyMap<string, readonly Finding[]> {
  const found: Findings = new Map(consistency(items));
  if (!isJapanese(targetLanguage)) return found;
  for (const part of [styles(items), spellings(items), endings(items)]) for (const [id, findings] of part) found.set(id, [...(found.get(id) ?? []), ...findings]);
  return found;
}

/** Running sentences of each style from which on a document has one, and so can leave it. */
const styleFrom = 3;

/**
 * です・ます and である: the segments whose sentences are in the rarer of the two, where the other has three sentences or more. Headings,
 * list items, cells and labels end as they like: there only what ends with a full stop is a sentence.
 */
function styles(items: readonly DocumentItem[]): Findings {
  const of = items.map((item) => ({ item, styles: runningSentences(item).map(jaStyleOf) }));
  const count = (wanted: 'polite' | 'plain'): number => of.reduce((sum, { styles: own }) => sum + own.filter((style) => style === wanted).length, 0);
  const [polite, plain] = [count('polite'), count('plain')];
  if (Math.max(polite, plain) < styleFrom || Math.min(polite, plain) === 0) return new Map();
  const rarer = polite < plain ? 'polite' : 'plain';
  const finding: Finding = { check: 'jaStyle', severity: 'hint', detail: jaStyleDetail(polite, plain) };
  return new Map(of.filter(({ styles: own }) => own.includes(rarer)).map(({ item }) => [item.id, [finding]]));
}

function runningSentences({ translation, kind }: DocumentItem): readonly string[] {
  return kind === 'sentence' || /。["”』」）]?\s*$/u.test(translation) ? jaSentences(translation) : [];
}

/** 表記ゆれ: the segments with the rarer spelling of a word, the later ones where there are as many. */
function spellings(items: readonly DocumentItem[]): Findings {
  const words = new Map<string, Map<string, string[]>>();
  for (const { id, translation } of items) {
    for (const { word, text } of spellingsIn(translation)) {
      const texts = words.get(word) ?? new Map<string, string[]>();
      words.set(word, texts.set(text, [...(texts.get(text) ?? []), id]));
    }
  }
  const found: Findings = new Map();
  for (const texts of words.values()) {
    const [usual, ...others] = [...texts].sort(([, a], [, b]) => b.length - a.length);
    for (const [text, ids] of others) for (const id of ids) found.set(id, [...(found.get(id) ?? []), { check: 'jaSpelling', severity: 'hint', detail: `${usual?.[0] ?? ''} / ${text}` }]);
  }
  return found;
}

/** The segment in which an ending of its paragraph is heard once too often. */
function endings(items: readonly DocumentItem[]): Findings {
  const found: Findings = new Map();
  const paragraphs = new Map<number, { readonly id: string; readonly ending: string }[]>();
  for (const item of items) {
    const own = runningSentences(item).map((sentence) => ({ id: item.id, ending: jaEndingOf(sentence) }));
    paragraphs.set(item.block, [...(paragraphs.get(item.block) ?? []), ...own]);
  }
  for (const sentences of paragraphs.values()) {
    for (const index of jaRepeatedEndings(sentences.map(({ ending }) => ending))) {
      const { id, ending } = sentences[index] ?? { id: '', ending: '' };
      found.set(id, [{ check: 'jaEnding', severity: 'hint', detail: ending }]);
    }
  }
  return found;
}
