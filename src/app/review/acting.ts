/** What an act does: the journal first, then what follows from it, then the document. */
import { fitApostrophes, quotingIn } from '../../core/document/apostrophes.ts';
import { AppError } from '../../core/errors.ts';
import { candidateHash } from '../../core/hash.ts';
import type { Act, SegmentJudgment } from '../../core/judgment/events.ts';
import { isBroken } from '../../core/quality/broken.ts';
import type { ActParams, ReviewAct } from '../../protocol/review.ts';
import { isExisting } from './existing.ts';
import type { InLine } from './inLine.ts';
import type { ActedOn } from './judgments.ts';
import { mustHold } from './mustHold.ts';
import type { Propagation } from './propagation.ts';
import { isBlind, namedIn, setHolding, shownCandidates, type SegmentRecord } from './segmentRecord.ts';
import type { SessionParts } from './sessionParts.ts';

export interface ActingParts extends Pick<SessionParts, 'document' | 'judgments' | 'target' | 'view'> {
  readonly record: (segment: string) => SegmentRecord;
  readonly line: InLine;
  readonly propagation: Propagation;
  /** The segment is to be drawn again. */
  readonly tell: (segment: string) => void;
}

type Judging = Exclude<ReviewAct, { readonly act: 'resolve' | 'undo' | 'revision' }>;

/** True for acts that say what should stand in the document. */
export function decides({ act }: ReviewAct): boolean {
  return act === 'accept' || act === 'edit' || act === 'confirm';
}

export class Acting {
  readonly #parts: ActingParts;

  constructor(parts: ActingParts) {
    this.#parts = parts;
  }

  /** Answers the segment that the act concerned. @throws AppError `input.invalid`, `candidate.broken`, `document.*`, `store.*` */
  async perform(params: ActParams): Promise<string> {
    const { what, segment } = params;
    const { judgments, propagation, line, tell } = this.#parts;
    if (what.act === 'undo') return this.#undo(this.#parts.record(segment));
    if (what.act === 'revision') return this.#revise(this.#parts.record(segment), what.choice);
    const [decision, before] = [judgments.of(segment)?.decision, line.wanted(segment)?.encoded];
    const writes = what.act === 'resolve' ? await this.#resolve(params, what.choice) : await this.#judge(params, what, before);
    const changed = [...writes ? [segment] : [], ...await propagation.follow(segment, decision)];
    if (changed.length > 0) await line.bring(changed);
    if (!writes) tell(segment);
    return segment;
  }

  /** Answers whether the segment has to be written. @param before the text that was wanted until now */
  async #judge(params: ActParams, what: Judging, before: string | undefined): Promise<boolean> {
    const { document, judgments, line } = this.#parts;
    const record = this.#parts.record(params.segment);
    if (what.act === 'accept' && isExisting(record, what.candidate)) await this.#mustStillStand(record, what.candidate);
    mustHold(document, record, what);
    const act = what.act === 'confirm' ? confirmation(record, judgments.of(params.segment)) : printedAsTyped(record, what);
    await judgments.record(record.ref, act, this.#setFor(record, params, act));
    return decides(what) || line.wanted(params.segment)?.encoded !== before;
  }

  /** The file's own translation is confirmed as it stands there now. @throws AppError `document.changed` where it was changed and nobody has seen it yet */
  async #mustStillStand(record: SegmentRecord, existing: string): Promise<void> {
    await this.#parts.line.refresh();
    if (!isExisting(record, existing)) throw new AppError('document.changed', { path: this.#parts.document.key });
  }

  async #undo(focused: SegmentRecord): Promise<string> {
    const { judgments, line, target, tell } = this.#parts;
    const undone = await judgments.undo(focused.ref);
    if (undone === undefined) return focused.segment.id;
    const { segment, filled } = undone;
    const [wanted, expected] = [line.wanted(segment), await target.expected(segment)];
    const stands = wanted?.encoded === expected?.encoded && wanted?.standing === expected?.standing;
    if (filled.length > 0 || !stands) await line.bring([segment, ...filled]);
    else tell(segment);
    return segment;
  }

  /** Takes what another reviewer returned as that reviewer's post-edit, or lets it be. It fills no repeats: they were returned as well. */
  async #revise(record: SegmentRecord, choice: 'take' | 'leave'): Promise<string> {
    const { document, judgments, line } = this.#parts;
    const { revision, ref } = record;
    if (revision !== undefined && choice === 'take') {
      const from = revisedFrom(record, judgments.of(ref.id));
      const act = { act: 'edit', text: revision.text, ...(from === undefined ? {} : { from: from.candidate }) } as const;
      mustHold(document, record, act);
      await judgments.record(ref, act, from && { set: from.set, shown: { order: [from.candidate], blind: false, elapsedMs: 0 } }, revision.reviewer);
      await line.bring([ref.id]);
    } else record.revision = undefined;
    return ref.id;
  }

  /** Answers whether the accepted text has to be put back. */
  async #resolve(params: ActParams, choice: 'recordAccept' | 'recordEdit' | 'revert'): Promise<boolean> {
    const record = this.#parts.record(params.segment);
    const { inDocument } = record;
    if (inDocument === undefined) return false;
    if (choice === 'recordEdit') await this.#parts.judgments.record(record.ref, { act: 'external', text: inDocument });
    if (choice === 'recordAccept') await this.#recordAccept(record, params, inDocument);
    if (choice !== 'revert') await this.#parts.target.acknowledge(params.segment, inDocument);
    record.inDocument = undefined;
    return choice === 'revert';
  }

  /** The document holds another candidate, or the accepted one in a form that the person is content with. */
  async #recordAccept(record: SegmentRecord, params: ActParams, inDocument: string): Promise<void> {
    const { judgments } = this.#parts;
    const same = shownCandidates(record).find(({ candidate: shown }) => shown.text === inDocument);
    const candidate = same === undefined ? judgments.of(record.segment.id)?.candidate : candidateHash(same.candidate.text);
    if (candidate === undefined) return;
    await judgments.record(record.ref, { act: 'accept', candidate }, this.#actedOn(record, params, candidate));
  }

  #setFor(record: SegmentRecord, params: ActParams, act: Exclude<Judging, { readonly act: 'confirm' }> | Confirmation): ActedOn | undefined {
    if (act.act === 'dismiss' || (act.act === 'confirm' && record.set === undefined)) return undefined;
    return this.#actedOn(record, params, act.act === 'confirm' ? undefined : namedIn(act));
  }

  #actedOn(record: SegmentRecord, params: ActParams, candidate: string | undefined): ActedOn {
    const set = setHolding(record, candidate);
    if (set === undefined) throw new AppError('input.invalid', { where: record.segment.id, reason: 'its candidates are not finished yet' });
    return { set, shown: { order: params.order, blind: isBlind(record, this.#parts.view), elapsedMs: params.elapsedMs } };
  }
}

/** The candidate that another reviewer had before them: the accepted one, or what the file holds. */
function revisedFrom(record: SegmentRecord, judgment: SegmentJudgment | undefined): { readonly candidate: string; readonly set: ActedOn['set'] } | undefined {
  const held = judgment?.text ?? record.existing;
  const candidate = held === undefined ? undefined : candidateHash(held);
  const set = candidate === undefined ? undefined : setHolding(record, candidate);
  return candidate === undefined || set === undefined ? undefined : { candidate, set };
}

/** An edited text of a pattern, as it must be written to be printed as it was typed. */
function printedAsTyped({ segment: { source, unit } }: SegmentRecord, what: Exclude<Judging, { readonly act: 'confirm' }>): Exclude<Judging, { readonly act: 'confirm' }> {
  return what.act === 'edit' ? { ...what, text: fitApostrophes(what.text, source, quotingIn(unit?.style)) } : what;
}

type Confirmation = Extract<Act, { readonly act: 'confirm' | 'accept' }>;

/** A filled text that is a candidate of the segment is accepted as such. @throws AppError `input.invalid` where nothing was filled */
function confirmation(record: SegmentRecord, judgment: SegmentJudgment | undefined): Confirmation {
  const { filled, text } = judgment ?? {};
  if (filled === undefined || text === undefined) throw new AppError('input.invalid', { where: record.segment.id, reason: 'it was not filled from a repeat' });
  const same = shownCandidates(record).find(({ candidate }) => candidate.text === text && !isBroken(candidate));
  const hash = candidateHash(text);
  return same === undefined || setHolding(record, hash) === undefined ? { act: 'confirm', text } : { act: 'accept', candidate: hash };
}
