/**
 * Sources that a workspace holds out from everything a model learns from or is shown: training, translation memory, examples in
 * prompts, the aligner's refinement. `.interlinear/heldout.jsonl` is committed, so that every clone holds out the same.
 */
import * as v from 'valibot';
import { sourceKey } from '../core/evaluation/heldOut.ts';
import { describeIssues, type Parsed } from '../core/validation.ts';
import { lineBytes, readJsonLines } from './jsonLines.ts';
import type { StoreFolder } from './storeFolder.ts';

const fileName = 'heldout.jsonl';
const schema = v.object({ source: v.string() });

/** Says whether a source is held out. Case and white space do not make another source. */
export type IsHeldOut = (source: string) => boolean;

export class HeldOutStore {
  readonly #folder: StoreFolder;

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** As of now; a file that is not there holds nothing out. Lines that are no record are left out. */
  async read(): Promise<IsHeldOut> {
    const keys = new Set((await this.#sources()).map(sourceKey));
    return (source) => keys.has(sourceKey(source));
  }

  /** Once held out, a source stays so: what was learned from it cannot be unlearned. @throws AppError `store.diskFull`, `store.unwritable` */
  async add(sources: readonly string[]): Promise<void> {
    const isHeldOut = await this.read();
    const fresh = [...new Map(sources.map((source) => [sourceKey(source), source])).values()].filter((source) => !isHeldOut(source));
    if (fresh.length === 0) return;
    await this.#folder.prepare();
    await this.#folder.fs.append(this.#folder.path(fileName), lineBytes(fresh.map((source) => JSON.stringify({ source })).join('\n')));
  }

  async #sources(): Promise<readonly string[]> {
    const bytes = await this.#folder.fs.read(this.#folder.path(fileName)) ?? new Uint8Array();
    return readJsonLines(bytes, parse).values.map(({ source }) => source);
  }
}

function parse(value: unknown): Parsed<v.InferOutput<typeof schema>> {
  const result = v.safeParse(schema, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}
