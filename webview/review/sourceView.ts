/** The source text, large, with the words that the focused candidate leaves uncovered underlined. */
import type { PluralForm } from '../../src/core/document/segmentPlace.ts';
import type { SegmentView } from '../../src/protocol/review.ts';
import { el, setAttribute, setLanguage, setText, show } from '../components/dom.ts';
import { TokenText } from '../components/tokenText.ts';
import type { Frame } from './state.ts';
import type { Texts } from './strings.ts';
import { TermLine } from './termLine.ts';

export class SourceView {
  readonly node = el('section', 'source');
  readonly text = new TokenText('source-text');
  readonly #position = el('span', 'source-position');
  readonly #name = el('bdi', 'source-name');
  readonly #form = el('span', 'source-form');
  readonly #context = el('span', 'source-context');
  readonly #drawn = el('span', 'source-context');
  readonly #heldOut = el('span', 'source-context');
  readonly #omission = el('span', 'source-omission');
  readonly #comments = el('span', 'source-comments');
  readonly #note = el('div', 'source-note', { role: 'note', dir: 'auto' });
  readonly #terms = new TermLine();

  constructor() {
    const foot = el('div', 'source-foot');
    foot.append(this.#position, this.#name, this.#form, this.#context, this.#drawn, this.#heldOut, this.#omission, this.#comments);
    this.node.append(this.text.node, this.#terms.node, foot, this.#note);
  }

  update(segment: SegmentView, { model, state, texts }: Frame): void {
    setAttribute(this.node, 'aria-label', texts('source.label'));
    setLanguage(this.text.node, model.snapshot.sourceLanguage);
    const alignment = state.alignment.state === 'ready' ? state.alignment.view : undefined;
    const uncovered = alignment?.uncoveredSource ?? [];
    this.text.show(segment.source, { tokens: alignment?.source ?? [], uncovered, signs: state.signs });
    this.#terms.update(segment, this.text.node, { model, texts });
    setText(this.#position, texts('source.position', { number: segment.number, total: model.size }));
    const { context, drawn, name, form } = segment;
    show(this.#name, name !== undefined);
    setText(this.#name, name ?? '');
    show(this.#form, form !== undefined);
    setText(this.#form, form === undefined ? '' : formText(form, texts));
    show(this.#drawn, drawn !== undefined && !model.isBlind(segment.id));
    setText(this.#drawn, drawn === undefined ? '' : texts('source.drawn', drawn));
    show(this.#heldOut, segment.heldOut === true);
    setText(this.#heldOut, segment.heldOut === true ? texts('source.heldOut') : '');
    this.#heldOut.title = texts('source.heldOutHint');
    show(this.#context, context !== undefined);
    setText(this.#context, context === undefined ? '' : texts(context.cut > 0 ? 'source.contextCut' : 'source.context', { ...context }));
    show(this.#omission, uncovered.length > 0);
    setText(this.#omission, uncovered.length > 0 ? texts('source.omission') : '');
    setAttribute(this.#note, 'aria-label', texts('source.note'));
    show(this.#note, segment.note !== undefined);
    setText(this.#note, segment.note ?? '');
    show(this.#comments, segment.comments.length > 0);
    setText(this.#comments, segment.comments.map((comment) => `${texts('translation.comment')}: ${comment}`).join(' · '));
  }
}

function formText({ category, examples, more }: PluralForm, texts: Texts): string {
  const numbers = [...examples.map(String), ...(more ? ['…'] : [])].join(', ');
  return texts(numbers === '' ? 'source.form' : 'source.formFor', { category, numbers });
}
