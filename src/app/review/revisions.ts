/** A translation that another reviewer returned, over the segments of a review: nothing of it counts before somebody takes it. */
import { textIssues } from '../../core/quality/broken.ts';
import type { Revision, Unaligned } from '../../core/document/revision.ts';
import type { SegmentJudgment } from '../../core/judgment/events.ts';
import { inTurns } from '../breath.ts';
import { step, type Watch } from '../../store/watch.ts';
import { readValue } from '../documents/target.ts';
import type { ReviewSession } from './reviewSession.ts';
import type { SegmentRecord } from './segmentRecord.ts';
import type { RevisionView } from '../../protocol/review.ts';

export interface RevisionSummary {
  /** Segments whose text reads otherwise, in document order. */
  readonly changed: readonly string[];
  /** Segments that read as they do here. */
  readonly same: number;
  readonly unaligned: readonly Unaligned[];
}

export interface RevisionsParts {
  readonly records: ReadonlyMap<string, SegmentRecord>;
  readonly judgment: (segment: string) => SegmentJudgment | undefined;
  /** The segment is to be drawn again. */
  readonly tell: (segment: string) => void;
}

export class Revisions {
  readonly #parts: RevisionsParts;
  /** Segments that a revision was laid over, in document order. */
  readonly #laid = new Set<string>();

  constructor(parts: RevisionsParts) {
    this.#parts = parts;
  }

  /** Segments with a revision that may still be open, in document order. */
  get laid(): Iterable<string> {
    return this.#laid;
  }

  /** Lays a returned translation over the segments, in the place of one before it; in turns. */
  async begin({ texts, unaligned }: Revision, reviewer: string): Promise<RevisionSummary> {
    await this.end();
    const changed: string[] = [];
    const lost: Unaligned[] = [];
    let same = 0;
    await inTurns(this.#parts.records, ([id, record]) => {
      const text = texts.get(id);
      if (text === undefined) return;
      const now = this.#parts.judgment(id)?.text ?? record.existing;
      if (readValue(text) === '' || (now !== undefined && readValue(text) === record.segment.source)) {
        if (now !== undefined) lost.push({ reason: 'untranslated', place: `#${String(record.number)}`, text: now });
      } else if (readValue(text) === readValue(now ?? record.segment.source)) same += 1;
      else {
        record.revision = { reviewer, text };
        changed.push(id);
        this.#laid.add(id);
        this.#parts.tell(id);
      }
    });
    return { changed, same, unaligned: [...lost, ...unaligned] };
  }

  /** Lets be what was not taken. */
  async end(): Promise<void> {
    await inTurns([...this.#laid], (id) => {
      const record = this.#parts.records.get(id);
      this.#laid.delete(id);
      if (record?.revision === undefined) return;
      record.revision = undefined;
      this.#parts.tell(id);
    });
  }
}

/** What is still to be decided about; undoing what was taken opens it again. */
export function openRevision({ revision, segment, ref }: Pick<SegmentRecord, 'revision' | 'segment' | 'ref'>, judgment: SegmentJudgment | undefined): RevisionView | undefined {
  if (revision === undefined || judgment?.text === revision.text) return undefined;
  const { sourceLanguage, targetLanguage } = ref;
  const issues = textIssues({ source: segment.source, translation: revision.text, sourceLanguage, targetLanguage });
  return { ...revision, ...(issues.length === 0 ? {} : { issues }) };
}

/** What is still to be decided about in a session, in document order. */
export async function openRevisions(session: Pick<ReviewSession, 'revisions' | 'view'>): Promise<readonly { readonly segment: string; readonly revision: RevisionView }[]> {
  const open: { readonly segment: string; readonly revision: RevisionView }[] = [];
  await inTurns(session.revisions.laid, (segment) => {
    const { revision } = session.view(segment);
    if (revision !== undefined) open.push({ segment, revision });
  });
  return open;
}

/**
 * Takes all changes but those that lost a placeholder or a tag, one after the other. Cancelled, what was taken stays and the
 * rest stays open. @throws AppError `document.*`, `store.*` of the one that could not be taken
 */
export async function takeRevisions(session: ReviewSession, watch: Watch = {}): Promise<{ readonly taken: number; readonly broken: number }> {
  const open = await openRevisions(session);
  const whole = open.filter(({ revision: { issues } }) => issues === undefined);
  for (const [done, { segment }] of whole.entries()) {
    step(watch, done, whole.length);
    await session.act({ segment, order: [], elapsedMs: 0, what: { act: 'revision', choice: 'take' } });
  }
  return { taken: whole.length, broken: open.length - whole.length };
}
