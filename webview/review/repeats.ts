/** What is said of repeats: where a filled text comes from, and what an accepted one has filled. */
import type { ReviewAct, SegmentView } from '../../src/protocol/review.ts';
import { textEl } from '../components/dom.ts';
import { keysOf } from './keyNames.ts';
import type { ReviewModel } from './model.ts';
import type { Frame, Status } from './state.ts';
import type { Texts } from './strings.ts';
import { translationLine } from './translationLine.ts';

/** The text that fills this segment, with the key that confirms it; or how many this one fills. */
export function repeatLines(segment: SegmentView, frame: Frame): readonly HTMLElement[] {
  const { filled, accepted, repeats } = segment;
  const { texts } = frame;
  if (filled !== undefined && accepted !== undefined) {
    const label = texts(filled.score === undefined ? 'translation.filled' : 'translation.filledNear', { ...filled });
    const line = translationLine(label, accepted, frame, 'info');
    line.append(textEl('span', 'translation-hint', texts('translation.confirm', { key: keysOf(frame, 'confirmFill').join(' ') })));
    return [line];
  }
  return repeats === undefined ? [] : [textEl('div', 'translation-hint', repeatsSentence(repeats, frame))];
}

/** Said after an act that has filled repeats, or could; undefined: nothing to say. */
export function filledStatus({ act }: ReviewAct, { number, repeats }: SegmentView, frame: { readonly model: Pick<ReviewModel, 'snapshot'>; readonly texts: Texts }): Status | undefined {
  if (repeats === undefined || (act !== 'accept' && act !== 'edit' && act !== 'confirm')) return undefined;
  const filled = repeats.filled === 0 ? '' : frame.texts('status.filled', { number, filled: repeats.filled });
  const near = nearSentence(repeats.near, frame);
  const text = [filled, near].filter((part) => part !== '').join(' ');
  return text === '' ? undefined : { text, tone: 'info' };
}

function repeatsSentence({ filled, near }: NonNullable<SegmentView['repeats']>, frame: Frame): string {
  const waiting = filled === 0 ? '' : frame.texts('translation.repeats', { filled });
  return [waiting, nearSentence(near, frame)].filter((part) => part !== '').join(' ');
}

function nearSentence(near: number, frame: { readonly model: Pick<ReviewModel, 'snapshot'>; readonly texts: Texts }): string {
  return near === 0 ? '' : frame.texts('translation.near', { near, key: keysOf(frame, 'fillRepeats').join(' ') });
}
