import type { Signature } from '../../core/candidate.ts';
import type { PromptContext } from '../../core/prompting/context.ts';
import type { RunContext } from './translateSegment.ts';

type Asked = Pick<RunContext, 'description' | 'settings'>;

/** What the project says of all its segments, as far as the model's prompt has a place for it: the style brief, and that the model writes an auxiliary translation (PMP-S). */
export function projectParts({ description: { parts }, settings }: Asked): Pick<PromptContext, 'brief' | 'auxiliary'> {
  const hasBrief = Object.keys(settings.brief).length > 0 && parts.includes('brief');
  return {
    ...(hasBrief && { brief: settings.brief }),
    ...(settings.auxiliary === 'self' && parts.includes('auxiliary') && { auxiliary: { mode: 'self' as const } }),
  };
}

/** The same in a signature: a set that was drawn under another brief is drawn again. */
export function projectSignature(run: Asked): Pick<Signature, 'brief' | 'auxiliary'> {
  const { brief } = projectParts(run);
  const { auxiliary } = run.settings;
  return { ...(brief !== undefined && { brief }), ...(auxiliary !== 'off' && run.description.parts.includes('auxiliary') && { auxiliary }) };
}
