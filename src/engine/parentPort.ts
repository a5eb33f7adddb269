import type { Port } from '../protocol/channel.ts';

/** The part of `process` that a forked child talks through. */
export interface ForkedProcess {
  readonly connected: boolean;
  send?(message: unknown, sendHandle: undefined, options: undefined, callback: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

/** Frames between a forked child and its parent. A frame that can no longer be sent is dropped: the close is on its way. */
export function parentPort(child: ForkedProcess): Port {
  return {
    post: (frame) => {
      if (child.connected) child.send?.(frame, undefined, undefined, () => undefined);
    },
    onFrame: (listener) => { child.on('message', listener); },
    onClose: (listener) => { child.once('disconnect', () => { listener('the parent went away'); }); },
  };
}
