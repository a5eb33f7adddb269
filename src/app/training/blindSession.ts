/** A blind comparison of a job's outputs by one reviewer: what comes next, and the records of what was said. */
import { AppError } from '../../core/errors.ts';
import { blindItems, humanVerdict, standingVerdicts, verdictOf, type BlindItem, type HumanVerdict, type Side, type VerdictRecord } from '../../core/evaluation/blindSession.ts';
import { looks } from '../../core/evaluation/winRate.ts';
import { Serial } from '../../store/serial.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { VerdictStore } from '../../store/verdictStore.ts';
import { heldOutLanguages, type JobLanguages } from './jobData.ts';
import { applyVerdicts, comparisonOf, readGate, type GateRecord } from './storedGate.ts';

export interface BlindSessionParts {
  readonly fs: FileSystem;
  readonly verdicts: VerdictStore;
  /** Absolute. */
  readonly job: string;
  readonly reviewer: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

export interface BlindState {
  /** What to judge now, with its position; undefined: done, or decided. */
  readonly item: (BlindItem & { readonly number: number }) | undefined;
  /** By this reviewer. */
  readonly judged: number;
  readonly total: number;
  /** Undefined: no look is left. */
  readonly nextLook: number | undefined;
  readonly verdict: HumanVerdict;
  /** People have decided, so nothing more needs to be judged. */
  readonly decided: boolean;
  readonly canUndo: boolean;
}

export class BlindSession {
  readonly #parts: BlindSessionParts;
  readonly #items: readonly BlindItem[];
  readonly #serial = new Serial();
  #gate: GateRecord;
  #records: readonly VerdictRecord[];
  #goesOn = false;

  private constructor(parts: BlindSessionParts, readonly languages: JobLanguages, gate: GateRecord, records: readonly VerdictRecord[]) {
    this.#parts = parts;
    this.#gate = gate;
    this.#records = records;
    this.#items = blindItems(gate.outputs, comparisonOf(gate));
  }

  /** @throws AppError `gate.missing`, `input.invalid` */
  static async open(parts: BlindSessionParts): Promise<BlindSession> {
    const gate = await readGate(parts.fs, parts.job);
    if (gate === undefined) throw new AppError('gate.missing', { job: parts.job });
    return new BlindSession(parts, await heldOutLanguages(parts.fs, parts.job), gate, await parts.verdicts.read(comparisonOf(gate)));
  }

  get state(): BlindState {
    const own = this.#own();
    const judged = new Set(own.map(({ source }) => source));
    const verdict = humanVerdict(this.#records, this.#gate.outputs);
    const decided = verdict.outcome.kind === 'better' || verdict.outcome.kind === 'worse';
    const at = decided && !this.#goesOn ? -1 : this.#items.findIndex(({ source }) => !judged.has(source));
    const item = this.#items[at];
    return {
      item: item === undefined ? undefined : { ...item, number: at + 1 },
      judged: judged.size, total: this.#items.length, verdict, decided, canUndo: own.length > 0,
      nextLook: looks.find((look) => look > verdict.judged && look <= this.#items.length),
    };
  }

  /** Records a verdict on the item with this number; one that is not shown any more is left alone. @throws AppError `store.*` */
  judge(number: number, choice: Side | 'tie'): Promise<void> {
    return this.#serial.run(async () => {
      const { item } = this.state;
      if (item?.number !== number) return;
      const { source, before, after, newSide } = item;
      await this.#append({ ...this.#stamp(), act: 'judge', source, before, after, newSide, verdict: verdictOf(choice, newSide) });
    });
  }

  /** Takes the reviewer's last verdict back; its item comes again. @throws AppError `store.*` */
  undo(): Promise<void> {
    return this.#serial.run(async () => {
      const last = this.#own().at(-1);
      if (last !== undefined) await this.#append({ ...this.#stamp(), act: 'undo', of: last.id });
    });
  }

  /** Goes on although people have decided. */
  goOn(): void {
    this.#goesOn = true;
  }

  #own(): readonly Extract<VerdictRecord, { act: 'judge' }>[] {
    return standingVerdicts(this.#records, this.#items).filter(({ reviewer }) => reviewer === this.#parts.reviewer);
  }

  #stamp(): { readonly id: string; readonly at: string; readonly reviewer: string } {
    return { id: this.#parts.newId(), at: new Date(this.#parts.now()).toISOString(), reviewer: this.#parts.reviewer };
  }

  async #append(record: VerdictRecord): Promise<void> {
    const { fs, verdicts, job } = this.#parts;
    await verdicts.append(comparisonOf(this.#gate), record);
    this.#records = [...this.#records, record];
    this.#gate = (await applyVerdicts(fs, job, this.#gate, this.#records)).gate;
  }
}
