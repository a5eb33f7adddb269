import { generatedText, type Backend, type BackendDescription, type GeneratedText, type GenerateOutcome, type GenerateRequest } from '../../../src/backend/backend.ts';
import { abortError } from '../../../src/protocol/channel.ts';

/** How the fake answers one request; a thrown error is the backend's failure. */
export type Answer = (request: GenerateRequest) => readonly string[];

/** A fake: texts come from a function instead of a model, at once, so that a test decides what was drawn. */
export class FakeBackend implements Backend {
  readonly requests: GenerateRequest[] = [];
  readonly #answer: Answer;
  readonly #description: Partial<BackendDescription>;

  constructor(answer: Answer, description: Partial<BackendDescription> = {}) {
    this.#answer = answer;
    this.#description = description;
  }

  describe(): Promise<BackendDescription> {
    return Promise.resolve({
      name: 'fake', model: 'fake-model', revision: '1', promptFamily: 'starter', parts: ['prefix', 'instruction'], parallelism: 1, logProbs: false, scoresTexts: false,
      defaults: { temperature: 1, topP: 1, topK: 0, maxTokens: 64 },
      ...this.#description,
    });
  }

  async generate(request: GenerateRequest, onText: (text: GeneratedText) => void, signal: AbortSignal): Promise<GenerateOutcome> {
    this.requests.push(request);
    const texts: GeneratedText[] = [];
    for (const [index, text] of this.#answer(request).entries()) {
      await Promise.resolve();
      if (signal.aborted) throw abortError();
      const generated = generatedText({ index, text, finish: 'stop' });
      texts.push(generated);
      onText(generated);
    }
    return { texts, promptHash: 'fakehash' };
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
