/** What goes into a translation prompt besides the text, kept as structured parts (design.md 4). Pure types. */

/** How the translation should read (In2x, "expressiveness first"). Every field is a short phrase in English. */
export interface StyleBrief {
  readonly audience?: string;
  /** Register and honorifics: `polite (desu/masu)`, `casual, male speaker says 俺`. */
  readonly register?: string;
  readonly genre?: string;
  readonly notes?: string;
}

export interface TextPair {
  readonly source: string;
  readonly target: string;
}

/**
 * The third text of Parallel Multilingual Prompting (LMT, arXiv 2511.07003, figure 4).
 * `given` is PMP-O: the text comes from a memory or a file. `self` is PMP-S: the model writes it first.
 */
export type Auxiliary =
  | { readonly mode: 'given'; readonly language: string; readonly text: string }
  | { readonly mode: 'self' };

export interface PromptContext {
  readonly brief?: StyleBrief;
  /** Glossary terms that occur in the source. */
  readonly terms?: readonly TextPair[];
  /** Near matches from the translation memory, best first. */
  readonly memory?: readonly TextPair[];
  /** Segments before this one with their accepted translations, oldest first. */
  readonly previous?: readonly TextPair[];
  readonly auxiliary?: Auxiliary;
  /** What the reviewer asked for: "at most 20 characters", "softer". */
  readonly instruction?: string;
  /** The translation must go on from this text. */
  readonly prefix?: string;
}

export type PromptPart = keyof PromptContext;

export interface PromptLanguage {
  /** BCP 47. */
  readonly tag: string;
  /** English name. */
  readonly name: string;
  /** As LMT's prompts spell it. */
  readonly lmtName?: string;
}

export interface PromptInputs {
  readonly source: string;
  readonly from: PromptLanguage;
  readonly to: PromptLanguage;
  readonly context: PromptContext;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

interface RenderedBase {
  readonly stop: readonly string[];
  /** Given parts that this family has no place for. */
  readonly unused: readonly PromptPart[];
  /** What the model has to go on from; a raw text already ends with it, and no reply repeats it. */
  readonly prefix?: string;
}

/** A prompt as it is sent. */
export type RenderedPrompt =
  | (RenderedBase & { readonly kind: 'raw'; readonly text: string })
  | (RenderedBase & { readonly kind: 'chat'; readonly messages: readonly ChatMessage[] });
