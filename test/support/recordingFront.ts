/** Stands before a server, hands everything on and writes down what was asked: what a server got is then known, not believed. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenAtFreePort } from './freePort.ts';

export interface Recorded {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** As the server wrote it, events and all. */
  readonly reply: string;
}

export interface RecordingFront {
  readonly url: string;
  /** Requests with a body, in the order in which they were answered. */
  readonly recorded: readonly Recorded[];
  stop(): Promise<void>;
}

/** @param to the server's address */
export async function startRecordingFront(to: string): Promise<RecordingFront> {
  const recorded: Recorded[] = [];
  const server = createServer((asking, answer) => { void handOn({ asking, answer, to: new URL(to) }, recorded); });
  const port = await listenAtFreePort(server);
  return {
    url: `http://127.0.0.1:${port.toString()}`,
    recorded,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Exchange {
  readonly asking: IncomingMessage;
  readonly answer: ServerResponse;
  readonly to: URL;
}

async function handOn({ asking, answer, to }: Exchange, recorded: Recorded[]): Promise<void> {
  const body = await textOf(asking);
  const { host: _, ...headers } = asking.headers;
  const path = asking.url ?? '/';
  const passed = request({ host: to.hostname, port: to.port, method: asking.method, path, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.on('error', () => { answer.destroy(); });
    reply.pipe(answer);
    // what our own client sent is JSON
    void textOf(reply).then((text) => { if (body !== '') recorded.push({ path, authorization: headers.authorization, body: JSON.parse(body) as Record<string, unknown>, reply: text }); }, () => undefined);
  });
  passed.on('error', () => { answer.destroy(); });
  answer.on('close', () => { passed.destroy(); });
  passed.end(body);
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // messages are streams of buffers
  return Buffer.concat(chunks).toString('utf8');
}
