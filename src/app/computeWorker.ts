import { workerData } from 'node:worker_threads';
import { Channel } from '../protocol/channel.ts';
import type { WorkerClientContract, WorkerContract } from '../protocol/worker.ts';
import { ComputeHandlers } from './computeHandlers.ts';
import { portToParent } from './threadPorts.ts';

/** Entry of the compute worker: started by `Compute`, it answers until it is terminated. */
function serve(): void {
  const compute = new ComputeHandlers(String(workerData));
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
      alignCorpus: (params, context) => compute.alignCorpus(params, context),
    },
  });
}

serve();
