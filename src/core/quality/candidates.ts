/** Checks of what models get wrong, of terms and of how a text was accepted. Pure. */
import type { RankingSettings } from '../candidate.ts';
import type { TextRange } from '../document/segment.ts';
import { occurrences } from '../glossary/glossary.ts';
import type { Check, CheckInput, Finding } from './check.ts';

/** How a prompt asks, or an answer is marked; a translation has it only where its source has. */
const promptTalk = /(?:please )?translate (?:this|the following)\b[^.:\n]{0,60}\b(?:to|into)\b|\b(?:professional|expert) [\p{L} -]{0,40}translator\b|^(?:human|assistant|user|system):|without (?:any )?(?:additional )?explanations?|(?:次|以下)の.{0,12}(?:を|に)翻訳し(?:て|なさい)|请(?:将|把).{0,12}翻译(?:成|为)/imu;

/** A short source whose translation is a story: graphemes, and times the source's. */
const blowUp = { from: 160, times: 10 } as const;

/** A model's own talk instead of a translation; a copied prompt; a loop; a text that has grown out of all proportion. */
export const hallucination: Check = ({ source, translation }) => {
  const copied = promptTalk.exec(translation);
  if (copied !== null && !promptTalk.test(source)) return [finding(copied[0])];
  if (translation.length >= blowUp.from && translation.length > blowUp.times * source.length) return [finding(`${source.length} → ${translation.length}`)];
  const talk = /^(?:(?:sure|certainly|of course)[,!].{0,40}translat|here(?:'s| is) (?:the|a) translation|i(?:'m| am) sorry,? (?:but )?i can(?:'|no)t|as an ai\b|以下は?.{0,10}翻訳(?:です|文)|翻訳[:：]|申し訳(?:ありません|ございません)が、(?:翻訳|お手伝い))/iu.exec(translation.trim());
  if (talk !== null && !source.trim().toLowerCase().startsWith(talk[0].slice(0, 8).toLowerCase())) return [finding(talk[0])];
  if (/⟦\d+⟧|<\|[a-z_]+\|>|<2[a-z]{2,3}>/u.test(translation) && !/⟦\d+⟧|<\|/u.test(source)) return [finding(/⟦\d+⟧|<\|[a-z_]+\|>|<2[a-z]{2,3}>/u.exec(translation)?.[0] ?? '')];
  const loop = /(.{4,40}?)\1{3,}/su.exec(translation);
  const meant = loop === null || /^[^\p{L}\p{N}]*$/u.test(loop[1] ?? '') || /(.{4,60}?)\1{2,}/su.test(source) || /^(.)\1*$/su.test(loop[1] ?? '');
  return meant ? [] : [finding(loop[1] ?? '')];
};

function finding(detail: string): Finding {
  return { check: 'hallucination', severity: 'error', detail };
}

/**
 * A term of the source whose translation is missing, and a translation that is forbidden unless an allowed one holds it
 * (ユーザ inside of ユーザー).
 */
export const glossary: Check = ({ source, translation, terms = [] }) => terms.flatMap((term): readonly Finding[] => {
  if (!holds(source, term.source)) return [];
  const allowed = term.targets.flatMap((text) => occurrences(translation, text));
  const isAllowed = ({ start, end }: TextRange): boolean => allowed.some((range) => range.start <= start && end <= range.end);
  const forbidden = term.forbidden.filter((text) => occurrences(translation, text).some((range) => !isAllowed(range)));
  const faults = forbidden.map((detail): Finding => ({ check: 'glossary', severity: 'warning', detail: `✗ ${detail}` }));
  const missing = term.targets.length > 0 && allowed.length === 0;
  return missing ? [{ check: 'glossary', severity: 'warning', detail: `${term.source} → ${term.targets.join(', ')}` }, ...faults] : faults;
});

function holds(text: string, term: string): boolean {
  return occurrences(text, term).length > 0;
}

/** Scores under which candidates of a segment hardly agree; COMET gives everything more than half, CometKiwi stands beside S_MBR by chrF, and what an endpoint's scores mean is not known. */
const weak: Readonly<Record<RankingSettings['utility'], number>> = { 'chrf': 0.4, 'chrf++': 0.4, 'comet': 0.7, 'cometkiwi': 0.4, 'http': 0 };

/** Accepted unedited, faster than it can be read (25 source characters a second and a start of 0.3 s), with a weak score. */
export const quickAccept: Check = ({ source, acceptance }) => {
  if (acceptance === undefined) return [];
  const isUnread = acceptance.elapsedMs < 300 + source.length * 40;
  return isUnread && acceptance.mbr < weak[acceptance.utility] ? [{ check: 'quickAccept', severity: 'hint', detail: `${(acceptance.elapsedMs / 1000).toFixed(1)} s` }] : [];
};

/** A translation in its place: what checks of a whole document look at. */
export interface ConsistencyItem extends Pick<CheckInput, 'source' | 'translation'> {
  readonly id: string;
}

/** One source with several translations, and one translation of several sources, by segment id. Linear. */
export function consistency(items: readonly ConsistencyItem[]): ReadonlyMap<string, readonly Finding[]> {
  const result = new Map<string, readonly Finding[]>();
  for (const [from, to] of [['source', 'translation'], ['translation', 'source']] as const) {
    const seen = new Map<string, Map<string, string[]>>();
    for (const item of items) {
      const [key, value] = [folded(item[from]), folded(item[to])];
      if (key === '' || value === '') continue;
      const texts = seen.get(key) ?? new Map<string, string[]>();
      seen.set(key, texts.set(value, [...(texts.get(value) ?? []), item.id]));
    }
    for (const texts of seen.values()) {
      if (texts.size < 2) continue;
      for (const [value, ids] of texts) {
        const other = [...texts.keys()].find((text) => text !== value) ?? '';
        for (const id of ids) result.set(id, [...(result.get(id) ?? []), { check: 'consistency', severity: from === 'source' ? 'warning' : 'hint', detail: other.slice(0, 80) }]);
      }
    }
  }
  return result;
}

function folded(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}
