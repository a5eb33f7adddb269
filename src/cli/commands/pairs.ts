import { exportPreferencePairs } from '../../app/exportPreferencePairs.ts';
import { sentenceFor } from '../../messages.ts';
import { problemError } from '../../store/problem.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../store/workspaceStore.ts';
import { invalid, onePositional, readArguments, resolvePath } from '../arguments.ts';
import type { Command, ExitCode } from '../command.ts';

const help = `Usage: interlinear pairs WORKSPACE --out FILE [--format trl] [--seen] [--with-held-out]

Exports preference pairs from the judgments under WORKSPACE/.interlinear, with a data card beside the file.

  --out FILE      a .jsonl file, or a directory
  --format trl    rows {"prompt","chosen","rejected",...} for TRL (default, and the only one so far)
  --seen          also pairs of accepted over merely seen, at most 2 a segment: a class of its own, off by default
  --with-held-out also pairs of sources that the workspace holds out for the gate; the card says so. Without it they are left out and
                  counted, and a directory gets them as heldout.jsonl, which interlinear train keeps for the gate
  --json          what was written, and what was dropped and why, as JSON

Example:
  interlinear pairs . --format trl --out pairs.jsonl`;

export const pairsCommand: Command = {
  name: 'pairs',
  summary: 'export preference pairs from judgments',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { out: { type: 'string' }, format: { type: 'string' }, seen: { type: 'boolean' }, 'with-held-out': { type: 'boolean' }, json: { type: 'boolean' } });
    const format = parsed.text('format') ?? 'trl';
    if (format !== 'trl') throw invalid(`--format ${format}`, 'must be trl');
    const out = parsed.required('out');
    const workspace = resolvePath(context.cwd, onePositional(parsed, 'WORKSPACE'));
    const store = openWorkspaceStore(workspace, { ...nodeStoreParts(), fs: context.fs });
    const { card, problems } = await exportPreferencePairs(store, context.fs, {
      out: resolvePath(context.cwd, out), version: context.version, acceptedOverSeen: parsed.flag('seen'), withHeldOut: parsed.flag('with-held-out'),
    });
    if (parsed.flag('json')) context.print(JSON.stringify({ out, ...card }));
    else context.print(`${card.rows} pairs written to ${out}`);
    if (card.rows === 0) context.note('a pair needs an accepted candidate beside one that was rejected in the same segment, or an edit of a candidate');
    for (const [reason, count] of Object.entries(card.dropped)) context.note(`${count} left out: ${reason}`);
    for (const problem of problems) context.note(sentenceFor(problemError(problem)));
    return 0;
  },
};
