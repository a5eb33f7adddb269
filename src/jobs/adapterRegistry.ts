/** Adopted, chosen and rolled-back adapters: `.interlinear/adapters.jsonl`, append-only. Its last word is what serves. */
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../core/errors.ts';
import { parseLines, readText, type JobFiles } from './files.ts';

const text = v.string();
const model = v.object({ name: text, revision: text });

const adoptedSchema = v.object({
  act: v.literal('adopt'),
  id: text,
  at: text,
  adapter: model,
  base: model,
  /** Folder of the merged model, relative to the workspace and nowhere else: the file comes with a clone. */
  folder: v.exactOptional(v.pipe(text, v.regex(/^\.interlinear\/models\/[\w+-][\w.+-]*$/u))),
  /** Instead of a folder: the server that has the adapter (with its further addresses), its name there, and the profile (a server that we start changes its address). */
  server: v.exactOptional(v.object({ url: text, others: v.exactOptional(v.array(text)), model: text, profile: v.exactOptional(text) })),
  /** Or the profile whose llama-server is started with this file. */
  llama: v.exactOptional(v.object({ profile: text, file: v.pipe(text, v.regex(/^\.interlinear\/models\/[\w+-][\w.+-]*\.gguf$/u)) })),
  job: text,
  gate: v.object({ outcome: v.picklist(['passed', 'failed', 'notEvaluated']), judge: v.exactOptional(text), heldOutUses: v.exactOptional(v.number()) }),
  /** Why it was adopted although the gate did not pass. */
  because: v.exactOptional(text),
});

const recordSchema = v.variant('act', [
  adoptedSchema,
  v.object({ act: v.literal('rollBack'), id: text, at: text, of: text }),
  v.object({ act: v.literal('choose'), id: text, at: text, of: text }),
]);

export type AdoptedAdapter = v.InferOutput<typeof adoptedSchema>;
export type AdapterRecord = v.InferOutput<typeof recordSchema>;

/** The adopted adapters that are in force; the last of them serves. A choice puts one last, a roll back takes the last away. */
export function adaptersInForce(records: readonly AdapterRecord[]): readonly AdoptedAdapter[] {
  let stack: readonly AdoptedAdapter[] = [];
  for (const record of records) {
    if (record.act === 'adopt') stack = [...stack, record];
    else if (record.act === 'choose') stack = [...stack.filter(({ id }) => id !== record.of), ...stack.filter(({ id }) => id === record.of)];
    else if (stack.at(-1)?.id === record.of) stack = stack.slice(0, -1);
  }
  return stack;
}

export class AdapterRegistry {
  readonly #workspace: string;
  readonly #files: JobFiles;

  constructor(workspace: string, files: JobFiles) {
    this.#workspace = workspace;
    this.#files = files;
  }

  get #path(): string {
    return join(this.#workspace, '.interlinear', 'adapters.jsonl');
  }

  async records(): Promise<readonly AdapterRecord[]> {
    const lines = parseLines(await readText(this.#files, this.#path) ?? '');
    return lines.flatMap((line) => {
      const parsed = v.safeParse(recordSchema, line);
      return parsed.success ? [parsed.output] : [];
    });
  }

  /** Undefined: the base model serves. */
  async current(): Promise<AdoptedAdapter | undefined> {
    return adaptersInForce(await this.records()).at(-1);
  }

  /**
   * Folder of the model that serves, absolute; undefined: the base model's own.
   * @throws AppError `adapter.missing` when somebody deleted it
   */
  async modelFolder(): Promise<string | undefined> {
    const current = adaptersInForce(await this.records()).findLast(({ folder }) => folder !== undefined);
    if (current?.folder === undefined) return undefined;
    const folder = join(this.#workspace, current.folder);
    if (await this.#files.stat(join(folder, 'manifest.json')) === undefined) {
      throw new AppError('adapter.missing', { adapter: current.adapter.name, path: folder });
    }
    return folder;
  }

  /** Name of the adapter that serves at a URL; undefined: the base model does. */
  async modelAt(url: string): Promise<string | undefined> {
    return adaptersInForce(await this.records()).findLast(({ server }) => servesAt(server, [url]))?.server?.model;
  }

  /** The adapter that serves at a profile's servers; undefined: the base model does. */
  async adoptedAt(urls: readonly string[], profile: string | undefined): Promise<{ readonly model: string; readonly job: string } | undefined> {
    const found = adaptersInForce(await this.records()).findLast(({ server }) => server !== undefined && (servesAt(server, urls) || (profile !== undefined && server.profile === profile)));
    return found?.server === undefined ? undefined : { model: found.server.model, job: found.job };
  }

  /** The adapter file, absolute, with which a profile's llama-server is started; undefined: with none. */
  async llamaAdapter(profile: string): Promise<string | undefined> {
    const file = adaptersInForce(await this.records()).findLast(({ llama }) => llama?.profile === profile)?.llama?.file;
    return file === undefined ? undefined : join(this.#workspace, file);
  }

  /** One line, written at once: other readers see the old model or the new one. */
  async adopt(record: AdoptedAdapter): Promise<void> {
    await this.#append(record);
  }

  /** One of those in force serves from now on; the others stay in force. @throws AppError `adapter.none` where it is not in force */
  async choose(id: string, at: string, of: string): Promise<AdoptedAdapter> {
    const chosen = adaptersInForce(await this.records()).find((adopted) => adopted.id === of);
    if (chosen === undefined) throw new AppError('adapter.none', { workspace: this.#workspace });
    await this.#append({ act: 'choose', id, at, of });
    return chosen;
  }

  /** What is rolled back, and what serves now. @throws AppError `adapter.none` */
  async rollBack(id: string, at: string): Promise<{ readonly from: AdoptedAdapter; readonly to: AdoptedAdapter | undefined }> {
    const stack = adaptersInForce(await this.records());
    const from = stack.at(-1);
    if (from === undefined) throw new AppError('adapter.none', { workspace: this.#workspace });
    await this.#append({ act: 'rollBack', id, at, of: from.id });
    return { from, to: stack.at(-2) };
  }

  async #append(record: AdapterRecord): Promise<void> {
    await this.#files.makeFolder(join(this.#workspace, '.interlinear'));
    await this.#files.append(this.#path, new TextEncoder().encode(`${JSON.stringify(record)}\n`));
  }
}

function servesAt(server: AdoptedAdapter['server'], urls: readonly string[]): boolean {
  return server !== undefined && [server.url, ...server.others ?? []].some((url) => urls.includes(url));
}
