/** The two models of a gate, each behind a backend of its own. */
import type { Backend } from '../../backend/backend.ts';
import { createBackend, type BackendChoice } from '../backends.ts';
import type { Computing } from '../compute.ts';
import type { RunSettings } from '../settings.ts';
import { Serving } from './serving.ts';

export interface ServingsRequest {
  readonly before: BackendChoice;
  readonly after: BackendChoice;
  readonly engineScript: string;
  readonly compute: Pick<Computing, 'rank'>;
  readonly settings: RunSettings;
}

/** Runs `work` with both models as they serve; their processes are gone afterwards. */
export async function withServings<T>(request: ServingsRequest, work: (servings: { readonly before: Serving; readonly after: Serving }) => Promise<T>): Promise<T> {
  const { engineScript, compute, settings } = request;
  const open = (choice: BackendChoice): Backend => createBackend(choice, { engineScript });
  const [before, after] = [open(request.before), open(request.after)];
  try {
    return await work({ before: new Serving({ backend: before, compute, settings }), after: new Serving({ backend: after, compute, settings }) });
  } finally {
    await Promise.all([before.dispose(), after.dispose()]);
  }
}
