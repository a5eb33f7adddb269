/** What becomes of an adapter on its servers after a roll back: they let go of it, so that its memory is free for others. */
import { adaptersInForce, type AdapterRegistry, type AdoptedAdapter } from '../../jobs/adapterRegistry.ts';
import type { AdapterServer } from './adoptOnServer.ts';

export interface LetGo {
  readonly registry: AdapterRegistry;
  /** What was rolled back. */
  readonly from: AdoptedAdapter;
  /** Where it may be loaded now. */
  readonly urls: readonly string[];
  readonly open: (url: string) => Pick<AdapterServer, 'unloadAdapter' | 'probe' | 'dispose'>;
}

export interface Kept {
  readonly url: string;
  /** Whatever the server said. */
  readonly thrown: unknown;
}

/** Addresses that a record of an adoption on a server names; none for other adoptions. */
export function adoptedUrls({ server }: AdoptedAdapter): readonly string[] {
  return server === undefined ? [] : [server.url, ...server.others ?? []];
}

/**
 * Unloads it, unless another adoption in force has the same one. The registry alone decides what serves: a server that is off or has
 * forgotten the adapter is as good as one that lets go. @returns those that still list it
 */
export async function letGo({ registry, from: { server }, urls, open }: LetGo, signal: AbortSignal): Promise<readonly Kept[]> {
  if (server === undefined) return [];
  const others = adaptersInForce(await registry.records()).filter((other) => other.server?.model === server.model);
  const needed = (url: string): boolean => others.some((other) => adoptedUrls(other).includes(url) || (server.profile !== undefined && other.server?.profile === server.profile));
  const kept = await Promise.all(urls.filter((url) => !needed(url)).map(async (url): Promise<Kept | undefined> => {
    const client = open(url);
    try {
      await client.unloadAdapter(server.model, signal);
      return undefined;
    } catch (thrown) {
      const listed = await client.probe(signal).then(({ models }) => models.some(({ id }) => id === server.model), () => false);
      return listed ? { url, thrown } : undefined;
    } finally {
      await client.dispose();
    }
  }));
  return kept.flatMap((one) => one ?? []);
}
