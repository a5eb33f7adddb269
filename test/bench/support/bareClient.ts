/** The least that can be done to have a server write: what our client is compared with in `backend.saturation`. */

/** The body of a streamed `/v1/completions` request, as our client sends it. */
export type SampleBody = Readonly<Record<string, unknown>> & { readonly n?: number; readonly seed: number };

/** How a bare client asks: so many choices a request, so many requests at once. */
export interface Form {
  readonly choices: number;
  readonly atOnce: number;
}

/** Every request of one text, cut into requests of as many choices as the form says; seeds stay apart. */
export function cut(bodies: readonly SampleBody[], { choices }: Form): readonly SampleBody[] {
  const wanted = bodies.reduce((sum, { n = 1 }) => sum + n, 0);
  const [first] = bodies;
  if (first === undefined) return [];
  return Array.from({ length: Math.ceil(wanted / choices) }, (_, part) => ({
    ...first, n: Math.min(choices, wanted - part * choices), seed: first.seed + part * choices,
  }));
}

/** Sends the bodies over kept connections, `atOnce` at a time in their order; answers the tokens that the server says it wrote. */
export async function send(url: string, bodies: readonly SampleBody[], { atOnce }: Form): Promise<number> {
  const queue = [...bodies];
  let tokens = 0;
  const worker = async (): Promise<void> => {
    for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
      const written = await request(url, body);
      tokens += written;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return tokens;
}

/** Reads the stream to its end and parses nothing but the counts of tokens, one a choice. */
async function request(url: string, body: SampleBody): Promise<number> {
  const reply = await persistently(`${url}/v1/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await reply.text();
  const counts = [...text.matchAll(/"completion_tokens":(?<tokens>\d+)/gu)].map((found) => Number(found.groups?.['tokens']));
  if (counts.length !== (body.n ?? 1)) throw new Error(`${counts.length.toString()} counts of tokens from ${url}: ${reply.status.toString()} ${text.slice(0, 200)}`);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** llama.cpp closes a connection after a stream although it promises to keep it: whoever uses it again at once asks once more. */
async function persistently(url: string, init: RequestInit): Promise<Response> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await fetch(url, init);
    } catch (thrown) {
      if (tries === 5) throw thrown;
    }
  }
}
