/** Packages the extension from a staging folder that holds an allow-list of files: what is not named here is not shipped. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { execOrThrow } from './exec.ts';
import { inRoot } from './root.ts';

/** Platforms, as VS Code names them, that onnxruntime-node has binaries for. */
const TARGETS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
const OWN = /^(package\.json|package\.nls.*\.json|README\.md|CHANGELOG\.md|LICENSE|NOTICE|l10n|docs|dist|media|trainer)$/;
/** Files inside the folders above that nothing reads at run time. */
const UNUSED = /\.(map|d\.ts|pyc)$|^trainer\/(tests|build|\.[^/]*)(\/|$)|\/__pycache__(\/|$)|\.egg-info(\/|$)/;

/** @param path from the repository root, with `/`. The trainer and the starter's weights go along: *Retrain...* needs them. */
export function isShipped(path: string): boolean {
  return OWN.test(path.split('/')[0] ?? '') && !UNUSED.test(path);
}

/** What VS Code calls this platform. @throws Error where onnxruntime-node has no binary */
export function currentTarget(platform: string = process.platform, arch: string = process.arch): string {
  const target = `${platform}-${arch}`;
  if (TARGETS.includes(target)) return target;
  throw new Error(`The package is made for ${TARGETS.join(', ')}; this is ${target}.`);
}

/** Builds and packages the extension for this platform. @returns the path of the .vsix */
export async function packageExtension(options: { readonly minify: boolean }): Promise<string> {
  const target = currentTarget();
  const staging = inRoot('build/package');
  const path = inRoot('build', `interlinear-${target}.vsix`);
  await execOrThrow(process.execPath, ['esbuild.mjs', ...(options.minify ? ['--minify'] : [])]);
  stage(staging, target);
  const args = ['package', '--no-dependencies', '--target', target, '--out', path, '--allow-missing-repository', '--skip-license', '--no-rewrite-relative-links'];
  await execOrThrow(process.execPath, [inRoot('node_modules/@vscode/vsce/vsce'), ...args], { cwd: staging });
  return path;
}

function stage(staging: string, target: string): void {
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const filter = (source: string): boolean => isShipped(relative(inRoot('.'), source).split(sep).join('/'));
  for (const name of readdirSync(inRoot('.')).filter(isShipped)) cpSync(inRoot(name), join(staging, name), { recursive: true, filter });
  // vsce leaves a top-level node_modules out; here the engine's bundle finds the one package that is not inside it.
  for (const path of runtimePackagePaths(target)) {
    if (existsSync(inRoot('node_modules', path))) cpSync(inRoot('node_modules', path), join(staging, 'dist/node_modules', path), { recursive: true, filter: (source) => !UNUSED.test(source) });
  }
  writeFileSync(join(staging, 'package.json'), JSON.stringify(shippedManifest(), undefined, 2));
  writeFileSync(join(staging, '.vscodeignore'), '.vscodeignore\n');
}

/** onnxruntime-node without its installer and without the binaries of other platforms. */
export function runtimePackagePaths(target: string): string[] {
  const node = ['package.json', 'LICENSE', 'ThirdPartyNotices.txt', 'dist', `bin/napi-v6/${target.replace('-', '/')}`];
  const common = ['package.json', 'LICENSE', 'dist/cjs'];
  return [...node.map((path) => `onnxruntime-node/${path}`), ...common.map((path) => `onnxruntime-common/${path}`)];
}

/** package.json without what only a working tree needs. */
function shippedManifest(): object {
  const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as Record<string, unknown>; // our own file
  return Object.fromEntries(Object.entries(manifest).filter(([key]) => !['scripts', 'devDependencies', 'dependencies'].includes(key)));
}
