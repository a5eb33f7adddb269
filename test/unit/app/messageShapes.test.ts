/** A translated file whose messages branch otherwise than the source's: each stays one entry, and what it says is kept. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeBackend } from '../support/fakeBackend.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { openFile, textOf, translate, type Bench } from './support.ts';

const source = '{n, plural, =0 {nothing} other {# files}}';

interface Case {
  readonly name: string;
  readonly source?: string;
  /** Values of `a` in the translated file: before, and after each of the source's branches is accepted in turn. */
  readonly values: readonly (string | null | undefined)[];
  /** What is there before, branch by branch. */
  readonly existing: readonly (string | undefined)[];
}

const cases: readonly Case[] = [
  { name: 'no branches', values: ['{n}個', '{n, plural, =0 {訳1} other {{n}個}}', '{n, plural, =0 {訳1} other {訳2}}'], existing: ['{n}個', '{n}個'] },
  { name: 'fewer branches', values: ['{n, plural, other {#個}}', '{n, plural, =0 {訳1} other {#個}}', '{n, plural, =0 {訳1} other {訳2}}'], existing: ['#個', '#個'] },
  { name: 'more branches', values: ['{n, plural, =0 {無} =1 {一} other {#個}}', '{n, plural, =0 {訳1} =1 {一} other {#個}}', '{n, plural, =0 {訳1} =1 {一} other {訳2}}'], existing: ['無', '#個'] },
  { name: 'nothing', values: ['', '{n, plural, =0 {訳1} other {# files}}', '{n, plural, =0 {訳1} other {訳2}}'], existing: [undefined, undefined] },
  { name: 'null', values: [null, '{n, plural, =0 {訳1} other {# files}}', '{n, plural, =0 {訳1} other {訳2}}'], existing: [undefined, undefined] },
  { name: 'no entry', values: [undefined, '{n, plural, =0 {訳1} other {# files}}', '{n, plural, =0 {訳1} other {訳2}}'], existing: [undefined, undefined] },
  {
    name: 'another order', source: '{a, plural, other {# cats}} and {b, plural, other {# dogs}}',
    values: ['{b, plural, other {{a, plural, other {犬{b, number}と猫#}}}}', '{b, plural, other {{a, plural, other {訳1}}}}'], existing: ['犬{b, number}と猫#'],
  },
  {
    name: 'the same side by side', source: '{a, plural, other {# cats}} and {b, plural, other {# dogs}}',
    values: ['{a, plural, other {猫#}}と{b, plural, other {犬#}}', '{a, plural, other {{b, plural, other {訳1}}}}'], existing: ['猫{a, number}と犬#'],
  },
];

function file(value: string | null | undefined): string {
  return value === undefined ? '{"b": "え"}' : `{"a": ${JSON.stringify(value)}, "b": "え"}`;
}

async function open(from: string, to: string): Promise<Bench> {
  const fs = new FakeFileSystem();
  await fs.writeAtomic('/ws/en.json', Buffer.from(file(from).replace('え', 'word')));
  await fs.writeAtomic('/ws/ja.json', Buffer.from(to));
  const bench = await openFile(fs, 'en.json', 'ja.json', { answer: 'merge' });
  await translate(bench, new FakeBackend(() => ['訳1', '訳2', '雨']));
  return bench;
}

async function accept({ session }: Bench, index: number): Promise<void> {
  const view = session.views()[index] ?? assert.fail();
  const text = `訳${index + 1}`;
  await session.act({ segment: view.id, order: [], elapsedMs: 1, what: { act: 'edit', text } });
}

describe('a message with other branches than its source', () => {
  for (const { name, values: [before, ...after], existing, source: from = source } of cases) {
    it(`${name}: is read as the source is cut, and written as one`, async () => {
      const bench = await open(from, file(before));
      const branches = bench.session.views().slice(0, -1);
      assert.deepEqual(branches.map(({ candidates }) => candidates.find((candidate) => candidate.existing)?.candidate.text), existing);
      assert.equal(textOf(bench.fs, '/ws/ja.json'), file(before));
      for (const [index, value] of after.entries()) {
        await accept(bench, index);
        assert.equal(textOf(bench.fs, '/ws/ja.json'), file(value));
      }
      assert.ok(bench.session.views().every(({ difference }) => difference === undefined));
    });
  }
});
