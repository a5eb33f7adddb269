/** The two ends of the way between a worker thread and the one that started it. */
import { parentPort, type Worker } from 'node:worker_threads';
import type { Port } from '../protocol/channel.ts';

/** @param onGone told once the thread has ended, before who waits for it is. */
export function portToWorker(worker: Worker, onGone: () => void): Port {
  return {
    post: (frame) => { worker.postMessage(frame); },
    onFrame: (listener) => { worker.on('message', listener); },
    onClose: (listener) => {
      const close = (reason: string): void => { onGone(); listener(reason); };
      worker.on('error', (error) => { close(error.message); });
      worker.on('exit', (code) => { close(`exit ${code}`); });
    },
  };
}

/** For the entry of a thread. */
export function portToParent(): Port {
  const parent = parentPort;
  if (parent === null) throw new Error('this file runs as a worker thread');
  return {
    post: (frame) => { parent.postMessage(frame); },
    onFrame: (listener) => { parent.on('message', listener); },
    onClose: (listener) => { parent.on('close', () => { listener('parent closed'); }); },
  };
}
