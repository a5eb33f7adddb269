import { toAppError } from '../../core/errors.ts';

/** Compares the target file anew. One that does not parse, most often because somebody is typing in it, is shown as such by its checks: the next change is waited for. */
export async function followFile(session: { refreshDocument(): Promise<void> } | undefined): Promise<void> {
  await session?.refreshDocument().catch((thrown: unknown) => {
    if (toAppError(thrown, 'compare').code !== 'document.syntax') throw thrown;
  });
}
