/** Data of the demo: judgments on the model's own candidates, held-out pairs, references and rows to replay. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HeldOutPair } from '../../src/app/training/jobData.ts';
import type { Served, Serving } from '../../src/app/training/serving.ts';
import type { Candidate } from '../../src/core/candidate.ts';
import { renderTemplate, starterPrompt } from '../../src/core/preference/prompt.ts';
import { inRoot } from '../support/root.ts';
import { isPolite } from './politeRule.ts';

export const languages = { sourceLanguage: 'en', targetLanguage: 'ja' } as const;

export interface Sentence {
  readonly source: string;
  readonly reference: string;
}

/** Judgments wanted, and held-out pairs that the gate needs. */
const judgments = 200;
const pairsASource = 3;

/** Tanaka sentences of the repository; `train` has none that stands or nearly stands in `dev` or `test`. */
export function sentences(part: 'train' | 'dev' | 'test'): readonly Sentence[] {
  const lines = (language: string): string[] => readFileSync(inRoot('test', 'fixtures', 'tanaka', `${part}.${language}`), 'utf8').trimEnd().split('\n');
  const references = lines('ja');
  return lines('en').map((source, index) => ({ source, reference: references[index] ?? '' }));
}

/** Everything that neither the starter model nor the adapter was trained on, each source once. */
export function heldOutSentences(): readonly Sentence[] {
  return [...new Map([...sentences('test'), ...sentences('dev')].map((sentence) => [sentence.source, sentence])).values()];
}

/** The rule's judgments on one set: the best ranked polite candidates over the best ranked plain ones. */
export function judge({ source, candidates }: Served, most: number): readonly HeldOutPair[] {
  const whole = candidates.filter(({ issues }) => issues === undefined);
  const polite = whole.filter(({ text }) => isPolite(text));
  const plain = whole.filter(({ text }) => !isPolite(text));
  const count = Math.min(polite.length, plain.length, most);
  return Array.from({ length: count }, (_, index) => ({ source, chosen: textAt(polite, index), rejected: textAt(plain, index), ...languages }));
}

function textAt(candidates: readonly Candidate[], index: number): string {
  return candidates[index]?.text ?? '';
}

/** One judgment a sentence until there are enough. */
export async function judgeTraining(serving: Serving, note: (line: string) => void, signal: AbortSignal): Promise<readonly HeldOutPair[]> {
  const found: HeldOutPair[] = [];
  let read = 0;
  for (const { source } of sentences('train')) {
    found.push(...judge(await serving.translate({ source, ...languages }, signal), 1));
    read += 1;
    if (read % 100 === 0) note(`${found.length} judgments from ${read} sentences`);
    if (found.length === judgments) break;
  }
  return found;
}

export async function judgeHeldOut(serving: Serving, sources: readonly Sentence[], signal: AbortSignal): Promise<readonly HeldOutPair[]> {
  const found: HeldOutPair[] = [];
  for (const { source } of sources) found.push(...judge(await serving.translate({ source, ...languages }, signal), pairsASource));
  return found;
}

/** A data folder as `interlinear train` reads it. Replayed rows are the training sentences that nobody judged. */
export async function writeData(folder: string, training: readonly HeldOutPair[], heldOut: readonly HeldOutPair[], held: readonly Sentence[]): Promise<void> {
  const judged = new Set(training.map(({ source }) => source));
  const prompt = (source: string): string => renderTemplate(starterPrompt.template, { source, ...languages });
  const row = (pair: HeldOutPair): object => ({ prompt: prompt(pair.source), promptForm: 'raw', ...pair, bc: 1, kind: 'acceptedOverRejected', document: 'tanaka' });
  await mkdir(folder, { recursive: true });
  const write = (name: string, rows: readonly object[]): Promise<void> => writeFile(join(folder, name), rows.map((value) => `${JSON.stringify(value)}\n`).join(''));
  await write('pairs.jsonl', training.map(row));
  await write('heldout.jsonl', heldOut.map(row));
  await write('references.jsonl', held.map(({ source, reference }) => ({ source, reference, preferred: isPolite(reference), ...languages })));
  await write('replay.jsonl', sentences('train').filter(({ source }) => !judged.has(source)).map(({ source, reference }) => ({ prompt: prompt(source), completion: reference, source })));
}
