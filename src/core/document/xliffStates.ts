/** States of XLIFF 1.2 and 2.x, and the tags of a text that a person has accepted. Pure. */
import type { Segment, UnitState } from './segment.ts';
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
 * confirmed, a tag that says nothing of states keeps saying nothing.
 */
export function encodeXliff(translation: string, segment: Segment): string {
  const { unit } = segment;
  if (unit === undefined || unit.style === undefined) return encodeUnit(translation, segment, escapeXmlText);
  const confirms = unit.existing !== undefined && unit.existing === translation.trim();
  const before = unit.style === 'target' ? accepted1(unit.before, confirms) : accepted2(unit.before, confirms);
  return encodeUnit(translation, { ...segment, unit: { ...unit, before } }, escapeXmlText);
}

function accepted1(before: string, confirms: boolean): string {
  const at = before.lastIndexOf('<');
  const { tag, attributes } = tagAt(before, at);
  if (confirms && attributes['state'] === undefined) return before;
  return before.slice(0, at) + (states1[attributes['state'] ?? ''] === 'final' ? opened(tag) : withAttribute(opened(tag), 'state', 'translated'));
}

function accepted2(before: string, confirms: boolean): string {
  const { tag, attributes } = tagAt(before, 0);
  if (confirms && attributes['state'] === undefined) return before;
  const at = before.lastIndexOf('<');
  const head = states2[attributes['state'] ?? ''] === 'final' ? tag : withAttribute(attributes['state'] === 'reviewed' ? tag : withoutAttribute(tag, 'subState'), 'state', 'reviewed');
  return head + before.slice(tag.length, at) + opened(before.slice(at));
}

function opened(tag: string): string {
  return tag.replace(/\s*\/>$/u, '>');
}
