/** Which model folder the embedded engine serves in a workspace. */
import { AdapterRegistry } from '../../jobs/adapterRegistry.ts';
import type { FileSystem } from '../../store/fileSystem.ts';

/** The adopted model of the workspace, else `fallback`. @throws AppError `adapter.missing` */
export async function servedModelFolder(fs: FileSystem, workspace: string, fallback: string): Promise<string> {
  return await new AdapterRegistry(workspace, fs).modelFolder() ?? fallback;
}
