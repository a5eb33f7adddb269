/** Replies of OpenAI-compatible servers, validated once, here. Loose: servers add fields, and leave optional ones out or null. */
import * as v from 'valibot';

const logProbEntry = v.object({ logprob: v.nullish(v.number()) });

/** Chat servers send `content`, completion servers `token_logprobs`. */
const logProbs = v.object({
  content: v.nullish(v.array(logProbEntry)),
  token_logprobs: v.nullish(v.array(v.nullish(v.number()))),
});

const choice = v.object({
  index: v.optional(v.number(), 0),
  text: v.nullish(v.string()),
  delta: v.nullish(v.object({ content: v.nullish(v.string()) })),
  message: v.nullish(v.object({ content: v.nullish(v.string()) })),
  finish_reason: v.nullish(v.string()),
  logprobs: v.nullish(logProbs),
  prompt_logprobs: v.nullish(v.array(v.nullish(v.record(v.string(), v.object({ logprob: v.number() }))))),
});

const usage = v.object({ completion_tokens: v.nullish(v.number()), prompt_tokens: v.nullish(v.number()) });

/** `{"error": {"message": ...}}`, `{"error": "..."}`, or vLLM's older `{"object": "error", "message": ...}`. */
export const errorReply = v.union([
  v.object({ error: v.union([v.string(), v.object({ message: v.string() })]) }),
  v.object({ object: v.literal('error'), message: v.string() }),
  v.object({ detail: v.string() }),
]);

/** A whole reply, or one event of a stream. */
export const completionReply = v.object({ choices: v.array(choice), usage: v.nullish(usage) });
export type CompletionReply = v.InferOutput<typeof completionReply>;
export type CompletionChoice = CompletionReply['choices'][number];

export const modelList = v.object({
  data: v.nullish(v.array(v.object({
    id: v.string(),
    root: v.nullish(v.string()),
    parent: v.nullish(v.string()),
    owned_by: v.nullish(v.string()),
    max_model_len: v.nullish(v.number()),
    meta: v.nullish(v.object({ n_ctx_train: v.nullish(v.number()), n_ctx: v.nullish(v.number()) })),
  }))),
});

/** The sentence in a server's error body; the start of the body itself where it has none. */
export function errorMessage(body: string): string {
  const parsed = v.safeParse(errorReply, parseJson(body));
  if (!parsed.success) return body.replaceAll(/\s+/gu, ' ').trim().slice(0, 300);
  const reply = parsed.output;
  if ('detail' in reply) return reply.detail;
  if ('message' in reply) return reply.message;
  return typeof reply.error === 'string' ? reply.error : reply.error.message;
}

/** Undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
