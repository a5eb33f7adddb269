import { unholdable } from '../../core/document/unholdable.ts';
import { AppError } from '../../core/errors.ts';
import type { ReviewAct } from '../../protocol/review.ts';
import type { SourceDocument } from '../openDocument.ts';
import { textOf, type SegmentRecord } from './segmentRecord.ts';

/**
 * Asked before an act is recorded: a file that cannot be opened again would be lost with all that is in it.
 * @throws AppError `document.cannotHold`
 */
export function mustHold({ codec, key }: Pick<SourceDocument, 'codec' | 'key'>, record: SegmentRecord, what: ReviewAct): void {
  const characters = unholdable(codec, what.act === 'edit' ? what.text : what.act === 'accept' ? textOf(record, what.candidate) : '');
  if (characters.length > 0) throw new AppError('document.cannotHold', { path: key, characters: characters.join(', ') });
}
