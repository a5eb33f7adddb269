import type { MemoryAccess } from '../../app/review/sessionMemory.ts';
import { sentenceFor } from '../../messages.ts';
import type { ReviewTarget } from '../review.ts';
import type { Services } from '../services.ts';
import { readFolderSettings } from '../settings.ts';

/** A review's way to its folder's translation memory; nothing where the settings ask for no matches. */
export function memoryAccess(services: Services, { source, folder }: ReviewTarget): { readonly memory?: MemoryAccess } {
  const { count, least } = readFolderSettings(source).memory;
  if (count === 0) return {};
  const said = new Set<string>();
  return {
    memory: {
      remembering: services.translationMemory,
      root: folder.uri.fsPath,
      limits: { count, least },
      onProblem: (problem) => {
        const sentence = sentenceFor(problem);
        if (!said.has(sentence)) services.notifier.warn(sentence);
        said.add(sentence);
      },
    },
  };
}
