import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CandidateSet } from '../../../src/core/candidate.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { Act } from '../../../src/core/judgment/events.ts';
import type { TrlRow } from '../../../src/core/preference/exportTrl.ts';
import { exportPairs, type ExportOptions } from '../../../src/store/exportPairs.ts';
import { openWorkspaceStore, type WorkspaceStore } from '../../../src/store/workspaceStore.ts';
import { buildDraft, buildSet, hashOf, shownOf } from '../support/judgmentBuilders.ts';
import { FakeFileSystem, fakeParts } from './support/memoryFileSystem.ts';

const texts = ['雨です。', '土砂降りだ。', '犬と猫だ。'];
const set = buildSet(texts);
const [a = '', b = '', c = ''] = texts.map(hashOf);
const options: ExportOptions = { out: '/out/pairs.jsonl', version: '0.1.0', acceptedOverSeen: false };

async function judge(store: WorkspaceStore, act: Act, on: CandidateSet = set, reviewer = 'anna'): Promise<void> {
  const { order, blind, elapsedMs } = shownOf(on);
  await store.record(buildDraft(act, { reviewer, segment: on.segment.id, document: on.segment.document }), { set: on, shown: { order, blind, elapsedMs } });
}

async function judged(acts: readonly Act[], on: CandidateSet = set): Promise<FakeFileSystem> {
  const fs = new FakeFileSystem();
  const store = openWorkspaceStore('/ws', fakeParts(fs));
  await store.candidates.append(on);
  for (const act of acts) await judge(store, act, on);
  return fs;
}

async function exported(fs: FakeFileSystem, more: Partial<ExportOptions> = {}): Promise<Record<'rows' | 'markdown' | 'json', string>> {
  const { files } = await exportPairs(openWorkspaceStore('/ws', fakeParts(fs, 'r')), fs, { ...options, ...more });
  return { rows: fs.text(files.rows), markdown: fs.text(files.cardMarkdown), json: fs.text(files.cardJson) };
}

function parseRows(text: string): readonly TrlRow[] {
  // Rows that the exporter has just written.
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as TrlRow);
}

describe('exportPairs', () => {
  it('writes rows with rendered prompts and without an end token, and a card beside them', async () => {
    const fs = await judged([{ act: 'reject', candidate: b }, { act: 'accept', candidate: a }]);
    const { rows, markdown, json } = await exported(fs);
    const [row] = parseRows(rows);
    assert.deepEqual(
      [row?.prompt, row?.chosen, row?.rejected, row?.bc, row?.kind, row?.promptForm, row?.promptExact],
      ['<|en|>It is raining.<|ja|>', '雨です。', '土砂降りだ。', 1, 'acceptedOverRejected', 'raw', true],
    );
    assert.deepEqual(fs.find('/out/'), ['/out/pairs.card.json', '/out/pairs.card.md', '/out/pairs.jsonl']);
    const card: unknown = JSON.parse(json);
    assert.ok(typeof card === 'object' && card !== null && 'sha256' in card && 'rows' in card);
    assert.equal(card.sha256, createHash('sha256').update(rows).digest('hex'));
    assert.equal(card.rows, 1);
    assert.match(markdown, /^\| acceptedOverRejected \| 1 \|$/mu);
    assert.match(markdown, /^\| en\\>ja \| 1 \|$/mu);
  });

  it('writes a folder for a name without an ending, and refuses Parquet and a workspace without judgments', async () => {
    const fs = await judged([]);
    await exported(fs, { out: '/out/pairs' });
    assert.deepEqual(fs.find('/out/'), ['/out/pairs/pairs.card.json', '/out/pairs/pairs.card.md', '/out/pairs/pairs.jsonl']);
    const isInvalid = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'input.invalid';
    await assert.rejects(exported(fs, { out: '/out/pairs.parquet' }), isInvalid);
    await assert.rejects(exported(new FakeFileSystem()), isInvalid);
  });

  it('leaves held-out sources out, says how many, and gives a folder them apart; includes them where that is asked for', async () => {
    const fs = await judged([{ act: 'reject', candidate: b }, { act: 'accept', candidate: a }]);
    await openWorkspaceStore('/ws', fakeParts(fs)).heldOut.add([set.segment.source.toUpperCase()]);
    const without = await exported(fs);
    assert.equal(without.rows, '');
    assert.match(without.json, /"dropped":\{"heldOut":1\}.*"heldOut":"excluded"/u);
    const { rows, json, markdown } = await exported(fs, { withHeldOut: true });
    assert.equal(parseRows(rows)[0]?.chosen, '雨です。');
    assert.match(json, /"heldOut":"included"/u);
    assert.match(markdown, /cannot be judged by its held-out set/u);
    await exported(fs, { out: '/out/folder' });
    assert.deepEqual([fs.text('/out/folder/pairs.jsonl'), parseRows(fs.text('/out/folder/heldout.jsonl'))[0]?.chosen], ['', '雨です。']);
    assert.equal(fs.find('/out/').filter((path) => path.endsWith('heldout.jsonl')).length, 1);
  });

  it('writes the same bytes on another clone, without caches and with files in another order', async () => {
    const anyAct: fc.Arbitrary<Act> = fc.oneof(
      fc.constantFrom(a, b, c).map((candidate): Act => ({ act: 'accept', candidate })),
      fc.constantFrom(a, b, c).map((candidate): Act => ({ act: 'reject', candidate })),
      fc.record({ act: fc.constant('edit' as const), from: fc.constantFrom(a, b), text: fc.string({ unit: 'binary', minLength: 1 }) }),
    );
    await fc.assert(fc.asyncProperty(fc.array(anyAct, { maxLength: 8 }), fc.boolean(), async (acts, acceptedOverSeen) => {
      const fs = await judged(acts);
      const first = await exported(fs, { acceptedOverSeen });
      const clone = new FakeFileSystem();
      for (const path of [...fs.files.keys()].reverse()) {
        const kept = path.includes('/judgments/') || path.includes('/sets/');
        if (kept) await clone.writeAtomic(path, fs.files.get(path) ?? new Uint8Array());
      }
      if (clone.files.size > 0) assert.deepEqual(await exported(clone, { acceptedOverSeen }), first);
    }), { numRuns: 60 });
  });

  it('shows the model masked texts, and drops what cannot be masked', async () => {
    const source = 'Press `x`.';
    const marked = buildSet(['`x`を押す。', 'それを押す。', '押せ`x`。'], { source });
    const [one = '', two = '', three = ''] = marked.candidates.map(({ text }) => hashOf(text));
    const fs = await judged([{ act: 'reject', candidate: two }, { act: 'reject', candidate: three }, { act: 'accept', candidate: one }], marked);
    const hide = (text: string): string | undefined => text.includes('`x`') ? text.replace('`x`', '⟦1⟧') : undefined;
    const { rows, json } = await exported(fs, { mask: ({ source: text }) => ({ source: hide(text) ?? text, target: hide }) });
    assert.deepEqual(
      parseRows(rows).map(({ prompt, chosen, rejected, source: plain }) => [prompt, chosen, rejected, plain]),
      [['<|en|>Press ⟦1⟧.<|ja|>', '⟦1⟧を押す。', '押せ⟦1⟧。', source]],
    );
    assert.match(json, /"dropped":\{"placeholders":1\}/u);
    const failing = await exported(fs, { mask: () => { throw new AppError('document.noCodec', { path: 'x', known: '' }); } });
    assert.match(failing.json, /"dropped":\{"placeholders":2\}/u);
  });

  it('renders prompts of families, marks those that had context, and drops unknown ones and control tokens', async () => {
    const cases = [
      ['lmt@1', 'Translate the following text from English into Japanese:\nEnglish: It is raining.\nJapanese:', 'user'],
      ['algharb', 'Human: Please translate the following text into japanese: \nIt is raining.<|im_end|>\nAssistant:', 'raw'],
    ] as const;
    for (const [promptFamily, prompt, form] of cases) {
      const other = { ...set, signature: { ...set.signature, promptFamily, promptHash: '000000000000' } };
      const { rows } = await exported(await judged([{ act: 'reject', candidate: b }, { act: 'accept', candidate: a }], other));
      assert.deepEqual(parseRows(rows).map((row) => [row.prompt, row.promptForm, row.promptExact]), [[prompt, form, false]]);
    }
    const unknown = { ...set, signature: { ...set.signature, promptFamily: 'mine', promptHash: '000000000000' } };
    const acts: readonly Act[] = [{ act: 'reject', candidate: b }, { act: 'accept', candidate: a }];
    assert.match((await exported(await judged(acts, unknown))).json, /"dropped":\{"unknownPrompt":1\}/u);
    const template = { family: 'mine', template: 'T {source} {targetLanguage}', form: 'user' } as const;
    const [row] = parseRows((await exported(await judged(acts, unknown), { prompt: template })).rows);
    assert.equal(row?.prompt, 'T It is raining. Japanese');
    const speaking = await judged([{ act: 'edit', from: a, text: '<|end|>と書く。' }]);
    assert.match((await exported(speaking)).json, /"dropped":\{"controlTokens":1\}/u);
  });

  it('goes on without a set that was altered, and says so', async () => {
    const fs = await judged([{ act: 'reject', candidate: b }, { act: 'accept', candidate: a }]);
    const [path = ''] = fs.find('/sets/');
    await fs.writeAtomic(path, new TextEncoder().encode(fs.text(path).replace('雨です。', '雪です。')));
    const { problems, card } = await exportPairs(openWorkspaceStore('/ws', fakeParts(fs, 'r')), fs, options);
    assert.deepEqual(problems.map(({ kind }) => kind), ['set']);
    assert.deepEqual([card.rows, card.dropped, card.damage], [0, { missingSet: 1 }, { set: 1 }]);
  });

  it('keeps names of people and models from becoming markup in the card', async () => {
    const fs = new FakeFileSystem();
    const store = openWorkspaceStore('/ws', fakeParts(fs));
    await judge(store, { act: 'reject', candidate: b }, set, 'a|b\n# <b>');
    await judge(store, { act: 'accept', candidate: a }, set, 'a|b\n# <b>');
    const { markdown } = await exported(fs);
    assert.match(markdown, /^\| a b \\# \\<b\\> \| 1 \|$/mu);
  });
});
