import { randomUUID } from 'node:crypto';
import { adoptAdapter } from '../../app/training/adoptAdapter.ts';
import { onePositional, readArguments, resolvePath } from '../arguments.ts';
import type { Command, ExitCode } from '../command.ts';

const help = `Usage: interlinear adopt ADAPTER [--workspace DIR] [--because TEXT]

Makes a trained model the one that translates in a workspace. It must have passed its gate, or you say why not.

  ADAPTER           job directory of "interlinear train"
  --workspace DIR   default: the current folder
  --because TEXT    adopt although the gate did not pass; the reason is kept in .interlinear/adapters.jsonl
  --json            the registry's record

"interlinear rollback" takes it back.`;

export const adoptCommand: Command = {
  name: 'adopt',
  summary: 'let a trained adapter translate',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { workspace: { type: 'string' }, because: { type: 'string' }, json: { type: 'boolean' } });
    const because = parsed.text('because');
    const record = await adoptAdapter({
      fs: context.fs,
      workspace: resolvePath(context.cwd, parsed.text('workspace') ?? '.'),
      job: resolvePath(context.cwd, onePositional(parsed, 'ADAPTER')),
      at: new Date().toISOString(),
      id: randomUUID(),
      ...(because !== undefined && { because }),
    });
    if (parsed.flag('json')) context.print(JSON.stringify(record));
    else context.print(`${record.adapter.name} ${record.adapter.revision} translates now; "interlinear rollback" takes it back`);
    return 0;
  },
};
