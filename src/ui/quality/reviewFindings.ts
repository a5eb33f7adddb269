import * as vscode from 'vscode';
import { SegmentPlaces } from '../../app/quality/segmentPlaces.ts';
import type { ReviewSession } from '../../app/review/reviewSession.ts';
import type { Finding } from '../../core/quality/check.ts';
import { findingSentence } from '../../messages.ts';
import type { CheckedDocument } from '../../protocol/checking.ts';
import type { FindingView } from '../../protocol/review.ts';
import type { Services } from '../services.ts';
import { askReason } from './askReason.ts';
import type { CheckedPair, FileChecks, FilePair } from './fileChecks.ts';
import { foreignFindings } from './foreignFindings.ts';

export function findingView({ check, severity, detail }: Finding): FindingView {
  return { check, severity, detail, message: findingSentence({ check, detail }) };
}

/** What was found in the target file, by segment. */
export function bySegment({ findings }: CheckedDocument): ReadonlyMap<string, readonly FindingView[]> {
  const found = new Map<string, readonly FindingView[]>();
  for (const finding of findings) found.set(finding.segment, [...(found.get(finding.segment) ?? []), findingView(finding)]);
  return found;
}

/** Asks which of the findings of a segment is none, and why; journals it. False: there was nothing, or the person went back. */
export async function dismissIn(session: ReviewSession, segment: string, given: readonly FindingView[], { memory, notifier }: Services): Promise<boolean> {
  const findings = given.filter(({ check }) => check !== undefined);
  const distinct = [...new Map(findings.map((finding) => [`${finding.check ?? ''} ${finding.detail}`, finding])).values()];
  if (distinct.length === 0) notifier.info(vscode.l10n.t('No check found anything in this segment.'));
  const items = distinct.map((finding) => ({ label: finding.message, description: finding.check ?? '', finding }));
  const chosen = items.length < 2 ? items[0] : await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which finding is none?') });
  if (chosen?.finding.check === undefined) return false;
  const reason = await askReason(chosen.finding.message, memory);
  if (reason === undefined) return false;
  const { check, detail } = chosen.finding;
  await session.act({ segment, order: [], elapsedMs: 0, what: { act: 'dismiss', check, detail, reason } });
  return true;
}

/** Shows the checks of a review's target file on its segments, and what other extensions say of them, from when the first session is open. */
export class FollowedChecks implements vscode.Disposable {
  readonly #checks: FileChecks;
  readonly #pair: FilePair;
  readonly #session: () => ReviewSession | undefined;
  #following: vscode.Disposable | undefined;
  #own: ReadonlyMap<string, readonly FindingView[]> = new Map();
  /** In the text that was checked last; before that nothing is known to stand anywhere. */
  #places: SegmentPlaces | undefined;

  /** @param session the one that is open now: another one takes its place when the source was edited */
  constructor(checks: FileChecks, pair: FilePair, session: () => ReviewSession | undefined) {
    this.#checks = checks;
    this.#pair = pair;
    this.#session = session;
  }

  /** Shows what is known; what comes later is shown when it comes. */
  show(): void {
    const known = this.#checks.checkedAt(this.#pair.target);
    if (known !== undefined) this.#take(known);
    this.#following ??= vscode.Disposable.from(
      this.#checks.onChecked((checked) => { this.#take(checked); }),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => { if (uris.some((uri) => this.#isTarget(uri))) this.#tell(); }),
      this.#checks.watch(this.#pair),
    );
  }

  dispose(): void {
    this.#following?.dispose();
  }

  #isTarget(uri: vscode.Uri): boolean {
    return uri.toString() === this.#pair.target.toString();
  }

  #take({ pair, checked }: CheckedPair): void {
    if (!this.#isTarget(pair.target)) return;
    this.#own = bySegment(checked);
    this.#places = new SegmentPlaces(checked.places);
    this.#tell();
  }

  #tell(): void {
    const session = this.#session();
    if (session === undefined || this.#places === undefined) return;
    const all = new Map(this.#own);
    for (const [segment, findings] of foreignFindings(this.#pair.target, this.#places)) all.set(segment, [...(all.get(segment) ?? []), ...findings]);
    void session.findings.show(all);
  }
}
