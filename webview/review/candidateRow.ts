/** One candidate: a row of one height until it is focused, then its whole text with diff and scores. */
import { existingOrigin, type CandidateIssue, type MemoryOrigin, type Steering } from '../../src/core/candidate.ts';
import type { CandidateView, SegmentView } from '../../src/protocol/review.ts';
import { shownLength } from '../../src/core/quality/bare.ts';
import { isBroken } from '../../src/core/quality/broken.ts';
import { utilityNames } from '../../src/core/ranking/utilityNames.ts';
import { el, setAttribute, setLanguage, setText, show, textEl } from '../components/dom.ts';
import { TokenText } from '../components/tokenText.ts';
import { matchLineOf, type DiffLine } from './diffLine.ts';
import { countChips, findingChip, findingsOf } from './findings.ts';
import type { Frame } from './state.ts';
import type { Texts } from './strings.ts';
import { utilityFacts } from './utilityFacts.ts';

export interface RowParts {
  readonly id: string;
  readonly onFocus: () => void;
  readonly onChoose: () => void;
}

export class CandidateRow {
  readonly node: HTMLElement;
  readonly text = new TokenText('row-text');
  readonly #digit: HTMLElement;
  readonly #count = el('span', 'row-count');
  readonly #metrics = new Metrics();
  readonly #chips = el('span', 'row-chips');
  readonly #facts = el('div', 'row-facts');
  readonly #findings = el('div', 'row-findings');
  readonly #detail = el('div', 'row-detail');
  #drawn: readonly unknown[] = [];

  constructor(parts: RowParts) {
    this.node = el('div', 'row', { role: 'option', id: parts.id });
    this.#digit = el('span', 'row-digit');
    this.#digit.addEventListener('click', (event) => {
      event.stopPropagation();
      parts.onChoose();
    });
    this.node.addEventListener('click', parts.onFocus);
    this.text.node.id = `${parts.id}-text`;
    this.#metrics.node.id = `${parts.id}-metrics`;
    this.node.setAttribute('aria-labelledby', this.text.node.id);
    this.#chips.id = `${parts.id}-chips`;
    this.#findings.id = `${parts.id}-findings`;
    this.node.setAttribute('aria-describedby', `${this.#chips.id} ${this.#findings.id} ${this.#metrics.node.id}`);
    const head = el('div', 'row-head');
    head.append(this.#digit, this.#count, this.text.node, this.#chips, this.#metrics.node);
    this.node.append(head, this.#detail);
  }

  /** Draws the candidate; a row in which nothing changed is left alone. */
  update(view: CandidateView, frame: Frame, diff: DiffLine | undefined): void {
    const { state, model } = frame;
    const focused = state.candidate === view.hash;
    const accepted = model.segment(state.segment)?.acceptedCandidate === view.hash;
    const digit = state.rows.digits.get(view.hash);
    const alignment = focused ? state.alignment : undefined;
    const segment = model.segment(state.segment);
    const now = [view, focused, accepted, digit, alignment, diff?.key, frame.texts, state.alike.get(view.hash)?.length, state.findings[view.hash], segment?.dismissed, state.signs];
    if (now.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = now;
    const findings = findingsOf(segment, view.hash, frame);
    this.#drawHead(view, frame, digit);
    if (!focused) this.#chips.append(...countChips(findings, frame.texts));
    this.#mark(view, focused, accepted);
    const aligned = alignment?.state === 'ready' ? alignment.view : undefined;
    this.text.show(view.candidate.text, { tokens: aligned?.target ?? [], uncovered: aligned?.uncoveredTarget ?? [], signs: state.signs });
    this.#metrics.update(view, frame);
    show(this.#detail, focused);
    if (!focused) return;
    drawFacts(this.#facts, view, frame);
    this.#findings.replaceChildren(...findings.map((finding) => findingChip(finding, frame.texts)));
    show(this.#findings, findings.length > 0);
    const match = matchLineOf(view, frame);
    this.#detail.replaceChildren(this.#findings, ...(diff === undefined ? [] : [diff.node]), ...(match === undefined ? [] : [match]), this.#facts);
  }

  #drawHead(view: CandidateView, frame: Frame, digit: number | undefined): void {
    const { model, texts } = frame;
    setLanguage(this.text.node, model.snapshot.targetLanguage);
    setText(this.#digit, digit === undefined ? '' : String(digit));
    const blind = model.isBlind(frame.state.segment);
    const { count } = view.candidate;
    setText(this.#count, blind || count === 0 ? '' : `×${String(count)}`);
    this.#count.title = blind || count === 0 ? '' : texts('candidates.count', { count });
    this.#chips.replaceChildren(...chipsOf(view, frame, this.#isAccepted(view, frame)));
  }

  #isAccepted(view: CandidateView, frame: Frame): boolean {
    return frame.model.segment(frame.state.segment)?.acceptedCandidate === view.hash;
  }

  #mark(view: CandidateView, focused: boolean, accepted: boolean): void {
    this.node.classList.toggle('focused', focused);
    this.node.classList.toggle('rejected', view.rejected);
    this.node.classList.toggle('accepted', accepted);
    setAttribute(this.node, 'aria-selected', String(focused));
  }
}

/** Utility and coverage at the right of a row, apart from each other; nothing of it in a blind session. */
class Metrics {
  readonly node = el('span', 'row-metrics');
  readonly #value = el('span', 'utility-value');
  readonly #bar = el('span', 'utility-bar', { 'aria-hidden': 'true' });
  readonly #fill = el('span', 'utility-fill');
  readonly #source = el('span', 'coverage');
  readonly #target = el('span', 'coverage');

  constructor() {
    this.#bar.append(this.#fill);
    this.node.append(this.#value, this.#bar, this.#source, this.#target);
  }

  update(view: CandidateView, frame: Frame): void {
    const { texts, model } = frame;
    const blind = model.isBlind(frame.state.segment);
    show(this.node, !blind);
    if (blind) {
      for (const node of [this.#value, this.#source, this.#target]) setText(node, '');
      return;
    }
    const { sourceCoverage, targetCoverage, omittedWords = 0 } = view.candidate.scores;
    this.#drawUtility(view, frame);
    setText(this.#source, coverage(texts('candidates.source'), sourceCoverage));
    setText(this.#target, coverage(texts('candidates.target'), targetCoverage));
    this.#source.classList.toggle('low', omittedWords > 0);
    this.#source.title = texts('candidates.sourceHint');
    this.#target.title = texts('candidates.targetHint');
  }

  /** Where a model has not scored yet, chrF's number stands in and looks provisional. */
  #drawUtility({ candidate: { scores } }: CandidateView, { texts, model, state }: Frame): void {
    const by = model.segment(state.segment)?.utility ?? 'chrf';
    const ranking = by === 'cometkiwi' ? scores.quality : scores.mbr;
    const value = ranking ?? scores.chrf;
    const interim = ranking === undefined && value !== undefined;
    const utility = utilityNames[interim ? 'chrf' : by];
    setText(this.#value, value === undefined ? '' : value.toFixed(2).replace(/^0/u, ''));
    setAttribute(this.#value, 'aria-label', value === undefined ? undefined : texts('candidates.utility', { utility, value: value.toFixed(2) }));
    this.#value.title = interim ? texts('candidates.interimHint', { utility: utilityNames[by === 'chrf' ? 'comet' : by] }) : texts('candidates.utilityHint', { utility });
    this.node.classList.toggle('interim', interim);
    this.#bar.classList.toggle('unknown', value === undefined);
    this.#fill.style.inlineSize = `${String(Math.round(100 * Math.min(1, Math.max(0, value ?? 0))))}%`;
  }
}

function coverage(label: string, share: number | undefined): string {
  return share === undefined ? '' : `${label} ${String(Math.round(share * 100))} %`;
}

function chipsOf(view: CandidateView, { texts, state, model }: Frame, accepted: boolean): HTMLElement[] {
  const blind = model.isBlind(state.segment);
  const chips: HTMLElement[] = [];
  const alike = state.alike.get(view.hash)?.length ?? 0;
  if (alike > 0) chips.push(alikeChip(alike, texts));
  if (view.existing === true) chips.push(existingChip(texts), ...fileStateChip(model.segment(state.segment), texts));
  if (view.candidate.teacher === true && !blind) chips.push(textEl('span', 'chip', texts('candidates.teacher')));
  if (view.candidate.memory !== undefined && !blind) chips.push(textEl('span', 'chip', memoryText(view.candidate.memory, texts)));
  if (accepted) chips.push(textEl('span', 'chip good', texts('candidates.accepted')));
  if (view.asked !== undefined) chips.push(textEl('span', 'chip', askedText(view.asked, texts)));
  if (view.rejected) chips.push(textEl('span', 'chip bad', texts('candidates.rejected')));
  if (view.idiom !== undefined) chips.push(textEl('span', 'chip', texts(`idiom.${view.idiom}`)));
  if (view.style !== undefined) chips.push(textEl('span', 'chip', texts(`style.${view.style}`)));
  if (isBroken(view.candidate)) chips.push(textEl('span', 'chip bad', texts('candidates.broken')));
  for (const issue of view.candidate.issues ?? []) chips.push(textEl('span', 'chip warn', issueText(issue, texts)));
  return chips;
}

function alikeChip(count: number, texts: Texts): HTMLElement {
  const chip = textEl('span', 'chip alike', texts('candidates.alike', { count }));
  chip.title = texts('candidates.alikeHint');
  return chip;
}

function existingChip(texts: Texts): HTMLElement {
  const chip = textEl('span', 'chip existing', texts('candidates.existing'));
  chip.title = texts('candidates.existingHint');
  return chip;
}

/** While nobody has decided here: a decision changes the state in the file. */
function fileStateChip(segment: SegmentView | undefined, texts: Texts): HTMLElement[] {
  const state = segment?.review === 'unreviewed' ? segment.fileState : undefined;
  if (state === undefined || state === 'translated') return [];
  return [textEl('span', state === 'final' ? 'chip good' : 'chip warn', texts(`candidates.fileState.${state}`))];
}

function askedText({ instruction, prefix }: Steering, texts: Texts): string {
  if (instruction !== undefined) return texts('asked.instruction', { instruction });
  return prefix === undefined ? texts('asked.more') : texts('asked.prefix', { prefix });
}

function memoryText({ kind, score, inFile }: MemoryOrigin, texts: Texts): string {
  if (inFile === true) return texts('candidates.proposed', { score });
  return kind === 'context' ? texts('candidates.memoryContext') : texts('candidates.memory', { score });
}

function issueText(issue: CandidateIssue, texts: Texts): string {
  return texts(`issue.${issue.kind}`, { detail: issue.detail });
}

function originsOf({ candidate, existing }: CandidateView, texts: Texts): readonly string[] {
  const origins = (candidate.origins ?? [candidate.origin]).filter((origin) => origin !== existingOrigin);
  return existing === true ? [texts('candidates.existingOrigin'), ...origins] : origins;
}

/** Where the focused candidate comes from and its other scores, small. */
function drawFacts(node: HTMLElement, view: CandidateView, { model, texts, state }: Frame): void {
  const { candidate } = view;
  const facts: string[] = [];
  if (!model.isBlind(state.segment)) {
    facts.push(texts('candidates.origin', { origin: originsOf(view, texts).join(', ') || candidate.origin }));
    facts.push(...utilityFacts(candidate.scores, model.segment(state.segment)?.utility));
    if (candidate.memory !== undefined) facts.push(texts('candidates.memorySource', { from: candidate.memory.from, source: candidate.memory.source }));
    if (candidate.scores.hybrid !== undefined) facts.push(texts('candidates.hybrid', { value: candidate.scores.hybrid.toFixed(2) }));
    if (candidate.logProb !== undefined) facts.push(texts('candidates.logProb', { value: candidate.logProb.toFixed(1) }));
  }
  const most = model.segment(state.segment)?.maxLength;
  if (most !== undefined) facts.unshift(texts('candidates.length', { length: shownLength(candidate.text, model.snapshot.targetLanguage.tag), most }));
  show(node, facts.length > 0);
  setText(node, facts.join(' · '));
}
