/** The prompt of a judged pair, as its model saw it. Pure. */
import type { Signature } from '../candidate.ts';
import type { RenderedPrompt } from '../prompting/context.ts';
import { promptFamily, promptFamilyIds, renderPrompt, type PromptFamily } from '../prompting/families.ts';
import { promptLanguage } from '../prompting/names.ts';
import { preamble } from '../prompting/preamble.ts';
import { promptHash, renderTemplate, starterPrompt, type PromptForm, type PromptTemplate } from './prompt.ts';

export interface PromptChoice {
  /** The prompt of the model to be trained, for all rows. Absent: the prompt under which each set was made. */
  readonly prompt?: PromptTemplate;
  /** Templates of model folders, beside the starter's. */
  readonly templates?: readonly PromptTemplate[];
}

export interface PromptSource {
  /** Masked. */
  readonly source: string;
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
  readonly signature: Signature;
}

export interface PairPrompt {
  readonly text: string;
  readonly form: PromptForm;
  /**
   * True if this is the very prompt that the set's signature names. Otherwise the model also saw terms or earlier
   * segments, or an older version of the template, and the family's plain prompt stands in for it.
   */
  readonly exact: boolean;
  /** What the model's tokenizer would take for a token of its own. */
  readonly controlTokens: readonly string[];
}

/** True for candidates that were asked for by an instruction which the chosen prompt cannot say. */
export function losesInstruction({ signature }: PromptSource, { prompt }: PromptChoice): boolean {
  return prompt?.form === 'raw' && signature.steering?.instruction !== undefined;
}

/** Undefined if the set names a family that nobody knows. An instruction is part of the prompt. */
export function promptOfPair(pair: PromptSource, choice: PromptChoice): PairPrompt | undefined {
  if (choice.prompt !== undefined) return fromTemplate(pair, choice.prompt);
  const template = [...choice.templates ?? [], starterPrompt].find((known) => promptHash(known.template) === pair.signature.promptHash);
  return template === undefined ? fromFamily(pair) : fromTemplate(pair, template);
}

function fromTemplate(pair: PromptSource, { template, family, form }: PromptTemplate): PairPrompt {
  const { sourceLanguage, targetLanguage } = pair;
  // Chat templates say languages by name; raw ones of model folders are given tags, as the engine gives them.
  const name = (tag: string): string => form === 'user' ? promptLanguage(tag).name : tag;
  return {
    text: renderTemplate(template, { source: instructed(pair), sourceLanguage: name(sourceLanguage), targetLanguage: name(targetLanguage) }),
    form,
    exact: promptHash(template) === pair.signature.promptHash,
    controlTokens: familyNamed(family)?.controlTokens ?? [],
  };
}

/** As the families for instruction-tuned models render it: before the source. */
function instructed({ source, signature }: PromptSource): string {
  const instruction = signature.steering?.instruction;
  return instruction === undefined ? source : [...preamble({ instruction }), source].join('\n\n');
}

function fromFamily(pair: PromptSource): PairPrompt | undefined {
  const family = familyNamed(pair.signature.promptFamily);
  if (family === undefined) return undefined;
  const { brief, steering } = pair.signature;
  const context = { ...(brief !== undefined && { brief }), ...(steering?.instruction !== undefined && { instruction: steering.instruction }) };
  const render = (source: string): RenderedPrompt => renderPrompt(family, { source, from: promptLanguage(pair.sourceLanguage), to: promptLanguage(pair.targetLanguage), context });
  const rendered = render(pair.source);
  return {
    text: rendered.kind === 'raw' ? rendered.text : rendered.messages.map(({ content }) => content).join('\n\n'),
    form: rendered.kind === 'raw' ? 'raw' : 'user',
    exact: hashOf(render('{source}')) === pair.signature.promptHash,
    controlTokens: family.controlTokens,
  };
}

/** `lmt@1` and `lmt` name the same family. */
function familyNamed(label: string): PromptFamily | undefined {
  const [name] = label.split('@');
  const id = promptFamilyIds.find((known) => known === name);
  return id === undefined ? undefined : promptFamily(id);
}

/** Of everything that is sent, with the source left open: what backends write into signatures. */
function hashOf(prompt: RenderedPrompt): string {
  return promptHash(prompt.kind === 'raw' ? prompt.text : JSON.stringify(prompt.messages));
}
