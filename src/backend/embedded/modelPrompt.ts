/** How a model in the engine is asked: its own raw prompt, or its family's through its own chat template. */
import { Template } from '@huggingface/jinja';
import { AppError } from '../../core/errors.ts';
import type { PromptContext, PromptPart, RenderedPrompt } from '../../core/prompting/context.ts';
import { familyLabel, promptFamilyOf, renderPrompt, withForm, type PromptFamily } from '../../core/prompting/families.ts';
import { promptLanguage } from '../../core/prompting/names.ts';
import { promptHash, renderTemplate } from '../../core/preference/prompt.ts';
import type { LoadedModel, ModelPrompt } from '../../protocol/engine.ts';
import { withoutControlTokens } from './controlTokens.ts';

export interface Question {
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly context?: PromptContext;
}

/** A prompt as the engine gets it. */
export interface EnginePrompt {
  readonly text: string;
  readonly stop: readonly string[];
  /** What stands before every sample. */
  readonly prefix: string;
  readonly hash: string;
  readonly unused: readonly PromptPart[];
}

type OwnTemplate = ModelPrompt & { readonly kind: 'template' };
type OfFamily = ModelPrompt & { readonly kind: 'family' };

/** A raw prompt with one slot has no place for any of them; a prefix goes behind it. */
const contextParts = ['brief', 'terms', 'memory', 'previous', 'auxiliary', 'instruction'] as const;

/** What signatures call the prompt, and what of a context it has a place for. */
export function promptTraits({ prompt }: LoadedModel): { readonly label: string; readonly parts: readonly PromptPart[] } {
  if (prompt.kind === 'template') return { label: prompt.family, parts: ['prefix'] };
  const family = familyOf(prompt);
  return { label: familyLabel(family), parts: family.parts };
}

/** @throws AppError `engine.modelInvalid` for a chat template that cannot be rendered */
export function enginePrompt(model: LoadedModel, question: Question): EnginePrompt {
  const { prompt, specialTokens } = model;
  const source = withoutControlTokens(question.source, specialTokens);
  // A beginning stands after the prompt as if the model had written it.
  const prefix = withoutControlTokens(question.context?.prefix ?? '', specialTokens);
  return prompt.kind === 'template' ? fromTemplate(prompt, { ...question, source }, prefix) : fromFamily(model, prompt, { ...question, source }, prefix);
}

function fromTemplate({ template }: OwnTemplate, { context, ...parts }: Question, prefix: string): EnginePrompt {
  const unused = contextParts.filter((part) => context?.[part] !== undefined);
  return { text: renderTemplate(template, parts) + prefix, stop: [], prefix, hash: promptHash(template + prefix), unused };
}

function fromFamily(model: LoadedModel, prompt: OfFamily, question: Question, prefix: string): EnginePrompt {
  const family = familyOf(prompt);
  const from = promptLanguage(question.sourceLanguage);
  const to = promptLanguage(question.targetLanguage);
  const context = prefix === '' ? question.context ?? {} : { ...question.context, prefix };
  const render = (source: string): RenderedPrompt => renderPrompt(family, { source, from, to, context });
  const rendered = render(question.source);
  const { stop, unused } = rendered;
  return { text: textOf(model, prompt, rendered), stop, prefix, hash: promptHash(textOf(model, prompt, render('{source}'))), unused };
}

/** A model without a chat template is asked by raw text. */
function familyOf({ names, chatTemplate }: OfFamily): PromptFamily {
  const family = promptFamilyOf(names.join(' '));
  return family.kind === 'chat' && chatTemplate === undefined ? withForm(family, 'raw') : family;
}

function textOf(model: LoadedModel, { chatTemplate, bosToken, eosToken }: OfFamily, rendered: RenderedPrompt): string {
  if (rendered.kind === 'raw') return rendered.text;
  try {
    const options = { messages: rendered.messages, add_generation_prompt: true, enable_thinking: false, bos_token: bosToken, eos_token: eosToken };
    return new Template(chatTemplate ?? '').render(options) + (rendered.prefix ?? '');
  } catch (thrown) {
    throw new AppError('engine.modelInvalid', { path: model.name, reason: `its chat template: ${thrown instanceof Error ? thrown.message : String(thrown)}` }, thrown);
  }
}
