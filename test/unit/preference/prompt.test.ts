import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../../src/core/errors.ts';
import { genericPrompt, promptHash, renderTemplate, starterPrompt } from '../../../src/core/preference/prompt.ts';

describe('prompt templates', () => {
  it('fills the slots, every one', () => {
    const template = '{sourceLanguage}: {source} > {targetLanguage}, {source}, {other}';
    assert.equal(renderTemplate(template, { source: 'a', sourceLanguage: 'en', targetLanguage: 'ja' }), 'en: a > ja, a, {other}');
  });

  it('never expands what was filled in', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom('{source}', '{targetLanguage}', '$&', '$1', '$$', '{'), (text, special) => {
      const source = text + special;
      assert.equal(renderTemplate(starterPrompt.template, { source }), `<|en|>${source}<|ja|>`);
      assert.ok(renderTemplate(genericPrompt.template, { source, sourceLanguage: special, targetLanguage: 'x' }).endsWith(`\n\n${source}`));
    }));
  });

  it('refuses a template without a source, and a slot without a text', () => {
    const isInvalid = (thrown: unknown): boolean => thrown instanceof AppError && thrown.code === 'input.invalid';
    assert.throws(() => renderTemplate('translate', { source: 'a' }), isInvalid);
    assert.throws(() => renderTemplate('{source} in {targetLanguage}', { source: 'a' }), isInvalid);
  });

  it('names templates by twelve digits of their hash', () => {
    // printf '%s' '<|en|>{source}<|ja|>' | sha256sum
    assert.equal(promptHash('<|en|>{source}<|ja|>'), '5934c86c9521');
  });
});
