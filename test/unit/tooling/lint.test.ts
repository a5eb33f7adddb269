import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { inRoot, root } from '../../../scripts/support/root.ts';

interface Rooms {
  readonly arrows: Readonly<Record<string, readonly string[]>>;
}
// The rules are plain JavaScript, since eslint.config.mjs loads them before any TypeScript loader.
const { arrows: listed } = (await import(pathToFileURL(inRoot('scripts/lint/rooms.mjs')).href)) as Rooms;
const arrows = new Map(Object.entries(listed));

/** Lints a text as if it were a file of the tree; without types, so that the file need not exist. */
const untyped = new ESLint({ cwd: root, overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }] });
/** With CI set the parser would read files once from the disk, and know nothing of the texts given here. */
const typed = new ESLint({
  cwd: root,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } } }],
});

async function rulesThatBite(eslint: ESLint, code: string, path: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: inRoot(path) });
  assert.ok(result, `${path} is ignored by the configuration`);
  const fatal = result.messages.find((message) => message.fatal === true);
  assert.equal(fatal, undefined, fatal?.message);
  return result.messages.map(({ ruleId }) => ruleId ?? '');
}

function roomsOnDisk(): string[] {
  return readdirSync(inRoot('src'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Some file of a room, for an import that resolves; a room that is not built yet has none. */
function fileOf(room: string): string | undefined {
  if (!existsSync(inRoot('src', room))) return undefined;
  const names = readdirSync(inRoot('src', room), { recursive: true, encoding: 'utf8' }).sort();
  const name = names.find((entry) => entry.endsWith('.ts') && !entry.endsWith('.d.ts'));
  return name === undefined ? undefined : join('src', room, name);
}

function importOf(target: string, from: string): string {
  const up = '../'.repeat(from.split('/').length - 1);
  return `import * as other from '${up}${target}';\nexport const used = other;\n`;
}

async function arrowIsStopped(target: string, from: string): Promise<boolean> {
  return (await rulesThatBite(untyped, importOf(target, from), from)).includes('import-x/no-restricted-paths');
}

describe('lint: arrows between the rooms', () => {
  it('knows every room of src', () => {
    assert.deepEqual(roomsOnDisk().filter((room) => !arrows.has(room)), []);
  });

  for (const [room, allowed] of arrows) {
    it(`${room} imports only ${allowed.length === 0 ? 'itself' : allowed.join(', ')}`, async () => {
      for (const other of arrows.keys()) {
        const target = other === room ? undefined : fileOf(other);
        if (target === undefined) continue;
        assert.equal(await arrowIsStopped(target, `src/${room}/virtual.ts`), !allowed.includes(other), `${room} -> ${other}`);
      }
    });
  }

  it('keeps the webview to protocol and core', async () => {
    assert.equal(await arrowIsStopped('src/core/errors.ts', 'webview/review/virtual.ts'), false);
    assert.equal(await arrowIsStopped('src/protocol/channel.ts', 'webview/review/virtual.ts'), false);
    for (const target of ['src/store/jsonLines.ts', 'src/app/settings.ts', 'src/messages.ts']) {
      assert.equal(await arrowIsStopped(target, 'webview/review/virtual.ts'), true, target);
    }
  });

  it('keeps the engine and the command line out of the composition root', async () => {
    for (const target of ['src/engine/main.ts', 'src/cli/main.ts']) assert.equal(await arrowIsStopped(target, 'src/extension.ts'), true, target);
    assert.equal(await arrowIsStopped('src/app/settings.ts', 'src/extension.ts'), false);
  });

  it('keeps src from importing tests, scripts and the webview', async () => {
    for (const target of ['test/unit/support/sharedData.ts', 'scripts/support/root.ts', 'webview/components/dom.ts']) {
      assert.equal(await arrowIsStopped(target, 'src/app/virtual.ts'), true, target);
    }
  });
});

describe('lint: packages that belong to one room', () => {
  const cases: readonly (readonly [module: string, stopped: readonly string[], free: readonly string[]])[] = [
    ['vscode', ['src/app/v.ts', 'src/store/v.ts', 'src/core/v.ts', 'src/engine/v.ts', 'src/messages.ts', 'webview/review/v.ts', 'test/unit/v.ts'], ['src/ui/v.ts', 'src/extension.ts', 'test/workbench/suite/v.ts']],
    ['onnxruntime-node', ['src/app/v.ts', 'src/backend/v.ts', 'src/extension.ts', 'src/ui/v.ts', 'src/core/v.ts', 'webview/review/v.ts'], ['src/engine/v.ts']],
    ['@vscode/webview-ui-toolkit', ['src/ui/v.ts', 'webview/review/v.ts', 'webview/components/v.ts'], ['webview/components/toolkit.ts']],
    ['@vscode/webview-ui-toolkit/react', ['webview/components/v.ts'], []],
    ['node:fs', ['src/core/v.ts', 'src/core/text/v.ts', 'src/protocol/v.ts', 'webview/review/v.ts', 'webview/components/toolkit.ts'], ['src/store/v.ts']],
    ['fs', ['src/core/v.ts', 'src/protocol/v.ts'], ['src/store/v.ts']],
  ];
  const forms = (module: string): string[] => [
    `import * as m from '${module}';\nexport const used = m;\n`,
    `import type * as m from '${module}';\nexport type Used = typeof m;\n`,
    `export const load = async (): Promise<unknown> => import('${module}');\n`,
    `export type Used = import('${module}').Thing;\n`,
  ];
  const isStopped = async (code: string, path: string): Promise<boolean> => {
    const rules = await rulesThatBite(untyped, code, path);
    return rules.includes('no-restricted-imports') || rules.includes('no-restricted-syntax');
  };

  for (const [module, stopped, free] of cases) {
    it(`stops ${module} everywhere else, in every form of an import`, async () => {
      for (const code of forms(module)) {
        for (const path of stopped) assert.equal(await isStopped(code, path), true, `${path}: ${code}`);
        for (const path of free) assert.equal(await isStopped(code, path), false, `${path}: ${code}`);
      }
    });
  }
});

describe('lint: house rules', () => {
  const HOST = 'src/messages.ts';
  const cases: readonly (readonly [rule: string, code: string, path?: string])[] = [
    ['@typescript-eslint/no-explicit-any', 'export const x: any = 1;'],
    ['@typescript-eslint/no-non-null-assertion', 'export const f = (x: string | undefined): string => x!;'],
    ['@typescript-eslint/no-floating-promises', 'export function f(): void { Promise.resolve(1); }'],
    ['@typescript-eslint/no-floating-promises', 'export function f(): void { Promise.resolve(1); }', 'test/unit/support/sharedData.ts'],
    ['@typescript-eslint/no-misused-promises', 'export const f = (p: Promise<boolean>): number => (p ? 1 : 2);'],
    ['@typescript-eslint/switch-exhaustiveness-check', "export function f(x: 'a' | 'b'): void { switch (x) { case 'a': break; } }"],
    ['@typescript-eslint/consistent-type-imports', "import { AppError } from './core/errors.ts';\nexport type Used = AppError;"],
    ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const x = 1;'],
    ['interlinear/explain-assertion', 'export const f = (x: unknown): string => {\n\n  return x as string;\n};'],
    ['import-x/no-default-export', 'export default 1;'],
    ['max-params', 'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1): number => a + b + c + d + e;'],
    ['max-lines', 'export const x = [\n' + '  1,\n'.repeat(300) + '];'],
    ['max-lines-per-function', `export function f(): void {\n${'  f();\n'.repeat(40)}}`],
    ['@eslint-community/eslint-comments/require-description', '// eslint-disable-next-line no-empty\nexport const f = (): void => { try { f(); } catch {} };'],
  ];
  for (const [rule, code, path = HOST] of cases) {
    it(`${rule} in ${path}`, async () => {
      assert.ok((await rulesThatBite(typed, `${code}\n`, path)).includes(rule));
    });
  }

  it('accepts an assertion whose reason stands above it', async () => {
    const code = 'export const f = (x: unknown): string =>\n  // checked by the caller\n  x as string;\n';
    assert.equal((await rulesThatBite(typed, code, HOST)).includes('interlinear/explain-assertion'), false);
  });

  it('reports a disable that suppresses nothing', async () => {
    const [result] = await typed.lintText('// eslint-disable-next-line no-empty -- nothing is empty here\nexport const x = 1;\n', { filePath: inRoot(HOST) });
    assert.match(result?.messages[0]?.message ?? '', /Unused eslint-disable/);
  });
});
