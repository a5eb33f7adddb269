import { forkPeer } from '../backend/childPort.ts';
import { EngineSupervisor } from '../backend/supervisor.ts';
import type { EngineSettings } from '../protocol/engine.ts';

export interface EngineParts {
  /** The engine's bundle. */
  readonly engineScript: string;
  /** As the user's settings have them now. */
  readonly settings?: () => EngineSettings;
}

/** An engine process for one or several models, started with the first task. Whoever opens it disposes it. */
export function openEngine({ engineScript, settings }: EngineParts): EngineSupervisor {
  return new EngineSupervisor({ spawn: () => forkPeer({ modulePath: engineScript }), ...(settings !== undefined && { settings }) });
}
