import { randomUUID } from 'node:crypto';
import { AdapterRegistry } from '../../jobs/adapterRegistry.ts';
import { serverBackend } from '../../app/backends.ts';
import { readArguments, resolvePath } from '../arguments.ts';
import type { Command, CommandContext, ExitCode } from '../command.ts';

const help = `Usage: interlinear rollback [--workspace DIR] [--json]

Takes the adapter that was adopted last out of use: the one before it translates again, or the base model. Files stay.`;

export const rollbackCommand: Command = {
  name: 'rollback',
  summary: 'take the last adopted adapter back',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { workspace: { type: 'string' }, json: { type: 'boolean' } });
    const registry = new AdapterRegistry(resolvePath(context.cwd, parsed.text('workspace') ?? '.'), context.fs);
    const { from, to } = await registry.rollBack(randomUUID(), new Date().toISOString());
    for (const url of from.server === undefined ? [] : [from.server.url, ...from.server.others ?? []]) await unload({ url, model: from.server?.model ?? '' }, context);
    const now = to?.adapter ?? from.base;
    if (parsed.flag('json')) context.print(JSON.stringify({ from: from.adapter, to: now }));
    else context.print(`${from.adapter.name} ${from.adapter.revision} is out of use; ${now.name} ${now.revision} translates`);
    return 0;
  },
};

/** The registry decides what serves; a server that is off or has forgotten the adapter changes nothing. */
async function unload({ url, model }: { readonly url: string; readonly model: string }, context: CommandContext): Promise<void> {
  const server = serverBackend({ kind: 'server', urls: [url] });
  try {
    await server.unloadAdapter(model, context.signal);
  } catch (thrown) {
    context.note(`${url} keeps ${model}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  } finally {
    await server.dispose();
  }
}
