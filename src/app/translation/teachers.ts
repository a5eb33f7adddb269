/** Teachers: backends whose one best translation joins the candidates of each segment, marked as theirs. */
import type { Backend, BackendDescription, GeneratedText, GenerateRequest } from '../../backend/backend.ts';
import { isAbort } from '../../core/errors.ts';

export interface Teacher {
  readonly backend: Backend;
  readonly description: BackendDescription;
}

export interface TaughtText {
  readonly teacher: Teacher;
  readonly text: GeneratedText;
}

/** What runs are told of teachers that could not answer: the segment goes on without them. */
export type OnTeacherFailure = (teacher: Teacher, error: unknown) => void;

/** One greedy translation of each teacher, with as much of the context as its prompt has a place for. */
export async function askTeachers(teachers: readonly Teacher[], request: GenerateRequest, onFailure: OnTeacherFailure, signal: AbortSignal): Promise<readonly TaughtText[]> {
  const answers = await Promise.all(teachers.map(async (teacher): Promise<readonly TaughtText[]> => {
    const { defaults } = teacher.description;
    const sampling = { n: 1, temperature: 0, topP: 1, topK: 0, maxTokens: defaults.maxTokens };
    try {
      const { texts } = await teacher.backend.generate({ ...request, sampling }, () => undefined, signal);
      return texts.map((text) => ({ teacher, text }));
    } catch (thrown) {
      if (isAbort(thrown) || signal.aborted) throw thrown;
      onFailure(teacher, thrown);
      return [];
    }
  }));
  return answers.flat();
}
