import { randomUUID } from 'node:crypto';
import { serverBackend } from '../../app/backends.ts';
import { adoptedUrls, letGo } from '../../app/training/letGo.ts';
import { modelLabel } from '../../core/models/modelLabel.ts';
import { AdapterRegistry } from '../../jobs/adapterRegistry.ts';
import { readArguments, resolvePath } from '../arguments.ts';
import type { Command, ExitCode } from '../command.ts';

const help = `Usage: interlinear rollback [--workspace DIR] [--api-key-env VAR] [--json]

Takes the adapter that was adopted last out of use: the one before it translates again, or the base model. Files stay.
A server that has it loaded lets it go; --api-key-env names the variable that holds the server's key.`;

export const rollbackCommand: Command = {
  name: 'rollback',
  summary: 'take the last adopted adapter back',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { workspace: { type: 'string' }, 'api-key-env': { type: 'string' }, json: { type: 'boolean' } });
    const registry = new AdapterRegistry(resolvePath(context.cwd, parsed.text('workspace') ?? '.'), context.fs);
    const { from, to } = await registry.rollBack(randomUUID(), new Date().toISOString());
    const key = parsed.text('api-key-env');
    const apiKey = key === undefined ? undefined : context.env[key];
    const kept = await letGo({ registry, from, urls: adoptedUrls(from), open: (url) => serverBackend({ kind: 'server', urls: [url], apiKey }) }, context.signal);
    for (const { url, thrown } of kept) context.note(`${url} keeps ${from.adapter.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    const now = to?.adapter ?? from.base;
    if (parsed.flag('json')) context.print(JSON.stringify({ from: from.adapter, to: now }));
    else context.print(`${modelLabel(from.adapter.name, from.adapter.revision)} is out of use; ${modelLabel(now.name, now.revision)} translates`);
    return 0;
  },
};
