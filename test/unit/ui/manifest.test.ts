import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { reviewCommands } from '../../../src/protocol/review.ts';

const root = join(import.meta.dirname, '../../..');

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default?: unknown; readonly scope?: string; readonly markdownDescription?: string }>> };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

const text = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { commands, keybindings, menus, configuration } = manifest.contributes;
const declared = commands.map(({ command }) => command).sort();
const settings = Object.keys(configuration.properties).sort();

const sources = readdirSync(join(root, 'src/ui'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(root, 'src/ui', name), 'utf8')).join('\n');

function found(pattern: RegExp): readonly string[] {
  return [...new Set([...sources.matchAll(pattern)].map((match) => `interlinear.${match[1] ?? ''}`))].sort();
}

describe('package.json and the code', () => {
  it('name the same commands', () => {
    const registered = [...found(/\bregister\('([\w.]+)'/gu), ...reviewCommands.map((name) => `interlinear.review.${name}`)];
    assert.deepEqual(registered.sort(), declared);
  });

  it('name the same settings', () => {
    assert.deepEqual(found(/config(?:uration)?\.(?:get|update)(?:<[^>]*>)?\('([\w.]+)'/gu), settings);
  });

  it('have a text for every key, and no text without use', () => {
    const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<Record<string, string>>;
    const used = [...new Set([...text.matchAll(/"%([\w.]+)%"/gu)].map(([, key]) => key ?? ''))];
    assert.deepEqual(used.sort(), Object.keys(texts).sort());
    for (const [key, value] of Object.entries(texts)) assert.notEqual(value.trim(), '', key);
  });
});

describe('docs/settings.md', () => {
  const page = readFileSync(join(root, 'docs/settings.md'), 'utf8');

  it('has a row for every setting, with its default and its meaning as package.json has them', () => {
    const texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Readonly<Record<string, string>>;
    const wanted = Object.entries(configuration.properties).map(([name, { default: value, markdownDescription: key = '' }]) => {
      const meaning = (texts[key.slice(1, -1)] ?? '').replaceAll('`#', '`').replaceAll('#`', '`').replaceAll('|', '\\|');
      return `| \`${name}\` | \`${JSON.stringify(value)}\` | ${meaning} |`;
    });
    assert.deepEqual(page.split('\n').filter((line) => line.startsWith('| `interlinear.')).join('\n'), wanted.join('\n'), 'copy the rows that are expected here into docs/settings.md');
  });

  it('names the settings that no folder can set', () => {
    const machine = Object.entries(configuration.properties).filter(([, { scope }]) => scope === 'machine').map(([name]) => name.replace('interlinear.', ''));
    const [, said = ''] = /Settings of the machine\s+\((?<names>[^)]*)\)/u.exec(page) ?? [];
    assert.deepEqual([...said.matchAll(/`([\w.]+)`/gu)].map(([, name]) => name), machine);
  });
});

describe('package.json', () => {
  it('binds keys and menus to commands that it declares', () => {
    const named = [...keybindings, ...Object.values(menus).flat()].map(({ command }) => command);
    assert.deepEqual(named.filter((command) => !declared.includes(command)), []);
  });

  it('gives each key of the review once, and single keys to the candidate list alone', () => {
    const keys = keybindings.map(({ key }) => key);
    assert.deepEqual(keys, [...new Set(keys)]);
    const list = "activeWebviewPanelId == 'interlinear.review' && interlinear.listFocused && !inQuickOpen && !inputFocus && !listFocus";
    for (const { key, when } of keybindings) {
      if (/^(?:shift\+)?f\d+$/u.test(key)) assert.match(when, /activeWebviewPanelId == 'interlinear\.review'/u);
      else assert.equal(when, list, key);
    }
  });

  it('takes no server, model folder or executable from a folder that is not trusted', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.deepEqual(restrictedConfigurations.filter((name) => !settings.includes(name)), []);
    const risky = settings.filter((name) => /backend|folder|command|path|url|python|server/iu.test(name));
    const open = risky.filter((name) => !restrictedConfigurations.includes(name) && configuration.properties[name]?.scope !== 'machine');
    assert.deepEqual(open, []);
  });
});
