import { join } from 'node:path';
import { QualityRanking } from '../app/ranking/qualityRanking.ts';
import { invalid, oneOf, resolvePath, type Arguments, type OptionSpec } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { modelNotes } from './modelNotes.ts';

export const qualityOptions = { qe: { type: 'string' }, 'qe-model': { type: 'string' } } as const satisfies OptionSpec;

/** Ranking by quality estimation, where it is asked for. @throws AppError `input.invalid` for half of the options */
export function qualityFrom(parsed: Arguments, context: CommandContext): QualityRanking | undefined {
  const [name, folder] = [parsed.text('qe'), parsed.text('qe-model')];
  if (name === undefined && folder === undefined) return undefined;
  if (name === undefined) throw invalid('--qe-model', 'is for --qe cometkiwi');
  oneOf('qe', name, ['cometkiwi']);
  if (folder === undefined) throw invalid(`--qe ${name}`, 'needs --qe-model DIR');
  if (parsed.text('critic') !== undefined) throw invalid('--qe', 'and --critic do not go together');
  const notes = modelNotes(context);
  return new QualityRanking(join(context.home, 'dist', 'engine.cjs'), {
    folder: resolvePath(context.cwd, folder),
    onLoaded: (model) => { notes.onLoaded?.(model); },
    onCut: (texts) => { context.note(`${String(texts)} texts have more tokens than the model reads and were cut`); },
  });
}
