/**
 * Which room may import which, and who may import the few packages that belong to one room. An arrow includes what its
 * target may import: `app -> protocol -> core` lets app import core.
 */
import { builtinModules } from 'node:module';

/** Every room under `src/` with the rooms it may import. A room that is not listed here fails the lint test. */
export const arrows = {
  core: [],
  protocol: ['core'],
  engine: ['protocol', 'core'],
  jobs: ['protocol', 'core'],
  backend: ['protocol', 'core'],
  store: ['protocol', 'core'],
  scoring: ['protocol', 'core'],
  app: ['jobs', 'backend', 'store', 'scoring', 'protocol', 'core'],
  ui: ['app', 'jobs', 'backend', 'store', 'scoring', 'protocol', 'core', 'messages.ts'],
  cli: ['app', 'jobs', 'backend', 'store', 'scoring', 'protocol', 'core', 'messages.ts'],
};

const TOOLKIT = '@vscode/webview-ui-toolkit';
const builtins = ['node:*', ...builtinModules.filter((name) => !name.startsWith('_'))];

const vscode = { names: ['vscode'], message: 'Only src/ui and src/extension.ts import vscode.' };
const onnx = {
  names: ['onnxruntime-node', 'onnxruntime-node/*', 'onnxruntime-common', 'onnxruntime-common/*'],
  message: 'Only src/engine imports onnxruntime-node: its crash must not take the extension host along.',
};
const toolkit = {
  names: [TOOLKIT, `${TOOLKIT}/*`],
  message: 'Only webview/components/toolkit.ts imports the toolkit: replacing it stays a change of one file.',
};
const node = { names: builtins, message: 'This room is pure: it runs in a browser too and imports nothing of Node.' };

/** The packages that each group of files must not import; a later group replaces an earlier one for the same file. */
export const bans = [
  { files: ['src/**/*.ts'], banned: [vscode, onnx, toolkit] },
  { files: ['src/core/**/*.ts', 'src/protocol/**/*.ts', 'webview/**/*.ts'], banned: [vscode, onnx, toolkit, node] },
  { files: ['src/ui/**/*.ts', 'src/extension.ts'], banned: [onnx, toolkit] },
  { files: ['src/engine/**/*.ts'], banned: [vscode, toolkit] },
  { files: ['webview/components/toolkit.ts'], banned: [vscode, onnx, node] },
  { files: ['test/**/*.ts', 'scripts/**/*.ts'], banned: [vscode, onnx, toolkit] },
  { files: ['test/workbench/suite/**/*.ts'], banned: [onnx, toolkit] },
];

/** Zones of `import-x/no-restricted-paths`. */
export function zones() {
  const rooms = Object.entries(arrows).map(([room, allowed]) => ({
    target: `./src/${room}`,
    from: './src',
    except: [`./${room}`, ...allowed.map((name) => `./${name}`)],
    message: `src/${room} may import ${allowed.length === 0 ? 'no other room' : `only ${allowed.join(', ')}`}.`,
  }));
  const messages = { target: './src/messages.ts', from: './src', except: ['./core'], message: 'src/messages.ts may import only core.' };
  const webview = {
    target: './webview',
    from: './src',
    except: ['./protocol', './core'],
    message: 'The webview may import only protocol and core.',
  };
  const root = ['./src/engine', './src/cli'].map((from) => ({
    target: './src/extension.ts',
    from,
    message: 'The composition root starts the engine as a process and knows nothing of the command line.',
  }));
  const outward = ['./test', './scripts', './webview'].map((from) => ({ target: './src', from, message: `src never imports ${from.slice(2)}.` }));
  return [...rooms, messages, webview, ...root, ...outward];
}

/** Rules that keep the banned packages out of imports, dynamic imports and `import('x')` types. */
export function banRules(banned) {
  const patterns = banned.map(({ names, message }) => ({ regex: `^(${names.map(toRegex).join('|')})$`, message }));
  const syntax = patterns.flatMap(({ regex, message }) => {
    const attribute = `/${regex.replaceAll('/', '\\u002F')}/`;
    return [
      { selector: `ImportExpression[source.value=${attribute}]`, message },
      { selector: `TSImportType[source.value=${attribute}]`, message },
    ];
  });
  return {
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-syntax': ['error', ...syntax],
  };
}

function toRegex(name) {
  return name.replaceAll(/[.+]/g, '\\$&').replaceAll('*', '.*');
}
