/** A window of its own: appends judgments and candidate sets to a workspace. Arguments: root, reviewer, how many. */
import { nodeStoreParts, openWorkspaceStore } from '../../../../src/store/workspaceStore.ts';
import { buildDraft, buildSet } from '../../support/judgmentBuilders.ts';

const [root = '', reviewer = '', count = '0'] = process.argv.slice(2);
const store = openWorkspaceStore(root, nodeStoreParts());
for (let index = 0; index < Number(count); index += 1) {
  await store.record(buildDraft({ act: 'comment', text: `${reviewer} ${String(index)} ${'長い'.repeat(200)}` }, { reviewer }));
  await store.candidates.append(buildSet([`${reviewer}${'字'.repeat(5000)}`], { id: `${reviewer}-${String(index)}` }));
}
