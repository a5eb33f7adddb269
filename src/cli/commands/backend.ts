import { probeServer } from '../../app/backends.ts';
import type { BackendProbe } from '../../backend/probe.ts';
import { onePositional, readArguments } from '../arguments.ts';
import type { Command, ExitCode } from '../command.ts';
import { askedServerOptions, serverFrom } from '../serverOptions.ts';

const help = `Usage: interlinear backend URL [--model NAME] [--api-key-env VAR] [--prompt-family NAME] [--prompt-form chat|raw] [--json]

Asks a server what it is and what it can do, by trying: kind and version, models, several choices a request, seeds,
log-probabilities, structured output, adapters, context length.

Example:
  interlinear backend http://127.0.0.1:8000 --json`;

export const backendCommand: Command = {
  name: 'backend',
  summary: 'probe an OpenAI-compatible server',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { json: { type: 'boolean' }, ...askedServerOptions });
    const probe = await probeServer(serverFrom(parsed, onePositional(parsed, 'URL'), context), context.signal);
    if (parsed.flag('json')) context.print(JSON.stringify(probe));
    else for (const line of table(probe)) context.print(line);
    return 0;
  },
};

function table(probe: BackendProbe): readonly string[] {
  return [
    `${probe.url}  ${probe.kind} ${probe.version ?? ''}`.trimEnd(),
    `models: ${probe.models.map((model) => model.id).join(', ')}`,
    ...Object.entries(probe.capabilities).map(([name, check]) => `  ${name.padEnd(18)} ${check.state.padEnd(8)} ${check.detail}`),
    ...probe.missing.map(({ capability, disables }) => `without ${capability}: ${disables}`),
  ];
}
