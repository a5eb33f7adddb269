import type { ColumnChoice } from '../core/document/columns.ts';
import { parseColumns } from '../app/settings.ts';
import { invalid, type Arguments } from './arguments.ts';

/** `--columns`, as the commands that open tables have it. */
export const columnOption = { columns: { type: 'string' } } as const;

/** `source=English text,target=4,header=no`. @throws AppError `input.invalid` naming what is wrong */
export function columnsFrom(args: Arguments): { readonly columns?: ColumnChoice } {
  const text = args.text('columns');
  if (text === undefined) return {};
  const parts = text.split(',').map((part): readonly [string, unknown] => {
    const [name = '', value] = part.split(/=(.*)/su);
    if (value === undefined) throw invalid(`--columns ${text}`, `"${part}" is not NAME=COLUMN`);
    return [name.trim(), name.trim() === 'header' ? value.trim() !== 'no' : value.trim()];
  });
  const columns = parseColumns(Object.fromEntries(parts), '--columns');
  return columns === undefined ? {} : { columns };
}
