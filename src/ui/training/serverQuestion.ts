import * as vscode from 'vscode';
import { staysHere } from '../../app/backends.ts';
import type { BackendProfile } from '../../app/backendProfile.ts';
import { lookAtServer } from '../../backend/openai/sleepMode.ts';
import type { ServerHold } from '../../jobs/trainingQueue.ts';
import { readMachineSettings } from '../settings.ts';
import type { Choice } from './steps.ts';
import type { TrainingWorld } from './trainingWorld.ts';

interface LocalServer {
  readonly profile: string;
  readonly url: string;
  readonly ours: boolean;
  readonly canSleep: boolean;
}

/**
 * A model server on this machine may hold the memory of the GPU that a training needs: asks what becomes of each while the job
 * trains. Asks nothing where there is no GPU or no such server. Undefined: cancelled.
 */
export async function askAboutServers(world: TrainingWorld): Promise<readonly ServerHold[] | undefined> {
  const gpus = await world.gpus();
  if (gpus.length === 0) return [];
  const held = (await world.queue.read()).held.map(({ profile }) => profile);
  const servers = (await Promise.all(readMachineSettings().backends.filter(({ name }) => !held.includes(name)).map((profile) => localServer(world, profile)))).flatMap((server) => server ?? []);
  const memory = gpus.map(({ index, usedMiB, memoryMiB }) => vscode.l10n.t('GPU {0}: {1} of {2} MiB in use', index, usedMiB, memoryMiB)).join(', ');
  const holds: ServerHold[] = [];
  for (const server of servers) {
    const answer = await vscode.window.showQuickPick(choicesFor(server), {
      title: vscode.l10n.t('The server of "{0}" may hold the GPU', server.profile), placeHolder: vscode.l10n.t('What happens to it while the training runs? {0}', memory), ignoreFocusOut: true,
    });
    if (answer === undefined) return undefined;
    if (answer.value !== 'beside') holds.push({ profile: server.profile, how: answer.value, url: server.url });
  }
  return holds;
}

/** Undefined: nothing answers, or it is on another machine. */
async function localServer(world: TrainingWorld, profile: BackendProfile): Promise<LocalServer | undefined> {
  const { servers } = world.services;
  for (const url of servers.known(profile) ?? []) {
    if (!staysHere(url)) continue;
    const { answers, canSleep } = await lookAtServer(url, globalThis.fetch);
    if (answers) return { profile: profile.name, url, canSleep, ours: servers.isOurs(profile.name) };
  }
  return undefined;
}

function choicesFor({ ours, canSleep }: LocalServer): readonly Choice<ServerHold['how'] | 'beside'>[] {
  const sleep = { label: vscode.l10n.t('Put it to sleep'), detail: vscode.l10n.t('Its weights wait in the memory of the CPU; it is woken when the training ends, however it ends'), value: 'sleep' } as const;
  const stop = { label: vscode.l10n.t('Stop it'), detail: vscode.l10n.t('It is started again when the training ends, however it ends'), value: 'stop' } as const;
  const beside = {
    label: vscode.l10n.t('Train beside it'), value: 'beside',
    detail: ours || canSleep ? vscode.l10n.t('Both must fit into the memory of the GPU') : vscode.l10n.t('This window did not start it and it has no sleep mode: to free its memory, cancel and stop it where it runs'),
  } as const;
  return [...canSleep ? [sleep] : [], ...ours ? [stop] : [], beside];
}
