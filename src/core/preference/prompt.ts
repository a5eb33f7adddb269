/** Prompts as models see them: templates with slots, rendered only when they are sent or exported. Pure. */
import { AppError } from '../errors.ts';
import { sha256Hex } from '../hash.ts';

export interface PromptParts {
  /** The masked source text: placeholders as ⟦1⟧. */
  readonly source: string;
  /** Names of the languages as the template wants them said (`English`), or tags. */
  readonly sourceLanguage?: string;
  readonly targetLanguage?: string;
}

/**
 * `raw`: the rendered text is the whole prompt. `user`: it is the content of one user turn, and the chat template of the
 * model's own tokenizer goes around it (thinking off).
 */
export type PromptForm = 'raw' | 'user';

export interface PromptTemplate {
  readonly family: string;
  readonly template: string;
  readonly form: PromptForm;
}

/** The starter model's own, and one for any instruction-tuned chat model. */
export const starterPrompt: PromptTemplate = { family: 'starter', template: '<|en|>{source}<|ja|>', form: 'raw' };
export const genericPrompt: PromptTemplate = {
  family: 'generic',
  template:
    'Translate the following text from {sourceLanguage} to {targetLanguage}. Keep every mark of the form ⟦1⟧ exactly as it is. '
    + 'Answer with the translation alone.\n\n{source}',
  form: 'user',
};

const slots = /\{(source|sourceLanguage|targetLanguage)\}/gu;

/**
 * Fills `{source}`, `{sourceLanguage}` and `{targetLanguage}` in one pass: what is filled in is never looked at again, so
 * a source text that holds braces stays as it is. Other braces of the template stay too.
 * @throws AppError `input.invalid` when the template has no `{source}` or names a language that was not given.
 */
export function renderTemplate(template: string, parts: PromptParts): string {
  if (!template.includes('{source}')) throw invalid('it has no {source}');
  return template.replace(slots, (slot, name: keyof PromptParts) => {
    const text = parts[name];
    if (text === undefined) throw invalid(`nothing to put at ${slot}`);
    return text;
  });
}

/** Names a template in signatures: the first 12 hex digits of its SHA-256. */
export function promptHash(template: string): string {
  return sha256Hex(template).slice(0, 12);
}

function invalid(reason: string): AppError {
  return new AppError('input.invalid', { where: 'prompt template', reason });
}
