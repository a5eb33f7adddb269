import type { ServerChoice } from '../app/backends.ts';
import { promptFamilyIds } from '../core/prompting/families.ts';
import { invalid, oneOf, type Arguments, type OptionSpec } from './arguments.ts';
import type { CommandContext } from './command.ts';

export const askedServerOptions = {
  model: { type: 'string' }, 'api-key-env': { type: 'string' }, 'prompt-family': { type: 'string' }, 'prompt-form': { type: 'string' },
} as const satisfies OptionSpec;

/** Servers of one model, with commas between their addresses. */
export function urlsOf(addresses: string): readonly string[] {
  return addresses.split(',').map((one) => one.trim());
}

/** The server that `--backend` or a URL names, with how it is to be asked. @throws AppError `input.invalid` */
export function serverFrom(parsed: Arguments, addresses: string, context: Pick<CommandContext, 'env'>): ServerChoice {
  const family = parsed.text('prompt-family');
  const form = parsed.text('prompt-form');
  return {
    kind: 'server', urls: urlsOf(addresses), model: parsed.text('model'), apiKey: apiKeyFrom(parsed, context),
    promptFamily: family === undefined ? undefined : oneOf('prompt-family', family, promptFamilyIds),
    promptForm: form === undefined ? undefined : oneOf('prompt-form', form, ['chat', 'raw'] as const),
  };
}

/** @throws AppError `input.invalid` for a variable that is not there */
export function apiKeyFrom(parsed: Arguments, { env }: Pick<CommandContext, 'env'>): string | undefined {
  const variable = parsed.text('api-key-env');
  if (variable === undefined) return undefined;
  const key = env[variable];
  if (key === undefined) throw invalid(`--api-key-env ${variable}`, 'the environment has no such variable');
  return key;
}

/** A prompt's family of the embedded engine's model is that of its folder. @throws AppError `input.invalid` */
export function refuseServerOptions(parsed: Arguments): void {
  for (const name of ['prompt-family', 'prompt-form']) {
    if (parsed.text(name) !== undefined) throw invalid(`--${name}`, 'is for a server; give --backend URL too');
  }
}
