import { serverBackend } from '../app/backends.ts';
import { Critic } from '../app/critic.ts';
import type { Candidate, SegmentRef } from '../core/candidate.ts';
import { rankByCritic, type JudgedCandidate } from '../core/critic/order.ts';
import type { CriticVerdict } from '../core/critic/critic.ts';
import { invalid, type Arguments, type OptionSpec } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { tellLeaving } from './leaving.ts';
import { apiKeyFrom } from './serverOptions.ts';

export const criticOptions: OptionSpec = {
  critic: { type: 'string' }, model: { type: 'string' }, principle: { type: 'string', multiple: true }, 'critic-top': { type: 'string' }, 'api-key-env': { type: 'string' },
};

export interface CriticRanking {
  /** Model and principles, for the signature. */
  readonly signature: string;
  rank(segment: SegmentRef, ranked: readonly Candidate[]): Promise<readonly JudgedCandidate[]>;
  dispose(): Promise<void>;
}

/** The critic of `--critic URL`, if one is asked for. @throws AppError `input.invalid`, `backend.*` */
export async function criticFrom(args: Arguments, context: CommandContext): Promise<CriticRanking | undefined> {
  const url = args.text('critic');
  if (url === undefined) {
    const alone = ['model', 'principle', 'critic-top', 'api-key-env'].find((name) => args.text(name) !== undefined || args.texts(name).length > 0);
    if (alone !== undefined) throw invalid(`--${alone}`, 'is for --critic URL');
    return undefined;
  }
  tellLeaving(url, context);
  const top = args.integer('critic-top', { min: 1, max: 1024, fallback: 8 });
  const backend = serverBackend({ kind: 'server', urls: [url], model: args.required('model'), apiKey: apiKeyFrom(args, context) });
  const critic = new Critic(backend, args.texts('principle'));
  const { signal } = context;
  const judge = async ({ source, sourceLanguage, targetLanguage }: SegmentRef, text: string): Promise<readonly [string, CriticVerdict]> => {
    return [text, await critic.judge(source, text, { source: sourceLanguage, target: targetLanguage }, signal)];
  };
  return {
    signature: await critic.signature(signal),
    rank: async (segment, ranked) => {
      const sound = ranked.filter(({ issues = [] }) => issues.length === 0).slice(0, top);
      return rankByCritic(ranked, new Map(await Promise.all(sound.map(({ text }) => judge(segment, text)))));
    },
    dispose: () => backend.dispose(),
  };
}

/** `4/6`, and what was not satisfied with its evidence. */
export function criticLines({ critic = [] }: JudgedCandidate): readonly string[] {
  if (critic.length === 0) return [];
  const satisfied = critic.filter((finding) => finding.satisfied).length;
  const open = critic.filter((finding) => !finding.satisfied);
  return [`  ${String(satisfied)}/${String(critic.length)} principles`, ...open.map(({ principle, evidence }) => `  - ${principle}${evidence === '' ? '' : ` "${evidence}"`}`)];
}
