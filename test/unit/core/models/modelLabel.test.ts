import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modelLabel } from '../../../../src/core/models/modelLabel.ts';

describe('the label of a model', () => {
  it('has the revision once', () => {
    assert.equal(modelLabel('starter-en-ja', '447b0e12ac90'), 'starter-en-ja 447b0e12ac90');
    assert.equal(modelLabel('polite-447b0e12ac90', '447b0e12ac90'), 'polite-447b0e12ac90');
    assert.equal(modelLabel('polite-447b0e12ac90', '447b0e12'), 'polite-447b0e12ac90');
    assert.equal(modelLabel('served', ''), 'served');
  });
});
