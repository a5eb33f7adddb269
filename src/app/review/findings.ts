import type { Finding, Term } from '../../core/quality/check.ts';
import { candidateHash } from '../../core/hash.ts';
import type { FindingView } from '../../protocol/review.ts';
import type { LanguagePair } from '../../protocol/worker.ts';
import { inTurns } from '../breath.ts';
import type { Computing } from '../compute.ts';
import { shownCandidates, type SegmentRecord } from './segmentRecord.ts';

export interface FindingsParts {
  readonly records: ReadonlyMap<string, SegmentRecord>;
  readonly compute: Pick<Computing, 'checkCandidates'>;
  readonly languages: LanguagePair;
  /** What the translation of a source is held to. */
  readonly terms: (source: string) => readonly Term[];
  /** The segment is to be drawn again. */
  readonly tell: (segment: string) => void;
}

/** What checks say of the segments: of what stands in the target file, which others look at, and of candidates on demand. */
export class SessionFindings {
  readonly #parts: FindingsParts;
  /** Segments with findings that are shown: the others need not be looked at. */
  readonly #shown = new Set<string>();
  #newest: ReadonlyMap<string, readonly FindingView[]> | undefined;

  constructor(parts: FindingsParts) {
    this.#parts = parts;
  }

  /**
   * What was found in the target file, by segment; the rest has none. Dismissed ones are left out when they are drawn. In turns; what is
   * shown later wins.
   */
  async show(findings: ReadonlyMap<string, readonly FindingView[]>): Promise<void> {
    this.#newest = findings;
    await inTurns(new Set([...this.#shown, ...findings.keys()]), (segment) => {
      if (this.#newest === findings) this.#showOn(segment, findings.get(segment) ?? []);
    });
  }

  #showOn(segment: string, now: readonly FindingView[]): void {
    const record = this.#parts.records.get(segment);
    if (record === undefined || JSON.stringify(now) === JSON.stringify(record.findings)) return;
    record.findings = now;
    if (now.length > 0) this.#shown.add(segment);
    else this.#shown.delete(segment);
    this.#parts.tell(segment);
  }

  /** By candidate; what an issue of the candidate says already is left out. */
  async ofCandidates(segment: string): Promise<ReadonlyMap<string, readonly Finding[]>> {
    const record = this.#parts.records.get(segment);
    if (record === undefined) return new Map();
    const { source, unit } = record.segment;
    const { languages } = this.#parts;
    const shown = shownCandidates(record).map(({ candidate }) => candidate);
    const about = { source, sourceLanguage: languages.source, targetLanguage: languages.target, terms: this.#parts.terms(source), ...(unit?.maxLength === undefined ? {} : { maxLength: unit.maxLength }) };
    const found = await this.#parts.compute.checkCandidates({ texts: shown.map(({ text }) => text), about });
    return new Map(shown.map(({ text, issues }, index) => {
      const own = found[index] ?? [];
      return [candidateHash(text), issues === undefined ? own : own.filter(({ check }) => check !== 'placeholders' && check !== 'tags' && check !== 'empty')];
    }));
  }
}
