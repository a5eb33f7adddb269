/** A server as the user configured it by name, in the settings of the machine (decisions.md 5). */
import * as v from 'valibot';
import type { PathMapping } from '../backend/openai/adapters.ts';
import { promptFamilyIds } from '../core/prompting/families.ts';
import { describeIssues, type Parsed } from '../core/validation.ts';

export interface BackendProfile {
  readonly name: string;
  /** Servers of one model, among which work is balanced; empty where there is only a command. */
  readonly urls: readonly string[];
  /** Empty: the first that the server offers. */
  readonly model: string;
  readonly apiKeyEnv?: string | undefined;
  /** Starts a server when none of the URLs answers: `llama-server -m model.gguf`. */
  readonly command?: string | undefined;
  /** Undefined: chosen from the model's name. */
  readonly promptFamily?: string | undefined;
  /** Undefined: as the family is. */
  readonly promptForm?: 'chat' | 'raw' | undefined;
  /** Folders here that are other folders where the server runs. */
  readonly paths: readonly PathMapping[];
  /** Adds its candidates, marked as a teacher's, to those of the backend that translates. */
  readonly teacher: boolean;
}

const url = v.pipe(v.string(), v.url());

const schema = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(), v.trim(), v.minLength(1)),
    url: v.optional(v.union([url, v.pipe(v.array(url), v.minLength(1))])),
    model: v.optional(v.string(), ''),
    apiKeyEnv: v.optional(v.string()),
    command: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1))),
    promptFamily: v.optional(v.picklist(promptFamilyIds)),
    promptForm: v.optional(v.picklist(['chat', 'raw'])),
    paths: v.optional(v.array(v.strictObject({ here: v.string(), there: v.string() })), []),
    teacher: v.optional(v.boolean(), false),
  }),
  v.check(({ url: given, command }) => given !== undefined || command !== undefined, 'it has neither a url nor a command'),
);

/** Checks one entry of the setting `interlinear.backends`. */
export function parseProfile(value: unknown): Parsed<BackendProfile> {
  const result = v.safeParse(schema, value);
  if (!result.success) return { ok: false, reason: describeIssues(result.issues) };
  const { url: given, ...rest } = result.output;
  const urls = given === undefined ? [] : [given].flat();
  return { ok: true, value: { ...rest, urls } };
}
