/** Opens models for the demo from source, so that nothing has to be built first. */
import { fileURLToPath } from 'node:url';
import { defaultRun, type RunSettings } from '../../src/app/settings.ts';
import { Serving } from '../../src/app/training/serving.ts';
import type { Backend, GenerateOutcome } from '../../src/backend/backend.ts';
import { forkPeer } from '../../src/backend/childPort.ts';
import { EmbeddedBackend } from '../../src/backend/embedded/embeddedBackend.ts';
import { EngineSupervisor } from '../../src/backend/supervisor.ts';
import { rankWithChrf } from '../../src/core/ranking/rankCandidates.ts';

const entry = fileURLToPath(new URL('../../src/engine/main.ts', import.meta.url));

export interface OpenModel {
  readonly serving: Serving;
  close(): Promise<void>;
}

/** The serving stack of a model folder: sampling with the model's own temperature, MBR by chrF. */
export function openModel(folder: string, settings: RunSettings = defaultRun): OpenModel {
  const spawn = (): ReturnType<typeof forkPeer> => forkPeer({ modulePath: entry, execArgv: ['--import', import.meta.resolve('tsx')] });
  const backend = new EmbeddedBackend(new EngineSupervisor({ spawn }), folder);
  const rank: ConstructorParameters<typeof Serving>[0]['compute'] = { rank: ({ candidates, settings: ranking }) => Promise.resolve(rankWithChrf(candidates, ranking)) };
  return { serving: new Serving({ backend: remembering(backend), compute: rank, settings }), close: () => backend.dispose() };
}

/** Equal requests give equal candidates, so each is computed once: the gate asks for what judging has asked for. */
function remembering(backend: EmbeddedBackend): Backend {
  const known = new Map<string, Promise<GenerateOutcome>>();
  return {
    describe: (signal) => backend.describe(signal),
    generate: (request, onText, signal) => {
      const key = JSON.stringify(request);
      const found = known.get(key) ?? backend.generate(request, onText, signal);
      known.set(key, found);
      return found;
    },
    score: (request, signal) => backend.score(request, signal),
    dispose: () => backend.dispose(),
  };
}
