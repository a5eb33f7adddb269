import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sentenceIn } from '../../../src/protocol/said.ts';

const german: Readonly<Record<string, string>> = { 'the loss is not a number': 'Der Verlust ist keine Zahl', '{reason}, before step {step}': '{reason}, vor Schritt {step}' };
const translate = (pattern: string, values: Readonly<Record<string, string | number>>): string => (german[pattern] ?? pattern).replace(/\{(\w+)\}/gu, (_, name: string) => String(values[name]));

describe('sentences of the trainer', () => {
  it('are said in another language, those inside them too', () => {
    const said = { pattern: '{reason}, before step {step}', values: { reason: { pattern: 'the loss is not a number', values: {} }, step: 7 } };
    assert.equal(sentenceIn({ text: 'the loss is not a number, before step 7', said }, translate), 'Der Verlust ist keine Zahl, vor Schritt 7');
  });

  it('of an older trainer stay as they are', () => {
    assert.equal(sentenceIn({ text: 'something else' }, translate), 'something else');
  });
});
