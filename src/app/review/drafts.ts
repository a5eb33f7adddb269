import type { DocumentName } from '../../store/documentFile.ts';
import type { DraftStore } from '../../store/draftStore.ts';
import type { SegmentRecord } from './segmentRecord.ts';

/** Texts that a reviewer has begun. One that could not be stored stays here, and is stored the next time it comes. */
export class Drafts {
  readonly #store: DraftStore;
  readonly #name: DocumentName;
  readonly #unstored = new Set<string>();

  constructor(store: DraftStore, name: DocumentName) {
    this.#store = store;
    this.#name = name;
  }

  /** An empty text discards the draft. @throws AppError `store.*` */
  async save(record: SegmentRecord, text: string): Promise<void> {
    const { id } = record.segment;
    if ((record.draft ?? '') === text && !this.#unstored.has(id)) return;
    record.draft = text === '' ? undefined : text;
    this.#unstored.add(id);
    await this.#store.save(this.#name, id, record.draft === undefined ? undefined : { text });
    this.#unstored.delete(id);
  }
}
