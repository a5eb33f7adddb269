import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endedInStep } from '../../../src/jobs/trainerJobs.ts';
import { concordanceStrings } from '../../../src/protocol/concordanceStrings.ts';
import { reviewStrings } from '../../../src/protocol/reviewStrings.ts';
import { blindStrings, trainingStrings } from '../../../src/protocol/trainingStrings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const viewTexts: readonly string[] = [reviewStrings, concordanceStrings, trainingStrings, blindStrings].flatMap((table) => Object.values(table));
const bundles = readdirSync(join(root, 'l10n')).filter((name) => name.startsWith('bundle.l10n.'));

function bundle(name: string): Readonly<Record<string, string>> {
  // A bundle is a flat table; what is not a string fails below.
  return JSON.parse(readFileSync(join(root, 'l10n', name), 'utf8')) as Record<string, string>;
}

/** Every literal that host code hands to a localising function. */
function hostTexts(): ReadonlySet<string> {
  const files = [...readdirSync(join(root, 'src/ui'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => join(root, 'src/ui', name)), join(root, 'src/messages.ts')];
  const literals = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bt\('((?:[^'\\]|\\.)*)'/gu)].map(([, text = '']) => text.replaceAll("\\'", "'")));
  return new Set(literals);
}

/** Every pattern of a sentence of the trainer: `says("...")` in Python, adjacent literals joined. */
function trainerTexts(): readonly string[] {
  const folder = join(root, 'trainer/interlinear_trainer');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  const calls = files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/(?<!def )\bsays\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)/gu)]);
  return [endedInStep, ...calls.map(([, literals = '']) => [...literals.matchAll(/"((?:[^"\\]|\\.)*)"/gu)].map(([, part = '']) => part).join(''))];
}

function slots(text: string): readonly string[] {
  return (text.match(/\{\w+\}/gu) ?? []).sort();
}

describe('localised texts', () => {
  it('exist', () => { assert.ok(bundles.length > 0); });

  for (const name of bundles) {
    it(`${name} translates every text of the views`, () => {
      const texts = bundle(name);
      assert.deepEqual(viewTexts.filter((english) => texts[english] === undefined), []);
    });

    it(`${name} translates every sentence of the trainer`, () => {
      const [texts, sentences] = [bundle(name), trainerTexts()];
      assert.ok(sentences.length > 30, String(sentences.length));
      assert.deepEqual(sentences.filter((english) => texts[english] === undefined), []);
    });

    it(`${name} has no text that the product does not use, and keeps every slot`, () => {
      const known = new Set([...hostTexts(), ...viewTexts, ...trainerTexts()]);
      for (const [english, text] of Object.entries(bundle(name))) {
        assert.ok(known.has(english), `not used: ${english}`);
        assert.deepEqual(slots(text), slots(english), english);
      }
    });
  }
});
