import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Bounds a wait on a slow machine, not what the product may take. */
const patientMs = 120_000;

interface Manifest {
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> } };
}

function reviewTab(): vscode.Tab | undefined {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('interlinear.review'));
}

async function until(what: string, check: () => boolean): Promise<void> {
  const deadline = Date.now() + patientMs;
  while (!check()) {
    if (Date.now() > deadline) assert.fail(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('settings', () => {
  it('have the defaults that package.json gives', () => {
    const manifest = vscode.extensions.getExtension('interlinear.interlinear')?.packageJSON as Manifest;
    const { properties } = manifest.contributes.configuration;
    assert.ok(Object.keys(properties).length > 10);
    for (const [name, { default: value }] of Object.entries(properties)) {
      assert.deepEqual(vscode.workspace.getConfiguration().inspect(name)?.defaultValue, value, name);
    }
  });
});

describe('Translate File', () => {
  const folder = vscode.workspace.workspaceFolders?.[0];

  it('opens the review beside the file and translates it', async () => {
    assert.ok(folder !== undefined, 'no folder is open');
    const source = vscode.Uri.joinPath(folder.uri, 'suite.en.txt');
    await vscode.workspace.fs.writeFile(source, Buffer.from('Good morning.\n'));
    const config = vscode.workspace.getConfiguration('interlinear', source);
    for (const [name, value] of [['targetLanguage', 'ja'], ['backend', 'embedded'], ['candidates', 2]] as const) {
      await config.update(name, value, vscode.ConfigurationTarget.WorkspaceFolder);
    }
    await vscode.commands.executeCommand('interlinear.translateFile', source);
    await until('the review is open', () => reviewTab() !== undefined);
    assert.equal(reviewTab()?.label, 'Review: suite.en.txt');
    assert.equal(reviewTab()?.isActive, true);
    const stored = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder.uri, '.interlinear', 'candidates'));
    assert.deepEqual(stored.filter(([name]) => name.startsWith('suite.en.txt')).length, 1);
  }).timeout(patientMs);

  it('writes nothing to the document before anybody has judged', async () => {
    assert.ok(folder !== undefined, 'no folder is open');
    const names = (await vscode.workspace.fs.readDirectory(folder.uri)).map(([name]) => name);
    assert.equal(names.includes('suite.ja.txt'), false);
  });

  it('comes to the same review when it is asked again', async () => {
    assert.ok(folder !== undefined, 'no folder is open');
    await vscode.commands.executeCommand('interlinear.openReview', vscode.Uri.joinPath(folder.uri, 'suite.en.txt'));
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.filter(({ label }) => label === 'Review: suite.en.txt').length, 1);
  });

  it('comes to the review of the source when it is asked for its translation', async () => {
    assert.ok(folder !== undefined, 'no folder is open');
    const translation = vscode.Uri.joinPath(folder.uri, 'suite.ja.txt');
    await vscode.workspace.fs.writeFile(translation, Buffer.from('おはようございます。\n'));
    await vscode.commands.executeCommand('interlinear.openReview', translation);
    const labels = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label)).filter((label) => label.startsWith('Review: '));
    assert.deepEqual(labels, ['Review: suite.en.txt']);
    await vscode.workspace.fs.delete(translation);
  });
});
