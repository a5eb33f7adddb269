import { parentPort, workerData } from 'node:worker_threads';
import { Channel, type Port } from '../protocol/channel.ts';
import type { WorkerClientContract, WorkerContract } from '../protocol/worker.ts';
import { ComputeHandlers } from './computeHandlers.ts';

/** Entry of the compute worker: started by `Compute`, it answers until it is terminated. */
function serve(): void {
  const parent = parentPort;
  if (parent === null) throw new Error('this file runs as a worker thread');
  const port: Port = {
    post: (frame) => { parent.postMessage(frame); },
    onFrame: (listener) => { parent.on('message', listener); },
    onClose: (listener) => { parent.on('close', () => { listener('parent closed'); }); },
  };
  const compute = new ComputeHandlers(String(workerData));
  new Channel<WorkerContract, WorkerClientContract>({
    name: 'compute client',
    port,
    listeners: {},
    handlers: {
      loadAligner: (params) => compute.loadAligner(params),
      rank: (params, context) => compute.rank(params, context),
      alignment: (params) => compute.alignment(params),
      refine: (params) => compute.refine(params),
      alignCorpus: (params, context) => compute.alignCorpus(params, context),
    },
  });
}

serve();
