import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { deserializeAligner, serializeAligner } from '../../../src/core/alignment/alignerFile.ts';
import { PairAligner } from '../../../src/core/alignment/alignPair.ts';
import { trainAligner } from '../../../src/core/alignment/trainAligner.ts';
import { defaultTraining } from '../../../src/core/alignment/trainDirection.ts';
import { Tokenizer } from '../../../src/core/text/tokens.ts';
import { StatisticalAligner } from '../../../src/scoring/statisticalAligner.ts';
import { toyCorpus, words } from './support.ts';

const never = new AbortController().signal;

describe('aligner file', () => {
  // One iteration leaves probabilities of every size.
  const model = trainAligner(toyCorpus, { casing: 'lower', options: { ...defaultTraining, iterations: 1 } });
  const file = serializeAligner(model, 0);

  it('keeps words, tension and probabilities within 3.2 %', () => {
    const read = deserializeAligner(file, 'model.bin');
    assert.deepEqual([read.casing, read.sourceWords, read.targetWords], ['lower', model.sourceWords, model.targetWords]);
    assert.ok(Math.abs(read.forward.prior.tension - model.forward.prior.tension) <= 1e-4);
    const { probabilities, columns } = model.backward.table;
    assert.ok(columns.length > 20);
    const kept = probabilities.filter((value) => value > 2e-7);
    assert.equal(read.backward.table.probabilities.length, kept.length);
    kept.forEach((value, entry) => {
      assert.ok(Math.abs((read.backward.table.probabilities[entry] ?? 0) / value - 1) <= 0.032);
    });
  });

  it('prunes and aligns all the same', () => {
    const small = serializeAligner(model, 0.01);
    assert.ok(small.length < file.length);
    const pair = { source: words('The big dog'), target: words('le grand chien') };
    assert.deepEqual(new PairAligner(deserializeAligner(small, 'm')).align(pair).links, new PairAligner(model).align(pair).links);
  });

  it('refuses other files, other versions, truncated and damaged ones, and names the path', () => {
    const otherVersion = Uint8Array.from(file);
    otherVersion[7] = 2;
    const damaged = Uint8Array.from(file);
    damaged[file.length - 5] = (damaged[file.length - 5] ?? 0) ^ 1;
    const cases: readonly [Uint8Array, RegExp][] = [
      [new Uint8Array(0), /not an aligner model/],
      [new TextEncoder().encode('GGUF and more'), /not an aligner model/],
      [otherVersion, /version 2/],
      [file.subarray(0, file.length - 1), /incomplete or damaged/],
      [file.subarray(0, 40), /incomplete or damaged/],
      [damaged, /incomplete or damaged/],
    ];
    for (const [bytes, reason] of cases) {
      assert.throws(() => deserializeAligner(bytes, '/models/a.bin'), (error) => {
        const wire = JSON.stringify(error);
        return wire.includes('engine.modelInvalid') && wire.includes('/models/a.bin') && reason.test(wire);
      });
    }
  });
});

describe('the aligner that ships', () => {
  const bytes = new Uint8Array(readFileSync(new URL('../../../media/aligner-en-ja/model.bin', import.meta.url)));
  const aligner = new StatisticalAligner(deserializeAligner(bytes, 'model.bin'), { modelName: 'aligner-en-ja-1' });
  const tokenizer = new Tokenizer();
  const tokens = (text: string, language: string): string[] => tokenizer.wordTokens(text, language).map((token) => token.text);

  it('knows everyday words', async () => {
    const source = tokens('My brother gave me an old watch.', 'en');
    const target = tokens('兄は私に古い時計をくれた。', 'ja');
    const [found] = await aligner.align([{ source, target }], never);
    const named = found?.links.map((link) => `${source[link.source] ?? ''}=${target[link.target] ?? ''}`) ?? [];
    for (const link of ['brother=兄', 'old=古い', 'watch=時計']) assert.ok(named.includes(link), named.join(' '));
  });

  it('says how it was made, refined or not, and stops when asked to', async () => {
    assert.equal(aligner.signature, 'ibm2-diagonal|model:aligner-en-ja-1|links:mean');
    const pair = { source: ['a'], target: ['b'] };
    assert.equal(aligner.refined([pair, pair]).signature, 'ibm2-diagonal|model:aligner-en-ja-1+2|links:mean');
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(aligner.align([pair], stopped.signal), { name: 'AbortError' });
  });
});
