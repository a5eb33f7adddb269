/** What each command of the review does here. One entry a command: a forgotten one does not compile. */
import type { AskParams, CandidateView, FindingView, ReviewCommand } from '../../src/protocol/review.ts';
import { isBroken } from '../../src/core/quality/broken.ts';
import type { ReviewController } from './controller.ts';
import { findingsOf } from './findings.ts';
import { keysOf } from './keyNames.ts';
import { hashOfDigit } from './rowOrder.ts';

/** Commands that mean something while a text field has the keyboard; the others are ignored there (design.md 9). */
export const textCommands: ReadonlySet<ReviewCommand> = new Set(['discardDraft', 'insertTerm', 'toggleSigns', 'concordance', 'focusList', 'leave']);

const idioms = ['idiomatic', 'explained', 'literal', 'dropped'] as const;
const styles = ['natural', 'awkward', 'wrongRegister'] as const;

export function runCommand(review: ReviewController, command: ReviewCommand): void {
  table[command](review);
  review.draw();
}

/** First press shows the whole text, second accepts: nobody accepts what was not on the screen. */
export function choose(review: ReviewController, hash: string): void {
  const key = review.state.rows.digits.get(hash) ?? '';
  if (review.focusUnseen || !review.view.isFullyShown(hash)) {
    review.focusCandidate(hash);
    review.draw();
    review.view.revealCandidate(hash);
    review.say(review.texts('candidates.expandFirst', { key }));
    return;
  }
  const chosen = review.segment?.candidates.find((view) => view.hash === hash);
  if (chosen !== undefined && isBroken(chosen.candidate)) {
    review.focusCandidate(hash);
    review.say(review.texts('status.broken', { key, edit: keysOf(review, 'edit').join(' ') }), 'error');
    return;
  }
  review.act({ act: 'accept', candidate: hash }, review.texts('status.accepted', { number: review.segment?.number ?? '' }));
  review.goOn();
}

export function confirmEdit(review: ReviewController, text: string): void {
  const from = review.segment?.review === 'filled' ? undefined : review.state.candidate;
  const done = review.texts('status.edited', { number: review.segment?.number ?? '' });
  review.change({ mode: 'list' });
  review.act({ act: 'edit', text, ...(from === undefined ? {} : { from }) }, done);
  review.goOn();
}

export function addComment(review: ReviewController, text: string): void {
  review.change({ mode: 'list' });
  review.act({ act: 'comment', text }, review.texts('status.commented'));
}

type Run = (review: ReviewController) => void;

const table: Readonly<Record<ReviewCommand, Run>> = {
  nextSegment: (review) => { review.stepSegment(1); },
  previousSegment: (review) => { review.stepSegment(-1); },
  nextUnreviewed: (review) => {
    review.quiet();
    review.goOn();
  },
  nextCandidate: (review) => { step(review, 1); },
  previousCandidate: (review) => { step(review, -1); },
  accept1: (review) => { digit(review, 1); },
  accept2: (review) => { digit(review, 2); },
  accept3: (review) => { digit(review, 3); },
  accept4: (review) => { digit(review, 4); },
  accept5: (review) => { digit(review, 5); },
  accept6: (review) => { digit(review, 6); },
  accept7: (review) => { digit(review, 7); },
  accept8: (review) => { digit(review, 8); },
  accept9: (review) => { digit(review, 9); },
  acceptFocused,
  acceptExisting,
  reject,
  allBad: (review) => {
    review.act({ act: 'allBad' }, review.texts('status.allBad', { number: review.segment?.number ?? '' }));
    review.goOn();
  },
  edit: openEdit,
  discardDraft,
  insertTerm,
  undo: (review) => { review.undo(); },
  confirmFill,
  fillRepeats: (review) => {
    if (review.segment === undefined) return;
    review.host.fillRepeats(review.segment.id);
    review.leaving.start();
  },
  toggleDiff: (review) => { review.change({ diff: !review.state.diff }); },
  toggleSigns: (review) => {
    const signs = !review.state.signs;
    review.change({ signs });
    review.say(review.texts(signs ? 'status.signs' : 'status.noSigns'));
  },
  toggleAgreement: (review) => { review.change({ agreement: !review.state.agreement }); },
  toggleCritic: (review) => {
    if (review.model.isBlind(review.state.segment)) review.say(review.texts('critic.blind'));
    else review.change({ critic: !review.state.critic });
  },
  toggleAlike: (review) => {
    const unfolded = !review.state.unfolded;
    review.change({ unfolded });
    review.say(review.texts(unfolded ? 'status.unfolded' : 'status.folded'));
  },
  toggleRanking: (review) => { review.change({ ranking: !review.state.ranking, help: false }); },
  alignSpans: (review) => { review.alignBySpans(); },
  toggleHeatmap: (review) => { review.change({ heatmap: !review.state.heatmap }); },
  cycleIdiom: (review) => { mark(review, 'idiom'); },
  cycleStyle: (review) => { mark(review, 'style'); },
  comment: openComment,
  dismissFinding: (review) => { dismiss(review, [...findingsOf(review.segment, review.state.candidate, review), ...(review.segment?.findings ?? [])]); },
  more: (review) => { ask(review, 'more'); },
  moreWith: (review) => { ask(review, 'instruction'); },
  rewrite: (review) => { ask(review, 'rewrite'); },
  continueFrom: (review) => { ask(review, 'continue'); },
  nextRevision,
  takeRevision: (review) => { revise(review, 'take'); },
  leaveRevision: (review) => { revise(review, 'leave'); },
  takeAllRevisions: (review) => {
    review.host.run('takeRevisions');
    review.leaving.start();
  },
  recordAccept: (review) => { resolve(review, 'recordAccept'); },
  recordEdit: (review) => { resolve(review, 'recordEdit'); },
  revert: (review) => { resolve(review, 'revert'); },
  concordance: (review) => { review.host.concordance(review.view.selectedText()); },
  help: (review) => { review.change({ help: !review.state.help }); },
  focusList: (review) => {
    review.change({ mode: 'list', help: false, ranking: false });
    review.draw();
    review.view.focusList();
  },
  leave: (review) => {
    review.view.flushDraft();
    review.host.run('leave');
  },
};

function step(review: ReviewController, by: 1 | -1): void {
  if (review.view.inSegmentList()) review.stepSegment(by);
  else review.stepCandidate(by);
}

function digit(review: ReviewController, number: number): void {
  const hash = hashOfDigit(review.state.rows, number);
  if (hash !== undefined) choose(review, hash);
}

function acceptFocused(review: ReviewController): void {
  const hash = review.state.candidate ?? review.state.rows.order[0];
  if (hash === undefined) review.say(review.texts('status.noCandidate'));
  else if (review.state.candidate === undefined) review.focusCandidate(hash);
  else choose(review, hash);
}

function confirmFill(review: ReviewController): void {
  const segment = review.segment;
  if (segment?.review !== 'filled') {
    review.say(review.texts('status.notFilled'));
    return;
  }
  review.act({ act: 'confirm' }, review.texts('status.confirmed', { number: segment.number }));
  review.goOn();
}

function acceptExisting(review: ReviewController): void {
  const existing = review.segment?.candidates.find((view) => view.existing);
  if (existing === undefined) review.say(review.texts(review.model.isBlind(review.state.segment) ? 'status.blindExisting' : 'status.noExisting'));
  else choose(review, existing.hash);
}

function reject(review: ReviewController): void {
  withCandidate(review, (view, key) => {
    review.act({ act: 'reject', candidate: view.hash }, review.texts('status.rejected', { key }));
  });
}

function openEdit(review: ReviewController): void {
  const segment = review.segment;
  if (segment === undefined || review.state.mode !== 'list') return;
  const chosen = segment.review === 'filled' || (segment.review === 'edited' && review.state.candidate === segment.acceptedCandidate);
  const candidate = chosen ? undefined : review.candidate?.candidate.text;
  review.change({ mode: 'edit', help: false });
  review.draw();
  review.view.openText('edit', segment.id, segment.draft ?? candidate ?? segment.accepted ?? '');
}

function openComment(review: ReviewController): void {
  const segment = review.segment;
  if (segment === undefined || review.state.mode !== 'list') return;
  review.change({ mode: 'comment', help: false });
  review.draw();
  review.view.openText('comment', segment.id, review.sentActs.unsentComment(segment.id));
}

/** The first term of the source whose translation the text has not yet: pressed again, the next. */
function insertTerm(review: ReviewController): void {
  if (review.state.mode !== 'edit') return;
  const text = review.view.writtenText();
  const next = (review.segment?.terms ?? []).find(({ targets }) => targets.length > 0 && !targets.some((target) => text.includes(target)));
  if (next?.targets[0] === undefined) review.say(review.texts('status.noTerm'));
  else review.view.typeText(next.targets[0]);
}

function discardDraft(review: ReviewController): void {
  const segment = review.segment;
  if (segment === undefined) return;
  const open = review.state.mode === 'edit';
  if (open) review.view.dropText();
  review.change({ mode: 'list' });
  review.saveDraft(segment.id, '');
  review.say(review.texts(open || segment.draft !== undefined ? 'status.draftDiscarded' : 'status.noDraft'));
}

function mark(review: ReviewController, kind: 'idiom' | 'style'): void {
  withCandidate(review, (view, key) => {
    if (kind === 'idiom') {
      const value = after(idioms, view.idiom);
      review.act({ act: 'idiom', candidate: view.hash, value }, marked(review, key, value === 'none' ? value : `idiom.${value}`));
    } else {
      const value = after(styles, view.style);
      review.act({ act: 'style', candidate: view.hash, value }, marked(review, key, value === 'none' ? value : `style.${value}`));
    }
  });
}

type MarkText = 'none' | `idiom.${(typeof idioms)[number]}` | `style.${(typeof styles)[number]}`;

function marked(review: ReviewController, key: string, text: MarkText): string {
  if (text === 'none') return review.texts('status.unmarked', { key });
  return review.texts('status.marked', { key, value: review.texts(text) });
}

/** The next of a cycle that ends with "none". */
function after<T extends string>(cycle: readonly T[], value: T | undefined): T | 'none' {
  const next = value === undefined ? 0 : cycle.indexOf(value) + 1;
  return cycle[next] ?? 'none';
}

/** More candidates: the host asks for what else it needs, so the keyboard may leave the view for a moment. */
function ask(review: ReviewController, kind: AskParams['kind']): void {
  const segment = review.segment;
  if (segment === undefined) return;
  const candidate = review.candidate?.candidate.text;
  if (kind === 'rewrite' && candidate === undefined) {
    review.say(review.texts('status.noCandidate'));
    return;
  }
  const selected = review.view.selectedText();
  const selection = candidate !== undefined && selected !== '' && candidate.includes(selected) ? { selection: selected } : {};
  review.host.ask({ segment: segment.id, kind, ...(candidate === undefined ? {} : { candidate }), ...selection });
  if (kind !== 'more') review.leaving.start();
  else review.say(review.texts('status.asked', { number: segment.number }));
}

function nextRevision(review: ReviewController): void {
  const next = review.model.nextRevised(review.state.segment);
  if (next === undefined) review.say(review.texts('status.noRevision'));
  else review.focusSegment(next);
}

function revise(review: ReviewController, choice: 'take' | 'leave'): void {
  const { segment } = review;
  if (segment?.revision === undefined) {
    review.say(review.texts('status.notRevised'));
    return;
  }
  review.act({ act: 'revision', choice }, review.texts(choice === 'take' ? 'status.revisionTaken' : 'status.revisionLeft', { number: segment.number }));
  const next = review.model.nextRevised(segment.id);
  if (next !== undefined) review.focusSegment(next);
}

function resolve(review: ReviewController, choice: 'recordAccept' | 'recordEdit' | 'revert'): void {
  const segment = review.segment;
  if (segment?.difference === undefined) return;
  review.act({ act: 'resolve', choice }, review.texts('status.resolved', { number: segment.number }));
  review.view.focusList();
}

/** The host asks which finding is none, and why. */
export function dismiss(review: ReviewController, findings: readonly FindingView[]): void {
  const segment = review.segment;
  if (segment === undefined) return;
  review.host.dismiss(segment.id, findings);
  review.leaving.start();
}

function withCandidate(review: ReviewController, run: (view: CandidateView, key: string) => void): void {
  const view = review.candidate;
  if (view === undefined) review.say(review.texts('status.noCandidate'));
  else run(view, String(review.state.rows.digits.get(view.hash) ?? ''));
}
