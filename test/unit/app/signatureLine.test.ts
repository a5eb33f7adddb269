import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signatureLine } from '../../../src/app/review/signatureLine.ts';
import { openBench, translate } from './support.ts';

describe('the signature in the header', () => {
  it('names utilities as people know them', async () => {
    const bench = await openBench();
    await translate(bench);
    const { any } = bench.session.sets;
    assert.ok(any !== undefined);
    const by = (utility: typeof any.signature.ranking.utility): string => signatureLine({ ...any, signature: { ...any.signature, ranking: { ...any.signature.ranking, utility } } });
    assert.match(by('chrf'), / · chrF · N/u);
    assert.match(by('chrf++'), / · chrF\+\+ · N/u);
    assert.match(by('comet'), / · COMET · N/u);
  });
});
