import { QualityRanking } from '../app/ranking/qualityRanking.ts';
import type { EngineUser, LongTexts } from '../protocol/engine.ts';
import { invalid, oneOf, resolvePath, type Arguments, type OptionSpec } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { providerFrom } from './engineOptions.ts';
import { longNote, modelNotes } from './modelNotes.ts';

export const qualityOptions = { qe: { type: 'string' }, 'qe-model': { type: 'string' }, 'cut-long': { type: 'boolean' } } as const satisfies OptionSpec;

/** Ranking by quality estimation, where it is asked for. @throws AppError `input.invalid` for half of the options */
export function qualityFrom(parsed: Arguments, engine: EngineUser, context: CommandContext): QualityRanking | undefined {
  const [name, folder] = [parsed.text('qe'), parsed.text('qe-model')];
  if (name === undefined && folder === undefined) return undefined;
  if (name === undefined) throw invalid('--qe-model', 'is for --qe cometkiwi');
  oneOf('qe', name, ['cometkiwi']);
  if (folder === undefined) throw invalid(`--qe ${name}`, 'needs --qe-model DIR');
  if (parsed.text('critic') !== undefined) throw invalid('--qe', 'and --critic do not go together');
  const notes = modelNotes(context);
  const long = longTexts(parsed);
  return new QualityRanking(engine, {
    folder: resolvePath(context.cwd, folder),
    long,
    provider: () => providerFrom(parsed),
    onLoaded: notes.onLoaded,
    onLong: (texts) => { context.note(longNote(texts, long)); },
  });
}

/** What `--cut-long` asks for. @throws AppError `input.invalid` where no model is asked for that could cut */
export function longTexts(parsed: Arguments): LongTexts {
  const models = ['comet-model', 'qe-model'].filter((name) => parsed.text(name) !== undefined);
  if (parsed.flag('cut-long') && models.length === 0) throw invalid('--cut-long', 'is for --utility comet and --qe cometkiwi');
  return parsed.flag('cut-long') ? 'cut' : 'windows';
}
