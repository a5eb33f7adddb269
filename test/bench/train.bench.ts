import { execOrThrow } from '../../scripts/support/exec.ts';
import * as v from 'valibot';
import { ensurePython, trainerEnvironment } from '../../scripts/support/python.ts';
import { inRoot } from '../../scripts/support/root.ts';
import { median, type Bench } from './support/figures.ts';

const note = (line: string): void => { console.error(line); };
const times = v.pipe(v.string(), v.parseJson(), v.object({ ours: v.array(v.number()), plain: v.array(v.number()) }));
const steps = 40;

/** A CPO step with what the product adds to TRL's, against TRL's own in the same run; 1.05 is the most it may be. */
export const benches: readonly Bench[] = [{
  prefix: 'train.',
  run: async (emit) => {
    const python = await ensurePython(trainerEnvironment, note);
    const data = ['train.en', 'train.ja'].map((name) => inRoot('test', 'fixtures', 'tanaka', name));
    const args = [inRoot('test', 'bench', 'support', 'cpo_step.py'), inRoot('media', 'starter-en-ja'), steps.toString(), ...data];
    const { stdout } = await execOrThrow(python, args, { cwd: inRoot('trainer'), env: { ...process.env, PYTHONPATH: inRoot('trainer'), TRL_EXPERIMENTAL_SILENCE: '1' } });
    const { ours, plain } = v.parse(times, stdout.trim().split('\n').at(-1));
    const peer = 'TRL 1.13.0 CPOTrainer';
    emit({ name: 'train.cpo.step.s', value: median(ours), unit: 's', n: ours.length });
    emit({ name: 'train.cpo.step.vs-trl.ratio', value: median(ours) / median(plain), unit: 'ratio', n: ours.length, peer });
  },
}];
