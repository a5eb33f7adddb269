import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkIds } from '../../src/core/quality/check.ts';
import { checkTranslation } from '../../src/core/quality/checks.ts';
import type { Bench, Emit } from './support/figures.ts';
import { hasFault } from './support/referenceFaults.ts';

interface Row {
  readonly source: string;
  readonly refs: readonly { readonly text: string }[];
}

/**
 * Shares of professional translations that a check complains about, and of those that have the fault it names (read by hand):
 * what is between the two is wrong. Checks of Japanese are over the Japanese ones.
 */
function falsePositives(emit: Emit): void {
  const folder = fileURLToPath(new URL('../../../shared/data/wmt24-esa/', import.meta.url));
  const counts = new Map<string, number>();
  const faults = new Map<string, number>();
  const totals = new Map<string, number>();
  for (const target of ['ja', 'zh', 'cs']) {
    for (const line of readFileSync(join(folder, `en-${target}.jsonl`), 'utf8').trim().split('\n')) {
      const row = JSON.parse(line) as Row;
      for (const { text } of row.refs) {
        totals.set(target, (totals.get(target) ?? 0) + 1);
        const found = new Set(checkTranslation({ source: row.source, translation: text, sourceLanguage: 'en', targetLanguage: target }).map(({ check }) => check));
        for (const check of found) {
          counts.set(check, (counts.get(check) ?? 0) + 1);
          if (hasFault(check, text)) faults.set(check, (faults.get(check) ?? 0) + 1);
        }
      }
    }
  }
  for (const check of checkIds) {
    if (check === 'consistency' || check === 'glossary' || check === 'quickAccept') continue;
    const n = check.startsWith('ja') ? totals.get('ja') ?? 0 : [...totals.values()].reduce((sum, of) => sum + of, 0);
    const [told, right] = [counts.get(check) ?? 0, faults.get(check) ?? 0];
    emit({ name: `qa.told.${check}.percent`, value: 100 * told / n, unit: '%', n });
    emit({ name: `qa.false-positive.${check}.percent`, value: 100 * (told - right) / n, unit: '%', n });
  }
}

export const benches: readonly Bench[] = [{
  prefix: 'qa.',
  run(emit) {
    try {
      falsePositives(emit);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      emit({ name: 'qa.false-positive.percent', skipped: 'needs ../shared/data/wmt24-esa' });
    }
    return Promise.resolve();
  },
}];
