import { workerData } from 'node:worker_threads';
import { Channel } from '../protocol/channel.ts';
import type { WorkerClientContract, WorkerContract } from '../protocol/worker.ts';
import { checkTranslation } from '../core/quality/checks.ts';
import { nodeStoreParts } from '../store/workspaceStore.ts';
import { ComputeHandlers } from './computeHandlers.ts';
import { breather, FileChecker } from './quality/checkFiles.ts';
import { portToParent } from './threadPorts.ts';

/** Entry of the compute worker: started by `Compute`, it answers until it is terminated. */
function serve(): void {
  const compute = new ComputeHandlers(String(workerData));
  const checks = new FileChecker(nodeStoreParts());
  new Channel<WorkerContract, WorkerClientContract>({
    name: 'compute client',
    port: portToParent(),
    listeners: {},
    handlers: {
      loadAligner: (params) => compute.loadAligner(params),
      rank: (params, context) => compute.rank(params, context),
      utilities: (params, context) => compute.utilities(params, context),
      stability: (params, context) => compute.stability(params, context),
      alignment: (params) => compute.alignment(params),
      refine: (params) => compute.refine(params),
      check: (params, { signal }) => checks.check(params, breather(signal)),
      checkCandidates: ({ texts, about }) => texts.map((translation) => checkTranslation({ ...about, translation })),
      alignCorpus: (params, context) => compute.alignCorpus(params, context),
    },
  });
}

serve();
