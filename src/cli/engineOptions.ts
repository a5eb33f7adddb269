import { join } from 'node:path';
import { openEngine } from '../app/engine.ts';
import type { EngineSupervisor } from '../backend/supervisor.ts';
import { providers, type Provider } from '../protocol/engine.ts';
import { oneOf, type Arguments, type OptionSpec } from './arguments.ts';
import type { CommandContext } from './command.ts';

export const engineOptions = { provider: { type: 'string' } } as const satisfies OptionSpec;

/** What `--provider` asks for. @throws AppError `input.invalid` */
export function providerFrom(parsed: Arguments): Provider {
  return oneOf('provider', parsed.text('provider') ?? 'cpu', providers);
}

/** The engine process of a command, started with its first model; whoever asks disposes it. */
export function engineOf(context: Pick<CommandContext, 'home'>): EngineSupervisor {
  return openEngine({ engineScript: join(context.home, 'dist', 'engine.cjs') });
}
