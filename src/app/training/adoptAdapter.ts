/** Makes a trained model the one that serves in a workspace, and takes it back. */
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import { AdapterRegistry, type AdoptedAdapter } from '../../jobs/adapterRegistry.ts';
import { installModel } from '../../jobs/installModel.ts';
import type { FileSystem } from '../../store/fileSystem.ts';

const manifestSchema = v.object({
  name: v.string(), revision: v.string(), parent: v.object({ name: v.string(), revision: v.string() }),
});
const gateSchema = v.object({
  after: v.object({ model: v.string(), revision: v.string() }),
  decision: v.object({ outcome: v.picklist(['passed', 'failed', 'notEvaluated']) }),
  measured: v.object({ winRate: v.exactOptional(v.object({ judge: v.object({ name: v.string() }) })) }),
  heldOutUses: v.number(),
});

export interface Adoption {
  readonly fs: FileSystem;
  readonly workspace: string;
  readonly job: string;
  /** Why, if its gate did not pass. */
  readonly because?: string;
  /** ISO time, and the name of the record. */
  readonly at: string;
  readonly id: string;
}

/**
 * Copies the job's model into the workspace and writes one line into the registry: the swap is that line.
 * @throws AppError `trainer.noAdapter`, `adapter.notPassed`
 */
export async function adoptAdapter(adoption: Adoption): Promise<AdoptedAdapter> {
  const { fs, workspace, job, because, at, id } = adoption;
  const manifest = await readJson(fs, join(job, 'model', 'manifest.json'), manifestSchema);
  if (manifest === undefined) throw new AppError('trainer.noAdapter', { job, state: 'without a model folder' });
  const gate = await gateOutcome(fs, job, (tested) => tested.revision === manifest.revision);
  if (gate.outcome !== 'passed' && because === undefined) throw new AppError('adapter.notPassed', { adapter: manifest.name, outcome: gate.outcome });
  const folder = `.interlinear/models/${basename(job)}-${manifest.revision}`;
  await installModel(join(job, 'model'), join(workspace, folder));
  const record: AdoptedAdapter = {
    act: 'adopt', id, at, adapter: { name: manifest.name, revision: manifest.revision }, base: manifest.parent, folder, job: basename(job),
    gate, ...(because !== undefined && { because }),
  };
  await new AdapterRegistry(workspace, fs).adopt(record);
  return record;
}

/** What the job's gate said of the model that `isIt` knows: a gate of an earlier training in the same folder says nothing. */
export async function gateOutcome(fs: FileSystem, job: string, isIt: (tested: { readonly model: string; readonly revision: string }) => boolean): Promise<AdoptedAdapter['gate']> {
  const gate = await readJson(fs, join(job, 'gate.json'), gateSchema);
  if (gate === undefined || !isIt(gate.after)) return { outcome: 'notEvaluated' };
  const judge = gate.measured.winRate?.judge.name;
  return { outcome: gate.decision.outcome, heldOutUses: gate.heldOutUses, ...(judge !== undefined && { judge }) };
}

async function readJson<S extends v.GenericSchema>(fs: FileSystem, path: string, schema: S): Promise<v.InferOutput<S> | undefined> {
  const bytes = await fs.read(path);
  if (bytes === undefined) return undefined;
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
