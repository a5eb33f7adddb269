/**
 * Adopts an adapter for servers that load it from a file: llama-server, started from a profile's command and started anew
 * with `--lora FILE`, and Ollama, where base and adapter become a model of their own.
 */
import { basename, join } from 'node:path';
import type { BackendProfile } from '../backendProfile.ts';
import { AppError } from '../../core/errors.ts';
import { adapterRevision, readAdapterFolder } from '../../jobs/adapterFolder.ts';
import { AdapterRegistry, type AdoptedAdapter } from '../../jobs/adapterRegistry.ts';
import { convertToGguf, createOllamaModel, type Conversion } from '../../jobs/convertAdapter.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import { gateOutcome } from './adoptAdapter.ts';
import { adapterName } from './adoptOnServer.ts';

export interface FileAdoption {
  readonly fs: FileSystem;
  readonly workspace: string;
  readonly job: string;
  readonly trainer: Pick<Conversion, 'python' | 'package' | 'env'>;
  /** The profile whose command starts llama-server; or Ollama with the base as it knows it. */
  readonly target: { readonly kind: 'llama'; readonly profile: string } | { readonly kind: 'ollama'; readonly program: string; readonly base: string; readonly url: string; readonly profile?: string };
  readonly because?: string;
  readonly at: string;
  readonly id: string;
}

/** @throws AppError `trainer.noAdapter`, `adapter.notPassed`, `adapter.notConverted` */
export async function adoptAsFile(adoption: FileAdoption, signal: AbortSignal): Promise<AdoptedAdapter> {
  const { fs, workspace, job, target, trainer, because, at, id } = adoption;
  const { path } = await readAdapterFolder(fs, join(job, 'adapter'));
  const revision = await adapterRevision(fs, path);
  const name = adapterName(job, revision);
  const gate = await gateOutcome(fs, job, (tested) => tested.model === name);
  if (gate.outcome !== 'passed' && because === undefined) throw new AppError('adapter.notPassed', { adapter: name, outcome: gate.outcome });
  const file = `.interlinear/models/${name}.gguf`;
  const gguf = join(workspace, file);
  await convertToGguf({ ...trainer, adapter: path, out: gguf }, signal);
  if (target.kind === 'ollama') await createOllamaModel({ program: target.program, name, base: target.base, gguf }, signal);
  const record: AdoptedAdapter = {
    act: 'adopt', id, at, adapter: { name, revision }, job: basename(job), gate,
    base: { name: target.kind === 'ollama' ? target.base : target.profile, revision: '' },
    ...(target.kind === 'ollama' ? { server: { url: target.url, model: name, ...(target.profile !== undefined && { profile: target.profile }) } } : { llama: { profile: target.profile, file } }),
    ...(because !== undefined && { because }),
  };
  await new AdapterRegistry(workspace, fs).adopt(record);
  return record;
}

/**
 * The profile with the adopted adapter in its command: what a managed llama-server is started with, so adopting and rolling
 * back take effect when it is restarted. @throws AppError `adapter.missing` when the file was deleted
 */
export async function withAdoptedAdapter(fs: FileSystem, workspace: string, profile: BackendProfile): Promise<BackendProfile> {
  const file = await new AdapterRegistry(workspace, fs).llamaAdapter(profile.name);
  if (file === undefined || profile.command === undefined) return profile;
  if (await fs.stat(file) === undefined) throw new AppError('adapter.missing', { adapter: basename(file), path: file });
  return withLora(profile, file);
}

/** A profile whose llama-server is started with an adapter file; one without a command is left as it is. */
export function withLora(profile: BackendProfile, file: string): BackendProfile {
  return profile.command === undefined ? profile : { ...profile, command: `${profile.command} --lora ${quoted(file)}` };
}

/** For `parseCommandLine`: double quotes with backslashes. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}
