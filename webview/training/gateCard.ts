/** The gate's report: the outcome in words, every check in a table, and what people said. */
import type { CheckView, GateView } from '../../src/protocol/training.ts';
import { remarkText, trainingStrings, type TrainingString } from '../../src/protocol/trainingStrings.ts';
import { el, textEl } from '../components/dom.ts';
import { shortNumber } from '../components/lineScale.ts';
import type { TextsOf } from '../../src/protocol/texts.ts';

type Texts = TextsOf<TrainingString>;

/** Checks that are shares of 1. */
const shares: ReadonlySet<string> = new Set(['winRate', 'pairAccuracy', 'diversity', 'omission']);

export function gateCard(gate: GateView, texts: Texts): readonly HTMLElement[] {
  const outcome = textEl('span', `outcome outcome-${gate.outcome}`, texts(`gate.${gate.outcome}`));
  const title = textEl('h2', '', texts('gate.title'));
  title.append(outcome);
  return [
    title,
    textEl('p', 'dim', texts('gate.models', { after: gate.after, before: gate.before })),
    textEl('p', 'verdict', gate.verdict),
    checkTable(gate.checks, texts),
    textEl('p', 'dim', texts('gate.uses', { count: gate.heldOutUses })),
  ];
}

function checkTable(checks: readonly CheckView[], texts: Texts): HTMLElement {
  const table = el('table', 'checks');
  const head = el('tr');
  for (const key of ['check', 'result', 'value', 'interval', 'limit', 'note'] as const) {
    const cell = textEl('th', '', texts(`gate.${key}`));
    cell.scope = 'col';
    head.append(cell);
  }
  table.append(head, ...checks.map((check) => checkRow(check, texts)));
  return table;
}

function checkRow({ name, state, value, low, high, limit, remark }: CheckView, texts: Texts): HTMLElement {
  const number = (x: number | undefined): string => x === undefined ? '' : shortNumber(shares.has(name) ? 100 * x : x);
  const row = el('tr', `check-${state}`);
  const title = textEl('th', '', named(`check.${name}`, name, texts));
  title.scope = 'row';
  const cells = [named(`check.${state}`, state, texts), number(value), low === undefined || high === undefined ? '' : `${number(low)} – ${number(high)}`, number(limit), remarkText(remark, texts)];
  row.append(title, ...cells.map((text) => textEl('td', '', text)));
  return row;
}

/** A check that this version has no words for is shown by its name. */
function named(key: string, otherwise: string, texts: Texts): string {
  return key in trainingStrings ? texts(key as TrainingString) : otherwise; // just looked up
}
