import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { inRoot, root } from '../../../scripts/support/root.ts';

/** What the compiler says of a text, under the options of one of our configurations. */
function complaints(config: string, code: string): string[] {
  const parsed = ts.getParsedCommandLineOfConfigFile(inRoot(config), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => assert.fail(ts.flattenDiagnosticMessageText(problem.messageText, '\n')) });
  assert.ok(parsed);
  const path = inRoot('virtual.ts');
  const options: ts.CompilerOptions = { ...parsed.options, incremental: false };
  delete options.tsBuildInfoFile;
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    getCurrentDirectory: () => root,
    fileExists: (name) => name === path || base.fileExists(name),
    readFile: (name) => (name === path ? code : base.readFile(name)),
    getSourceFile: (name, version) => (name === path ? ts.createSourceFile(name, code, version) : base.getSourceFile(name, version)),
  };
  const program = ts.createProgram([path], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const usesDom = 'export const title = document.title;\n';
const usesNode = 'export const home = process.cwd();\n';

describe('compiler configurations', () => {
  it('core knows neither Node nor the DOM', () => {
    assert.match(complaints('tsconfig.core.json', usesDom).join(), /document/);
    assert.match(complaints('tsconfig.core.json', usesNode).join(), /process/);
  });

  it('the host knows Node and not the DOM', () => {
    assert.match(complaints('tsconfig.host.json', usesDom).join(), /document/);
    assert.deepEqual(complaints('tsconfig.host.json', usesNode), []);
  });

  it('the webview knows the DOM and not Node', () => {
    assert.deepEqual(complaints('tsconfig.webview.json', usesDom), []);
    assert.match(complaints('tsconfig.webview.json', usesNode).join(), /process/);
  });
});
