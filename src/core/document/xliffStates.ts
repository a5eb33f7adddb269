/** States of XLIFF 1.2 and 2.x, and the tags of a text that a person has accepted. Pure. */
import type { FrameHead, SegmentText, Standing, UnitState } from './segment.ts';
import { encodeUnit } from './units.ts';
import { escapeXmlText, tagAt, withAttribute, withoutAttribute } from './xml.ts';

/** `state` of a 1.2 `<target>`. */
export const states1: Readonly<Record<string, UnitState>> = {
  new: 'new', 'needs-translation': 'new', 'needs-adaptation': 'needsReview', 'needs-l10n': 'needsReview', 'needs-review-adaptation': 'needsReview',
  'needs-review-l10n': 'needsReview', 'needs-review-translation': 'needsReview', translated: 'translated', final: 'final', 'signed-off': 'final',
};

/** `state` of a 2.x `<segment>`. */
export const states2: Readonly<Record<string, UnitState>> = { initial: 'new', translated: 'translated', reviewed: 'translated', final: 'final' };

/**
 * A translation in its slot. `before` stands there as in the file; the state in it is set only now, as most units of a large
 * file are never written: in 1.2 that of the `<target>` at its end becomes `translated`, in 2.x that of the `<segment>` at its
 * start `reviewed`, without the `subState` of another state. What is final stays so; where the translation that stands there is
 * confirmed, a tag that says nothing of states keeps saying nothing. What was filled in and nobody has looked at is
 * `needs-review-translation` in 1.2, `translated` in 2.x, and never final.
 */
export function encodeXliff(translation: string, segment: SegmentText, standing: Standing = 'accepted'): string {
  const { unit } = segment;
  if (unit === undefined || unit.style === undefined) return encodeUnit(translation, segment, escapeXmlText);
  const confirms = standing === 'accepted' && unit.existing !== undefined && unit.existing === translation.trim();
  const before = unit.style === 'target' ? stated1(unit.before, confirms, standing) : stated2(unit.before, confirms, standing);
  return encodeUnit(translation, { ...segment, unit: { ...unit, before } }, escapeXmlText);
}

function stated1(before: string, confirms: boolean, standing: Standing): string {
  const at = before.lastIndexOf('<');
  const { tag, attributes } = tagAt(before, at);
  if (confirms && attributes['state'] === undefined) return before;
  if (standing === 'filled') return before.slice(0, at) + withAttribute(opened(tag), 'state', 'needs-review-translation');
  return before.slice(0, at) + (states1[attributes['state'] ?? ''] === 'final' ? opened(tag) : withAttribute(opened(tag), 'state', 'translated'));
}

/**
 * A `<target>` that is written part by part, up to the first of them. A state that says already how far its least finished part
 * has come stays, as does one that says that all is final.
 * @param before @param tag @param first what stands before its tag, the tag, and what stands behind it
 */
export function headOfTarget(before: string, tag: string, first: string): FrameHead {
  const { state } = tagAt(tag, 0).attributes;
  const known = states1[state ?? ''];
  const head = (name: string, stays: boolean): string => before + (stays ? opened(tag) : withAttribute(opened(tag), 'state', name)) + first;
  const untranslated = head('needs-translation', known === 'new');
  return {
    blank: untranslated,
    new: untranslated,
    needsReview: head('needs-review-translation', known === 'needsReview'),
    done: head('translated', known === 'final'),
    confirmed: state === undefined ? before + opened(tag) + first : undefined,
  };
}

function stated2(before: string, confirms: boolean, standing: Standing): string {
  const { tag, attributes } = tagAt(before, 0);
  if (confirms && attributes['state'] === undefined) return before;
  const at = before.lastIndexOf('<');
  const state = standing === 'filled' ? 'translated' : 'reviewed';
  const stays = standing === 'accepted' && states2[attributes['state'] ?? ''] === 'final';
  const head = stays ? tag : withAttribute(attributes['state'] === state ? tag : withoutAttribute(tag, 'subState'), 'state', state);
  return head + before.slice(tag.length, at) + opened(before.slice(at));
}

function opened(tag: string): string {
  return tag.replace(/\s*\/>$/u, '>');
}
