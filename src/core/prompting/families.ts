/**
 * Prompt templates by model family, versioned: a model that was tuned on one string must get exactly that string. Pure.
 * Sources: reference/training-and-serving.md 2.1 (ALMA), 3 (LMT), 4.1 (Algharb), 7.3 (WMT24++); TowerInstruct's model card.
 */
import { AppError } from '../errors.ts';
import { genericPrompt, renderTemplate, starterPrompt } from '../preference/prompt.ts';
import type { ChatMessage, PromptContext, PromptInputs, PromptLanguage, PromptPart, RenderedPrompt, TextPair } from './context.ts';
import { algharbName, lmtName, promptLanguage, regionOf } from './names.ts';
import { preamble } from './preamble.ts';

export interface PromptFamily {
  readonly id: PromptFamilyId;
  /** Rises with any change of what is rendered; part of the signature. */
  readonly version: number;
  readonly parts: readonly PromptPart[];
  readonly kind: RenderedPrompt['kind'];
  /** Set where `withForm` changed the kind. */
  readonly form?: RenderedPrompt['kind'];
  /** Whether a hybrid-thinking template has to be told not to think. */
  readonly thinking: 'off' | 'none';
  /** Tokens that end or open a turn: a source that speaks of them must not hold them as such. */
  readonly controlTokens: readonly string[];
  /** Where the model's makers advise other sampling than plain T = 1. */
  readonly sampling?: { readonly temperature: number; readonly maxTokens: number };
  readonly render: (inputs: PromptInputs) => Body;
}

export type PromptFamilyId = 'algharb' | 'lmt' | 'alma' | 'xalma' | 'qwen3' | 'tower' | 'wmt24pp' | 'generic' | 'starter';

interface Body {
  readonly text: string;
  readonly turns?: readonly ChatMessage[];
  readonly stop?: readonly string[];
}

const markerPattern = /⟦\d+⟧/u;
const keepMarkers = 'Keep every mark of the form ⟦1⟧ exactly as it is.';

const chatMl: readonly string[] = ['<|im_start|>', '<|im_end|>', '<|endoftext|>'];
const llama2: readonly string[] = ['<s>', '</s>'];

const instructed: readonly PromptPart[] = ['brief', 'terms', 'memory', 'previous', 'instruction', 'prefix'];

const families: { readonly [I in PromptFamilyId]: PromptFamily & { readonly id: I } } = {
  algharb: {
    id: 'algharb', version: 1, kind: 'raw', thinking: 'none', parts: ['prefix'], controlTokens: chatMl,
    render: ({ source, to }) => ({
      text: `Human: Please translate the following text into ${algharbName(to)}: \n${source}<|im_end|>\nAssistant:`,
      stop: ['<|im_end|>'],
    }),
  },
  lmt: { id: 'lmt', version: 1, kind: 'chat', thinking: 'off', parts: ['previous', 'auxiliary', 'prefix'], controlTokens: chatMl, render: renderLmt },
  alma: {
    id: 'alma', version: 1, kind: 'raw', thinking: 'none', parts: ['previous', 'prefix'], controlTokens: llama2,
    render: (inputs) => ({ text: almaText(inputs, inputs.context.previous ?? []), stop: almaStop(inputs.source) }),
  },
  xalma: {
    id: 'xalma', version: 1, kind: 'chat', thinking: 'none', parts: ['previous', 'prefix'], controlTokens: [...llama2, '[INST]', '[/INST]'],
    render: (inputs) => ({ text: almaText(inputs, inputs.context.previous ?? []) }),
  },
  qwen3: { id: 'qwen3', version: 1, kind: 'chat', thinking: 'off', parts: instructed, controlTokens: chatMl, render: renderInstruction },
  tower: {
    id: 'tower', version: 1, kind: 'chat', thinking: 'none', parts: ['previous', 'prefix'], controlTokens: [...llama2, ...chatMl],
    render: (inputs) => ({
      text: towerText(inputs.source, inputs.from, inputs.to),
      turns: turnsOf(inputs.context, (pair) => towerText(pair.source, inputs.from, inputs.to)),
    }),
  },
  wmt24pp: { id: 'wmt24pp', version: 1, kind: 'chat', thinking: 'off', parts: instructed, controlTokens: chatMl, render: renderWmt },
  generic: { id: 'generic', version: 1, kind: 'chat', thinking: 'none', parts: instructed, controlTokens: chatMl, render: renderInstruction },
  starter: {
    id: 'starter', version: 1, kind: 'raw', thinking: 'none', parts: ['prefix'],
    controlTokens: ['<|end|>', '<|pad|>', '<|en|>', '<|ja|>'], sampling: { temperature: 0.7, maxTokens: 128 },
    render: ({ source }) => ({ text: renderTemplate(starterPrompt.template, { source }), stop: ['<|end|>'] }),
  },
};

export const promptFamilyIds = Object.keys(families) as readonly PromptFamilyId[]; // the keys are the union, by type

/** @throws AppError `input.invalid` for a name that is no family. */
export function promptFamily(name: string): PromptFamily {
  const found = promptFamilyIds.find((id) => id === name);
  if (found !== undefined) return families[found];
  throw new AppError('input.invalid', { where: 'prompt family', reason: `"${name}" is not one of ${promptFamilyIds.join(', ')}` });
}

/** First match wins: derived models carry their base's name too (`LMT-60-4B` is a Qwen3). */
const byModelName: readonly (readonly [RegExp, PromptFamilyId])[] = [
  [/algharb|marco-?mt/iu, 'algharb'],
  [/(?:^|[^a-z])lmt-?\d/iu, 'lmt'],
  [/(?:^|[^a-z])x-?alma(?:[^a-z]|$)/iu, 'xalma'],
  [/(?:^|[^a-z])alma(?:[^a-z]|$)/iu, 'alma'],
  [/tower/iu, 'tower'],
  [/(?:^|[^a-z])starter(?:[^a-z]|$)/iu, 'starter'],
  [/qwen-?3/iu, 'qwen3'],
];

/** The family that a model's name (or path) says it belongs to; `generic` when it says nothing. */
export function promptFamilyOf(model: string): PromptFamily {
  return families[byModelName.find(([pattern]) => pattern.test(model))?.[1] ?? 'generic'];
}

/**
 * The family in another form than its own: a chat family for a base model or a server without a chat template, or a raw one
 * behind a chat template. Earlier segments that are turns of a chat have no place in a raw prompt.
 */
export function withForm(family: PromptFamily, form: RenderedPrompt['kind'] | undefined): PromptFamily {
  if (form === undefined || form === family.kind) return family;
  const inTurns = family.id === 'lmt' || family.id === 'tower';
  return { ...family, kind: form, form, parts: form === 'raw' && inTurns ? family.parts.filter((part) => part !== 'previous') : family.parts };
}

/** `lmt@1`, or `lmt@1+raw` in a form that is not its own: goes into signatures. */
export function familyLabel(family: PromptFamily): string {
  const form = family.form === undefined ? '' : `+${family.form}`;
  return `${family.id}@${family.version.toString()}${form}`;
}

/** The prompt as it is sent. Parts without a place in this family are left out and named in `unused`. */
export function renderPrompt(family: PromptFamily, inputs: PromptInputs): RenderedPrompt {
  const body = family.render(inputs);
  const stop = body.stop ?? [];
  const stillUnwritten = inputs.context.auxiliary?.mode === 'self';
  const unused = givenParts(inputs.context).filter((part) => !family.parts.includes(part) || (part === 'auxiliary' && stillUnwritten));
  const { prefix } = inputs.context;
  const base = { stop, unused, ...(prefix !== undefined && { prefix }) };
  if (family.kind === 'raw') return { kind: 'raw', text: body.text + (prefix ?? ''), ...base };
  return { kind: 'chat', messages: [...(body.turns ?? []), { role: 'user', content: body.text }], ...base };
}

function givenParts(context: PromptContext): PromptPart[] {
  const parts: readonly PromptPart[] = [...instructed, 'auxiliary'];
  return parts.filter((part) => {
    const value = context[part];
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
}

function renderLmt(inputs: PromptInputs): Body {
  const { source, from, to, context } = inputs;
  if (context.auxiliary?.mode === 'given') return { text: pmpText(inputs, context.auxiliary) };
  return {
    text: lmtText(source, from, to),
    turns: turnsOf(context, (pair) => lmtText(pair.source, from, to)),
  };
}

function lmtText(source: string, from: PromptLanguage, to: PromptLanguage): string {
  const [a, b] = [lmtName(from), lmtName(to)];
  return `Translate the following text from ${a} into ${b}:\n${a}: ${source}\n${b}:`;
}

/** Figure 4 of the LMT paper. */
function pmpText({ source, from, to }: PromptInputs, auxiliary: { readonly language: string; readonly text: string }): string {
  const [a, b] = [lmtName(from), lmtName(to)];
  const c = lmtName(promptLanguage(auxiliary.language));
  return `Translate this from ${a} to ${c} and ${b}:\n${a}: ${source}\n${c}: ${auxiliary.text}\n${b}:`;
}

/** Worked examples stand between the header and the query, as in ALMA's few-shot form. */
function almaText({ source, from, to }: PromptInputs, examples: readonly TextPair[]): string {
  const lines = examples.flatMap((pair) => [`${from.name}: ${pair.source}`, `${to.name}: ${pair.target}`]);
  return [`Translate this from ${from.name} to ${to.name}:`, ...lines, `${from.name}: ${source}`, `${to.name}:`].join('\n');
}

/** A one-line source has a one-line translation; what a base model writes after it is not part of it. */
function almaStop(source: string): readonly string[] {
  return source.includes('\n') ? [] : ['\n'];
}

function towerText(source: string, from: PromptLanguage, to: PromptLanguage): string {
  return `Translate the following text from ${from.name} into ${to.name}.\n${from.name}: ${source}\n${to.name}:`;
}

function renderInstruction({ source, from, to, context }: PromptInputs): Body {
  // The same template as in exports: without context, what was sampled from is what is trained on.
  const filled = [...preamble(context), source].join('\n\n');
  return { text: renderTemplate(genericPrompt.template, { source: filled, sourceLanguage: from.name, targetLanguage: to.name }) };
}

function renderWmt({ source, from, to, context }: PromptInputs): Body {
  const region = regionOf(to.tag);
  const head =
    `You are a professional ${from.name} to ${to.name} translator, tasked with providing translations suitable for use in ${region.name}. ` +
    `Your goal is to accurately convey the meaning and nuances of the original ${from.name} text while adhering to ${to.name} grammar, ` +
    `vocabulary, and cultural sensitivities. Produce only the ${to.name} translation, without any additional explanations or commentary.`;
  const extra = [...preamble(context), ...(markerPattern.test(source) ? [keepMarkers] : [])];
  const ask = `Please translate the following ${from.name} text into ${to.name} (${region.code}):\n${source}`;
  return { text: extra.length === 0 ? `${head} ${ask}` : [head, ...extra, ask].join('\n\n') };
}

function turnsOf(context: PromptContext, ask: (pair: TextPair) => string): ChatMessage[] {
  return (context.previous ?? []).flatMap((pair): ChatMessage[] => [
    { role: 'user', content: ask(pair) },
    { role: 'assistant', content: pair.target },
  ]);
}
