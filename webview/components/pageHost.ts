/** The editor around a page: the port to the extension host, and what is kept when the window closes. */
import type { Port } from '../../src/protocol/channel.ts';

/** What VS Code puts into a webview's global scope; it can be asked for once. */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void; setState(state: unknown): void };

export interface PageHost<State> {
  readonly port: Port;
  /** Kept by the editor when the window closes, and given to the host that brings the tab back. */
  keep(state: State): void;
}

export function pageHost<State>(): PageHost<State> {
  const api = acquireVsCodeApi();
  return {
    keep: (state) => { api.setState(state); },
    port: {
      post: (frame) => { api.postMessage(frame); },
      onFrame: (listener) => { window.addEventListener('message', (event: MessageEvent<unknown>) => { listener(event.data); }); },
      // A webview's end is the end of its page: nobody is left to be told.
      onClose: () => undefined,
    },
  };
}
