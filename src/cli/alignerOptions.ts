import { join } from 'node:path';
import { Aligners, type AlignerChoice } from '../app/alignment/aligners.ts';
import { ChosenAlignment } from '../app/alignment/chosenAlignment.ts';
import type { Compute, Computing } from '../app/compute.ts';
import { spanRules } from '../core/alignment/spanRules.ts';
import type { CandidateLine } from '../core/ranking/readSets.ts';
import type { EngineUser } from '../protocol/engine.ts';
import { invalid, oneOf, resolvePath, type Arguments, type OptionSpec } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { providerFrom } from './engineOptions.ts';
import { modelNotes } from './modelNotes.ts';

export const alignerOptions = { aligner: { type: 'string' }, 'aligner-model': { type: 'string' }, 'aligner-rule': { type: 'string' } } as const satisfies OptionSpec;

export interface AligningParts {
  /** Ranks by the utility that was asked for. */
  readonly ranking: Computing;
  readonly compute: Compute;
  readonly engine: EngineUser;
  /** Weight of the alignment score. */
  readonly lambda: number;
  /** What will be ranked. */
  readonly lines: readonly CandidateLine[];
}

export interface Aligning {
  readonly ranking: Pick<Computing, 'rank'>;
  /** Undefined: nothing aligns. */
  readonly signature?: string;
}

/**
 * Ranking with the aligner of `--aligner`; where λ is above 0 and none is named, with the statistical one. What was asked for by
 * name is not replaced by another. @throws AppError `input.invalid`, `engine.*`
 */
export async function aligningFrom(parsed: Arguments, { ranking, compute, engine, lambda, lines }: AligningParts, context: CommandContext): Promise<Aligning> {
  const name = oneOf('aligner', parsed.text('aligner') ?? (lambda > 0 ? 'statistical' : 'none'), ['none', 'statistical', 'embedding', 'span']);
  if (name === 'none' && lambda > 0) throw invalid('--lambda', 'weighs the alignment score: it needs an aligner');
  const choice = modelChoice(name, parsed, context);
  if (name === 'none') return { ranking };
  if (choice === undefined) return { ranking, signature: await learned(compute, lines, context) };
  const aligners = new Aligners(engine, modelNotes(context), () => providerFrom(parsed));
  const onFailure = (error: Error): void => { throw error; };
  const chosen = new ChosenAlignment({ ranking, aligners, choice: () => choice, onFailure });
  return { ranking: chosen, signature: await chosen.signature('', context.signal) };
}

/** Undefined for aligners without a model. */
function modelChoice(name: string, parsed: Arguments, context: CommandContext): AlignerChoice | undefined {
  const [folder, rule] = [parsed.text('aligner-model'), parsed.text('aligner-rule')];
  if (rule !== undefined && name !== 'span') throw invalid('--aligner-rule', 'is for --aligner span');
  if (name !== 'embedding' && name !== 'span') {
    if (folder !== undefined) throw invalid('--aligner-model', 'is for --aligner embedding or span');
    return undefined;
  }
  if (folder === undefined) throw invalid(`--aligner ${name}`, 'needs --aligner-model DIR');
  return { kind: name, folder: resolvePath(context.cwd, folder), ...(name === 'span' && { rule: oneOf('aligner-rule', rule ?? 'average', spanRules) }) };
}

/** The statistical aligner that ships, for each pair of languages with what the file's own candidates teach it. */
async function learned(compute: Compute, lines: readonly CandidateLine[], context: CommandContext): Promise<string> {
  const shipped = await compute.loadAligner(join(context.home, 'media', 'aligner-en-ja'));
  const languages = new Map(lines.map(({ segment: { sourceLanguage: source, targetLanguage: target } }) => [JSON.stringify([source, target]), { source, target }]));
  const signatures: string[] = [];
  for (const { source, target } of languages.values()) {
    const own = lines.filter(({ segment }) => segment.sourceLanguage === source && segment.targetLanguage === target);
    const pairs = own.flatMap(({ segment, candidates }) => candidates.map(({ text }) => ({ source: segment.source, target: text })));
    signatures.push(await compute.refine(pairs, { source, target }));
  }
  return signatures.length === 0 ? shipped : signatures.join(' ');
}
