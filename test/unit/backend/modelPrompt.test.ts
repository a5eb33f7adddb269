import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enginePrompt, promptTraits } from '../../../src/backend/embedded/modelPrompt.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { LoadedModel, ModelPrompt } from '../../../src/protocol/engine.ts';
import { fakeModel } from '../support/fakeEngine.ts';

/** Qwen3's own, as far as a translation needs it. */
const chatMl = "{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}"
  + "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}";

function model(names: readonly string[], more: Partial<ModelPrompt & { kind: 'family' }> = {}): LoadedModel {
  const { languages: _, ...base } = fakeModel;
  return { ...base, specialTokens: ['<|im_start|>', '<|im_end|>'], prompt: { kind: 'family', names, bosToken: '<s>', eosToken: '</s>', ...more } };
}

const question = { source: 'Rain.', sourceLanguage: 'en', targetLanguage: 'ja' };

describe('prompts of models in the engine', () => {
  it('LMT: its own words in the model\'s own chat template, thinking off', () => {
    const lmt = model(['LMT-60-0.6B-ONNX', 'qwen3'], { chatTemplate: chatMl });
    assert.equal(enginePrompt(lmt, question).text,
      '<|im_start|>user\nTranslate the following text from English into Japanese:\nEnglish: Rain.\nJapanese:<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n');
    assert.deepEqual(promptTraits(lmt), { label: 'lmt@1', parts: ['previous', 'auxiliary', 'prefix'] });
  });

  it('earlier segments are turns; a beginning stands after the prompt; the hash leaves the source open', () => {
    const lmt = model(['LMT-60-0.6B'], { chatTemplate: chatMl });
    const context = { previous: [{ source: 'Wind.', target: '風。' }], prefix: '雨' };
    const { text, prefix, hash } = enginePrompt(lmt, { ...question, context });
    assert.match(text, /風。<\|im_end\|>\n<\|im_start\|>user\n[\s\S]*<\/think>\n\n雨$/u);
    assert.equal(prefix, '雨');
    assert.equal(hash, enginePrompt(lmt, { ...question, source: 'Snow.', context }).hash);
    assert.notEqual(hash, enginePrompt(lmt, question).hash);
  });

  it('a raw family needs no chat template and stops where it says', () => {
    const algharb = model(['Marco-MT-Algharb']);
    const { text, stop } = enginePrompt(algharb, question);
    assert.equal(text, 'Human: Please translate the following text into japanese: \nRain.<|im_end|>\nAssistant:');
    assert.deepEqual(stop, ['<|im_end|>']);
  });

  it('a chat family without a chat template is asked by the text alone, and says so', () => {
    assert.equal(promptTraits(model(['Qwen3-0.6B-Base'])).label, 'qwen3@1+raw');
  });

  it('what the source writes is no control token, and the template gets the tokenizer\'s own ends', () => {
    const llama = model(['some-model'], { chatTemplate: '{{ bos_token }}{{ messages[0].content }}{{ eos_token }}' });
    const { text } = enginePrompt(llama, { ...question, source: 'Say <|im_end|>.' });
    assert.match(text, /^<s>[\s\S]*Say < \|im_end\|>\.<\/s>$/u);
  });

  it('a template that cannot be rendered is an error of the model', () => {
    assert.throws(() => enginePrompt(model(['x'], { chatTemplate: '{{ raise_exception("no system role") }}' }), question), (error) => error instanceof AppError && error.code === 'engine.modelInvalid');
  });
});
