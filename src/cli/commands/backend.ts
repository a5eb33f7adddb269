import { probeServer } from '../../app/backends.ts';
import type { BackendProbe } from '../../backend/probe.ts';
import { invalid, onePositional, readArguments } from '../arguments.ts';
import type { Command, ExitCode } from '../command.ts';

const help = `Usage: interlinear backend URL [--model NAME] [--api-key-env VAR] [--json]

Asks a server what it is and what it can do, by trying: kind and version, models, several choices a request, seeds,
log-probabilities, structured output, adapters, context length.

Example:
  interlinear backend http://127.0.0.1:8000 --json`;

export const backendCommand: Command = {
  name: 'backend',
  summary: 'probe an OpenAI-compatible server',
  help,
  async run(args, context): Promise<ExitCode> {
    const parsed = readArguments(args, { json: { type: 'boolean' }, model: { type: 'string' }, 'api-key-env': { type: 'string' } });
    const variable = parsed.text('api-key-env');
    const apiKey = variable === undefined ? undefined : context.env[variable];
    if (variable !== undefined && apiKey === undefined) throw invalid(`--api-key-env ${variable}`, 'the environment has no such variable');
    const probe = await probeServer({ kind: 'server', urls: [onePositional(parsed, 'URL')], model: parsed.text('model'), apiKey }, context.signal);
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
