/**
 * `npm run demo:learn [-- --candidates N --held-out N --draws N]`: the whole loop on the CPU with the starter model; prints a table,
 * writes build/learn/learn.svg. Exit code 1 if the gate does not pass or the roll back does not give the old outputs.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkLine } from '../../src/cli/commands/gate.ts';
import { figuresOf } from '../learn/figures.ts';
import { learn } from '../learn/learn.ts';
import { picture } from '../learn/picture.ts';
import { ensurePython, trainerEnvironment } from '../support/python.ts';
import { inRoot } from '../support/root.ts';

export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      candidates: { type: 'string', default: '16' }, 'held-out': { type: 'string', default: '1000' }, draws: { type: 'string', default: '4' }, python: { type: 'string' },
      config: { type: 'string', default: inRoot('scripts', 'learn', 'polite.yaml') },
    },
  });
  const note = (line: string): void => { console.error(line); };
  const folder = inRoot('build', 'learn');
  const learned = await learn({
    folder, note, config: resolve(values.config), candidates: Number(values.candidates), heldOut: Number(values['held-out']), draws: Number(values.draws),
    python: values.python === undefined ? await ensurePython(trainerEnvironment, note) : resolve(values.python),
    signal: new AbortController().signal,
  });
  const { gate, changed, compared, rolledBackEqual } = learned;
  for (const { name, value, unit, n } of figuresOf(learned)) console.log(`${name.padEnd(28)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(7)} n=${n}`);
  for (const check of gate.decision.checks) console.log(checkLine(check));
  console.log(`adopted: ${changed} of ${compared} candidate sets changed; rolled back: ${rolledBackEqual ? 'the old outputs bit for bit' : 'OUTPUTS DIFFER'}`);
  for (const { source, before, after } of gate.outputs.filter((output) => output.verdict === 'new').slice(0, 5)) console.log(`  ${source}\n    ${before}\n    ${after}`);
  await writeFile(join(folder, 'learn.svg'), picture(gate.decision.checks, `${gate.after.model}: ${gate.decision.outcome}`));
  return gate.decision.outcome === 'passed' && rolledBackEqual ? 0 : 1;
}
