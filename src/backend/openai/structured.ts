/** An answer that follows a JSON schema: `response_format`, which all five server families take (docs/backends.md). */
import * as v from 'valibot';
import { AppError } from '../../core/errors.ts';
import type { StructuredRequest } from '../backend.ts';
import { badReply } from './failure.ts';
import { postJson } from './post.ts';
import { thinkingOff } from './requestBody.ts';
import type { SamplerParts } from './sampler.ts';
import { completionReply, parseJson } from './schemas.ts';

/** The parsed JSON, greedy. @throws AppError `backend.badReply` for an answer that is no JSON or was cut off, `backend.*` */
export async function answerStructured(parts: SamplerParts, { messages, schema, name, maxTokens }: StructuredRequest, signal: AbortSignal): Promise<unknown> {
  const endpoint = parts.pool.pick(undefined);
  if (endpoint === undefined) throw new AppError('input.invalid', { where: 'backend URL', reason: 'none was given' });
  const url = `${endpoint.url.api}/chat/completions`;
  const { traits } = parts;
  const body = {
    model: traits.model,
    messages,
    temperature: 0,
    max_tokens: maxTokens,
    response_format: { type: 'json_schema', json_schema: { name, schema, strict: true } },
    ...(traits.thinkingOff ? thinkingOff(traits.kind) : {}),
  };
  const reply = v.safeParse(completionReply, parseJson(await postJson({ parts, endpoint }, { url, body }, signal)));
  const [choice] = reply.success ? reply.output.choices : [];
  if (choice?.finish_reason === 'length') throw badReply(url, `the answer was cut off after ${String(maxTokens)} tokens`).error;
  const answer = parseJson(choice?.message?.content ?? '');
  if (answer === undefined) throw badReply(url, 'the answer is no JSON: the server or its model does not take a JSON schema').error;
  return answer;
}
