import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../../src/core/errors.ts';
import type { PromptContext, PromptInputs } from '../../../../src/core/prompting/context.ts';
import { familyLabel, promptFamily, promptFamilyIds, promptFamilyOf, renderPrompt } from '../../../../src/core/prompting/families.ts';
import { allLanguages } from '../../../../src/core/text/languages.ts';
import { promptLanguage } from '../../../../src/core/prompting/names.ts';

interface Direction {
  readonly from?: string;
  readonly to?: string;
  readonly context?: PromptContext;
  readonly source?: string;
}

function inputs({ from = 'en', to = 'ja', context = {}, source = 'It is raining.' }: Direction = {}): PromptInputs {
  return { source, from: promptLanguage(from), to: promptLanguage(to), context };
}

function text(family: string, direction: Direction = {}): string {
  const prompt = renderPrompt(promptFamily(family), inputs(direction));
  return prompt.kind === 'raw' ? prompt.text : prompt.messages.map(({ role, content }) => `${role}: ${content}`).join('\n---\n');
}

/** The 60 languages of LMT (arXiv 2511.07003), high, middle and low in resources, with the names of its `src/utils.py`. */
const lmtNames = [
  'ar=Arabic', 'en=English', 'es=Spanish', 'de=German', 'fr=French', 'it=Italian', 'ja=Japanese', 'nl=Dutch', 'pl=Polish', 'pt=Portuguese', 'ru=Russian', 'tr=Turkish', 'zh=Chinese',
  'bg=Bulgarian', 'bn=Bengali', 'cs=Czech', 'da=Danish', 'el=Modern Greek', 'fa=Persian', 'fi=Finnish', 'hi=Hindi', 'hu=Hungarian', 'id=Indonesian', 'ko=Korean', 'nb=Norwegian Bokmål',
  'ro=Romanian', 'sk=Slovak', 'sv=Swedish', 'th=Thai', 'uk=Ukrainian', 'vi=Vietnamese',
  'am=Amharic', 'az=Azerbaijani', 'bo=Tibetan', 'he=Modern Hebrew', 'hr=Croatian', 'hy=Armenian', 'is=Icelandic', 'jv=Javanese', 'ka=Georgian', 'kk=Kazakh', 'km=Central Khmer',
  'ky=Kirghiz', 'lo=Lao', 'mvf=Inner Mongolian', 'mr=Marathi', 'ms=Malay', 'my=Burmese', 'ne=Nepali', 'ps=Pashto', 'si=Sinhala', 'sw=Swahili', 'ta=Tamil', 'te=Telugu', 'tg=Tajik',
  'tl=Tagalog', 'ug=Uighur', 'ur=Urdu', 'uz=Uzbek', 'yue=Yue Chinese',
];

const previous = [{ source: 'Good morning.', target: 'おはよう。' }];

describe('prompt families: exact strings', () => {
  it('Algharb: raw, lower-case names, a space before the newline, "ukraine"', () => {
    const expected = 'Human: Please translate the following text into japanese: \nIt is raining.<|im_end|>\nAssistant:';
    assert.equal(text('algharb'), expected);
    assert.equal(text('algharb', { to: 'uk' }), expected.replace('japanese', 'ukraine'));
    assert.equal(text('algharb', { to: 'arz' }), expected.replace('japanese', 'arabic'));
    assert.deepEqual(renderPrompt(promptFamily('algharb'), inputs()).stop, ['<|im_end|>']);
  });

  it('LMT: one chat turn, its own language names', () => {
    assert.equal(text('lmt'), 'user: Translate the following text from English into Japanese:\nEnglish: It is raining.\nJapanese:');
    assert.equal(
      text('lmt', { from: 'el', to: 'ky' }),
      'user: Translate the following text from Modern Greek into Kirghiz:\nModern Greek: It is raining.\nKirghiz:',
    );
  });

  it('LMT with an auxiliary text: PMP as in figure 4', () => {
    const context = { auxiliary: { mode: 'given', language: 'ru', text: 'Идёт дождь.' } } as const;
    assert.equal(
      text('lmt', { to: 'ky', context }),
      'user: Translate this from English to Russian and Kirghiz:\nEnglish: It is raining.\nRussian: Идёт дождь.\nKirghiz:',
    );
  });

  it('ALMA: raw, "to", examples between header and query', () => {
    assert.equal(text('alma', { to: 'de' }), 'Translate this from English to German:\nEnglish: It is raining.\nGerman:');
    assert.equal(
      text('alma', { context: { previous } }),
      'Translate this from English to Japanese:\nEnglish: Good morning.\nJapanese: おはよう。\nEnglish: It is raining.\nJapanese:',
    );
    assert.deepEqual(renderPrompt(promptFamily('alma'), inputs()).stop, ['\n']);
    assert.deepEqual(renderPrompt(promptFamily('alma'), inputs({ source: 'a\nb' })).stop, []);
  });

  it('X-ALMA: the same words in a chat turn', () => {
    assert.equal(text('xalma', { to: 'de' }), 'user: Translate this from English to German:\nEnglish: It is raining.\nGerman:');
  });

  it('TowerInstruct: chat, earlier segments as earlier turns', () => {
    const ask = (source: string): string => `user: Translate the following text from English into Japanese.\nEnglish: ${source}\nJapanese:`;
    assert.equal(text('tower'), ask('It is raining.'));
    assert.equal(text('tower', { context: { previous } }), [ask('Good morning.'), 'assistant: おはよう。', ask('It is raining.')].join('\n---\n'));
  });

  it('WMT24++: the professional prompt with region and code', () => {
    assert.equal(
      text('wmt24pp'),
      'user: You are a professional English to Japanese translator, tasked with providing translations suitable for use in Japan. '
      + 'Your goal is to accurately convey the meaning and nuances of the original English text while adhering to Japanese grammar, '
      + 'vocabulary, and cultural sensitivities. Produce only the Japanese translation, without any additional explanations or commentary. '
      + 'Please translate the following English text into Japanese (ja_JP):\nIt is raining.',
    );
    assert.match(text('wmt24pp', { to: 'pt-BR' }), /suitable for use in Brazil\..*\(pt_BR\):\n/su);
  });

  it('Qwen3 and generic: the template of exports', () => {
    const expected = 'user: Translate the following text from English to Japanese. Keep every mark of the form ⟦1⟧ exactly as it is. '
      + 'Answer with the translation alone.\n\nIt is raining.';
    assert.equal(text('generic'), expected);
    assert.equal(text('qwen3'), expected);
    assert.equal(promptFamily('qwen3').thinking, 'off');
  });

  it('starter: the tokens between which it was trained', () => {
    assert.equal(text('starter', { from: 'en-GB' }), '<|en|>It is raining.<|ja|>');
    assert.deepEqual(renderPrompt(promptFamily('starter'), inputs()).stop, ['<|end|>']);
  });
});

describe('structured parts', () => {
  const context: PromptContext = {
    brief: { audience: 'children', register: 'polite', genre: 'story', notes: 'short sentences' },
    terms: [{ source: 'rain', target: '雨' }],
    memory: [{ source: 'It is snowing.', target: '雪が降っている。' }],
    previous,
    instruction: 'at most 20 characters',
  };

  it('stand before the text, in a fixed order', () => {
    const [, ...blocks] = text('generic', { context }).split('\n\n');
    assert.deepEqual(blocks, [
      'Audience: children',
      'Register: polite',
      'Genre: story',
      'Style: short sentences',
      'Use these terms:\n- rain => 雨',
      'Similar sentences were translated like this:\n- It is snowing. => 雪が降っている。',
      'The text so far, for context only:\n- Good morning. => おはよう。',
      'Instruction: at most 20 characters',
      'It is raining.',
    ]);
  });

  it('are named when a family has no place for them', () => {
    assert.deepEqual(renderPrompt(promptFamily('algharb'), inputs({ context })).unused, ['brief', 'terms', 'memory', 'previous', 'instruction']);
    assert.deepEqual(renderPrompt(promptFamily('generic'), inputs({ context })).unused, []);
    assert.deepEqual(renderPrompt(promptFamily('generic'), inputs({ context: { terms: [] } })).unused, []);
    assert.deepEqual(renderPrompt(promptFamily('lmt'), inputs({ context: { auxiliary: { mode: 'self' } } })).unused, ['auxiliary']);
  });

  it('a prefix ends a raw prompt and is kept beside a chat', () => {
    const prefixed = { context: { prefix: '雨が' } };
    assert.equal(text('starter', prefixed), '<|en|>It is raining.<|ja|>雨が');
    assert.equal(renderPrompt(promptFamily('generic'), inputs(prefixed)).prefix, '雨が');
  });

  it('a source with braces or dollar signs is not a template', () => {
    const source = 'Pay $& to {source} and {targetLanguage}.';
    assert.ok(text('generic', { source }).endsWith(`\n\n${source}`));
    for (const id of promptFamilyIds) assert.ok(text(id, { source }).includes(source), id);
  });
});

describe('language names', () => {
  it('come from the table of languages, and from CLDR for what is not in it', () => {
    assert.deepEqual(promptLanguage('he'), { tag: 'he', name: 'Hebrew', lmtName: 'Modern Hebrew' });
    assert.deepEqual(promptLanguage('et'), { tag: 'et', name: 'Estonian' });
    assert.equal(promptLanguage('zh-TW').name, 'Traditional Chinese');
    assert.equal(promptLanguage('zh').name, 'Chinese');
    assert.equal(promptLanguage('yue').lmtName, 'Yue Chinese');
  });

  it('all 60 of LMT, one by one, have a prompt in the name that it uses', () => {
    const names = lmtNames.map((entry) => entry.split('=') as [string, string]); // each is CODE=NAME
    assert.deepEqual(allLanguages().map(({ code }) => code), names.map(([code]) => code));
    assert.equal(names.length, 60);
    for (const [code, name] of names) {
      assert.equal(text('lmt', { from: code, to: code }), `user: Translate the following text from ${name} into ${name}:\n${name}: It is raining.\n${name}:`);
    }
  });
});

describe('the family of a model', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['AIDC-AI/Marco-MT-Algharb', 'algharb@1'],
    ['NiuTrans/LMT-60-4B', 'lmt@1'],
    ['/models/lmt-60-8b-q4_k_m.gguf', 'lmt@1'],
    ['haoranxu/ALMA-13B-R', 'alma@1'],
    ['haoranxu/X-ALMA', 'xalma@1'],
    ['Unbabel/TowerInstruct-7B-v0.2', 'tower@1'],
    ['starter-en-ja', 'starter@1'],
    ['Qwen/Qwen3-14B', 'qwen3@1'],
    ['meta-llama/Llama-3.1-8B-Instruct', 'generic@1'],
    ['gpt-4o', 'generic@1'],
  ];
  for (const [model, label] of cases) {
    it(`${model} is ${label}`, () => { assert.equal(familyLabel(promptFamilyOf(model)), label); });
  }

  it('an unknown family is an error that names the known ones', () => {
    assert.throws(() => promptFamily('nosuch'), (error) => error instanceof AppError && error.code === 'input.invalid' && error.message.includes('algharb'));
  });
});
