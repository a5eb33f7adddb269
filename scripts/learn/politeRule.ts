/**
 * The rule that stands for a reviewer in the demo: a translation in the polite form (です, ます) is better than one in the plain
 * form. It looks at the sentence's end and at nothing else, so it knows nothing of meaning: chrF guards that.
 */
import type { OutputJudge } from '../../src/app/training/gateAdapter.ts';

const polite = /(?:です|ます|ました|ません|でした|でしょう|ましょう|ませ|ください|下さい)(?:[かねよながわの]|けど|から|もの)*[。？！?!」』…]*$/u;

export function isPolite(text: string): boolean {
  return polite.test(text.trim());
}

export const politeJudge: OutputJudge = {
  kind: 'rule',
  name: 'rule: polite form over plain',
  compare: (_source, before, after) => {
    if (isPolite(before) === isPolite(after)) return 'tie';
    return isPolite(after) ? 'new' : 'old';
  },
};
