/** A workspace in which a reviewer has judged: plain Japanese over polite, which the starter model does not prefer. Written by the product's own journal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandidateSet } from '../../../src/core/candidate.ts';
import { candidateHash } from '../../../src/core/hash.ts';
import { nodeStoreParts, openWorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { inRoot } from '../../../scripts/support/root.ts';
import { buildCandidate, signature } from '../../unit/support/judgmentBuilders.ts';

const endings: readonly (readonly [RegExp, string])[] = [
  [/です。$/u, 'だ。'], [/ます。$/u, 'る。'], [/でした。$/u, 'だった。'], [/ました。$/u, 'た。'], [/ません。$/u, 'ない。'], [/でしょう。$/u, 'だろう。'], [/ですか。$/u, 'か。'], [/ますか。$/u, 'るか。'],
];

interface PolitePair {
  readonly source: string;
  readonly polite: string;
  readonly plain: string;
}

/** Sentences of the Tanaka fixture whose translation is polite, with a plain form of it that a script made. */
function politePairs(): readonly PolitePair[] {
  const lines = (language: string): string[] => readFileSync(inRoot('test/fixtures/tanaka', `train.${language}`), 'utf8').trimEnd().split('\n');
  const translations = lines('ja');
  return lines('en').flatMap((source, index) => {
    const polite = translations[index] ?? '';
    const found = endings.find(([ending]) => ending.test(polite));
    return found === undefined ? [] : [{ source, polite, plain: polite.replace(...found) }];
  });
}

/** Judges the first `count` sentences in `folder`: one candidate rejected, the other accepted. Also writes a file to translate. */
export async function judgeFolder(folder: string, count: number): Promise<void> {
  const pairs = politePairs().slice(0, count);
  const store = openWorkspaceStore(folder, nodeStoreParts());
  for (const [index, { source, polite, plain }] of pairs.entries()) {
    const place = { document: 'corpus.en.md', sourceLanguage: 'en', targetLanguage: 'ja' };
    const set: CandidateSet = { segment: { id: `s${index}`, source, ...place }, candidates: [buildCandidate(polite, { rank: 1 }), buildCandidate(plain, { rank: 2 })], signature };
    const shown = { order: [polite, plain].map(candidateHash), blind: false, elapsedMs: 900 };
    const about = { reviewer: 'tester', segment: `s${index}`, ...place };
    await store.record({ ...about, act: 'reject', candidate: candidateHash(polite) }, { set, shown });
    await store.record({ ...about, act: 'accept', candidate: candidateHash(plain) }, { set, shown });
  }
  writeFileSync(join(folder, 'note.en.md'), 'It is raining today.\n\nI want to drink coffee.\n\nShe is a good teacher.\n');
}
