/** Faults that the references of WMT24 really have, read one by one: what a check says of these is right. */
import { createHash } from 'node:crypto';
import type { CheckId } from '../../../src/core/quality/check.ts';

/** By check, the beginnings of the SHA-256 of the references: one quotation mark too few or too many, a figure of another value or none, ... */
const faults: Partial<Readonly<Record<CheckId, string>>> = {
  addresses: '70c4a25a',
  brackets: '0bc1e20c 1fa3b004 2d4f24e1 3a7f2e18 52ab2da5 55efe3a9 8128d7ef 853435f7 86ab9104 a3dfcbf3 b7b08e2c b8167054 bb879e45 cd28e4d3 e7b163d4 f0e242be',
  doubleSpace: '128d42b4 dc8bd9b0',
  jaEnding: 'f239ac29',
  jaParticle: 'aaf7aa45',
  jaSpelling: 'a9a62507',
  jaWidth: '98bf628d e75bce80',
  numbers: '144dea6c 14f80eae 9afb5f47 c5dae08d cf18ec5e',
};

/** Whether a reference has the fault that a check looks for. */
export function hasFault(check: CheckId, reference: string): boolean {
  return faults[check]?.split(' ').includes(createHash('sha256').update(reference).digest('hex').slice(0, 8)) === true;
}
