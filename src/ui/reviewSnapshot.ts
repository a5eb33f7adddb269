import * as vscode from 'vscode';
import type { ReviewSession } from '../app/review/reviewSession.ts';
import { segmentViews } from '../app/review/segmentViews.ts';
import { signatureLine } from '../app/review/signatureLine.ts';
import { parseLanguage } from '../core/text/languages.ts';
import type { ReviewSnapshot } from '../protocol/review.ts';
import { reviewStrings } from '../protocol/reviewStrings.ts';
import { localised } from './localised.ts';
import type { ReviewTarget } from './review.ts';
import { ownKeys } from './ownKeys.ts';
import { reviewKeys } from './reviewKeys.ts';
import type { Services } from './services.ts';

/** Everything the webview needs to draw itself from nothing. */
export function reviewSnapshot(about: ReviewTarget, services: Services, session: ReviewSession | undefined, focus: string | undefined): ReviewSnapshot {
  return {
    source: about.source.toString(),
    title: vscode.workspace.asRelativePath(about.source, false),
    sourceLanguage: languageView(about.languages.source),
    targetLanguage: languageView(about.languages.target),
    signature: session?.sets.any === undefined ? about.backend : signatureLine(session.sets.any),
    blind: about.blind,
    progress: session?.progress ?? { phase: 'loading', done: 0, total: 0 },
    ...firstSegments(session),
    strings: localised(reviewStrings),
    keys: reviewKeys(services.extension),
    ownKeys: ownKeys(services.memory),
    ...(focus === undefined ? {} : { focus }),
  };
}

function firstSegments(session: ReviewSession | undefined): Pick<ReviewSnapshot, 'segments' | 'more'> {
  const segments = session === undefined ? [] : segmentViews(session, 0);
  return { segments, ...(segments.length < (session?.total ?? 0) && { more: true as const }) };
}

function languageView(tag: string): ReviewSnapshot['sourceLanguage'] {
  const language = parseLanguage(tag);
  return { tag: language.tag, name: language.name, dir: language.direction };
}
