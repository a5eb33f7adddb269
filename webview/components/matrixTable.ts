/** The numbers of the heatmap as a table for screen readers. */
import type { AlignmentView } from '../../src/protocol/review.ts';
import { el, textEl } from './dom.ts';
import { cellAt, type Span } from './matrixWindow.ts';

export interface TableInput {
  readonly alignment: AlignmentView;
  readonly rows: Span;
  readonly columns: Span;
  readonly caption: string;
  readonly uncovered: string;
}

export function matrixTable({ alignment, rows, columns, caption, uncovered }: TableInput): HTMLTableElement {
  const table = el('table', 'visually-hidden');
  const missingSource = new Set(alignment.uncoveredSource);
  const missingTarget = new Set(alignment.uncoveredTarget);
  const head = el('tr');
  head.append(el('td'));
  for (let column = columns.start; column < columns.end; column += 1) {
    head.append(header('col', alignment.target[column]?.text ?? '', missingTarget.has(column) ? uncovered : undefined));
  }
  table.append(textEl('caption', '', caption), head);
  for (let row = rows.start; row < rows.end; row += 1) {
    const line = el('tr');
    line.append(header('row', alignment.source[row]?.text ?? '', missingSource.has(row) ? uncovered : undefined));
    for (let column = columns.start; column < columns.end; column += 1) {
      line.append(textEl('td', '', String(Math.round(cellAt(alignment.probabilities, row, column) * 100))));
    }
    table.append(line);
  }
  return table;
}

function header(scope: 'row' | 'col', text: string, note: string | undefined): HTMLTableCellElement {
  const cell = textEl('th', '', note === undefined ? text : `${text} (${note})`);
  cell.scope = scope;
  return cell;
}
