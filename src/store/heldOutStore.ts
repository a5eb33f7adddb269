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
const intakeName = 'intake.jsonl';
const schema = v.object({ source: v.string() });
const intakeSchema = v.object({ document: v.string(), sources: v.number(), hash: v.string() });

/** A document came in, or came in again with other sources: it was settled what of it is held out. */
export type IntakeRecord = v.InferOutput<typeof intakeSchema>;

/** Says whether a source is held out. Case and white space do not make another source. */
export type IsHeldOut = (source: string) => boolean;

export class HeldOutStore {
  readonly #folder: StoreFolder;

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** As of now; a file that is not there holds nothing out. Lines that are no record are left out. */
  async read(): Promise<IsHeldOut> {
    const keys = new Set((await this.sources()).map(sourceKey));
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

  /** What is held out, in the order in which it was. */
  async sources(): Promise<readonly string[]> {
    return (await this.#lines(fileName, schema)).map(({ source }) => source);
  }

  /** The last record of each document. */
  async intakes(): Promise<ReadonlyMap<string, IntakeRecord>> {
    return new Map((await this.#lines(intakeName, intakeSchema)).map((record) => [record.document, record]));
  }

  /** @throws AppError `store.diskFull`, `store.unwritable` */
  async addIntake(record: IntakeRecord): Promise<void> {
    await this.#folder.prepare();
    await this.#folder.fs.append(this.#folder.path(intakeName), lineBytes(JSON.stringify(record)));
  }

  async #lines<S extends v.GenericSchema>(name: string, of: S): Promise<readonly v.InferOutput<S>[]> {
    const bytes = await this.#folder.fs.read(this.#folder.path(name)) ?? new Uint8Array();
    return readJsonLines(bytes, (value) => parse(of, value)).values;
  }
}

function parse<S extends v.GenericSchema>(of: S, value: unknown): Parsed<v.InferOutput<S>> {
  const result = v.safeParse(of, value);
  return result.success ? { ok: true, value: result.output } : { ok: false, reason: describeIssues(result.issues) };
}
