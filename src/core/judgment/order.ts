/** The one order of judgments, whatever order their lines were read in. Pure. */
import { canonicalJson, compareCodeUnits } from '../canonicalJson.ts';
import type { JudgmentEvent } from './events.ts';

/** An act that counts: not undone, and not itself an undo. */
export type LiveAct = Exclude<JudgmentEvent, { readonly act: 'undo' }>;

/**
 * Events without repeats, by (time, writer, sequence). Records of one id are one record; should they differ, which only a
 * hand in the file can cause, the one whose JSON sorts first is kept. Cost n log n.
 */
export function orderEvents(events: Iterable<JudgmentEvent>): readonly JudgmentEvent[] {
  const byId = new Map<string, JudgmentEvent>();
  for (const event of events) {
    const known = byId.get(event.id);
    if (known === undefined || canonicalJson(event) < canonicalJson(known)) byId.set(event.id, event);
  }
  return [...byId.values()].sort(compareEvents);
}

/** Time is ISO 8601 UTC, so the order of the strings is the order of the times. */
export function compareEvents(a: JudgmentEvent, b: JudgmentEvent): number {
  return compareCodeUnits(a.at, b.at)
    || compareCodeUnits(a.writer, b.writer)
    || a.sequence - b.sequence
    || compareCodeUnits(a.id, b.id);
}

/** What else an undo may name to take this act back. */
export function undoneWith(event: JudgmentEvent): readonly string[] {
  if (event.act !== 'propagate') return [];
  return event.batch === undefined ? [event.of] : [event.of, event.batch];
}

/**
 * Acts that still count, in order. An undo names an act by id, so it holds even where clocks disagree about which came
 * first; an undo of an undo does nothing. A fill falls with the act that decided its text, and with its batch.
 */
export function liveActs(events: Iterable<JudgmentEvent>): readonly LiveAct[] {
  const ordered = orderEvents(events);
  const undone = new Set<string>();
  for (const event of ordered) if (event.act === 'undo') undone.add(event.of);
  return ordered.filter((event): event is LiveAct => event.act !== 'undo' && ![event.id, ...undoneWith(event)].some((id) => undone.has(id)));
}
