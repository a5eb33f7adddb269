/** Adoption by file, with fakes of the converter and of `ollama`: scripts that write what they were called with. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BackendProfile } from '../../../../src/app/backendProfile.ts';
import { adoptAsFile, withAdoptedAdapter, type FileAdoption } from '../../../../src/app/training/adoptAsFile.ts';
import { parseCommandLine } from '../../../../src/backend/commandLine.ts';
import { AppError } from '../../../../src/core/errors.ts';
import { AdapterRegistry, type AdoptedAdapter } from '../../../../src/jobs/adapterRegistry.ts';
import { nodeFileSystem } from '../../../../src/store/fileSystem.ts';

const never = new AbortController().signal;
const profile: BackendProfile = { name: 'local', urls: [], model: '', paths: [], teacher: false, command: 'llama-server -m "base model.gguf"' };

describe('adoption by file', { skip: process.platform === 'win32' ? 'the fakes are shell scripts' : false }, () => {
  let folder = '';
  const script = async (name: string, body: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const adopt = async (target: FileAdoption['target'], converter = 'echo "$4" > "$4"'): Promise<AdoptedAdapter> => adoptAsFile({
    fs: nodeFileSystem, workspace: join(folder, 'my "folder"'), job: join(folder, 'job'), target, because: 'a test', at: 'now', id: crypto.randomUUID(),
    trainer: { python: await script('python', converter), package: '/trainer', env: process.env },
  }, never);
  const served = (): Promise<BackendProfile> => withAdoptedAdapter(nodeFileSystem, join(folder, 'my "folder"'), profile);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'file-'));
    await nodeFileSystem.makeFolder(join(folder, 'job', 'adapter'));
    for (const [name, text] of [['adapter_config.json', '{"r":8}'], ['adapter_model.safetensors', 'weights'], ['interlinear.json', '{}']] as const) {
      await writeFile(join(folder, 'job', 'adapter', name), text);
    }
  });
  after(async () => { await rm(folder, { recursive: true, force: true }); });

  it('gives the profile a command with the adapter, and takes it back', async () => {
    assert.deepEqual(await served(), profile);
    const { adapter } = await adopt({ kind: 'llama', profile: 'local' });
    const file = join(folder, 'my "folder"', '.interlinear', 'models', `${adapter.name}.gguf`);
    assert.deepEqual(parseCommandLine((await served()).command ?? '').args, ['-m', 'base model.gguf', '--lora', file]);
    assert.deepEqual(await withAdoptedAdapter(nodeFileSystem, join(folder, 'my "folder"'), { ...profile, name: 'other' }), { ...profile, name: 'other' });
    await rm(file);
    await assert.rejects(served(), (error) => error instanceof AppError && error.code === 'adapter.missing');
    await new AdapterRegistry(join(folder, 'my "folder"'), nodeFileSystem).rollBack('back', 'now');
    assert.deepEqual(await served(), profile);
  });

  it('makes a model of Ollama under a name of its own', async () => {
    const program = await script('ollama', `echo "$@" > '${join(folder, 'called')}'; cat "$4" > '${join(folder, 'modelfile')}'`);
    const { adapter } = await adopt({ kind: 'ollama', program, base: 'qwen3:8b', url: 'http://127.0.0.1:11434' });
    const gguf = join(folder, 'my "folder"', '.interlinear', 'models', `${adapter.name}.gguf`);
    assert.equal(await readFile(join(folder, 'called'), 'utf8'), `create ${adapter.name} -f ${gguf}.Modelfile\n`);
    assert.equal(await readFile(join(folder, 'modelfile'), 'utf8'), `FROM qwen3:8b\nADAPTER ${gguf}\n`);
    assert.equal(await new AdapterRegistry(join(folder, 'my "folder"'), nodeFileSystem).modelAt('http://127.0.0.1:11434'), adapter.name);
  });

  it('leaves nothing behind when the conversion fails, and says why', async () => {
    const registry = new AdapterRegistry(join(folder, 'my "folder"'), nodeFileSystem);
    const [before, files] = [await registry.records(), await readdir(join(folder, 'my "folder"', '.interlinear', 'models'))];
    await assert.rejects(
      adopt({ kind: 'llama', profile: 'local' }, 'echo half > "$4"; echo "only plain LoRA can be converted" >&2; exit 1'),
      (error) => error instanceof AppError && error.code === 'adapter.notConverted' && JSON.stringify(error.data).includes('only plain LoRA'),
    );
    assert.deepEqual([await registry.records(), await readdir(join(folder, 'my "folder"', '.interlinear', 'models'))], [before, files]);
  });
});
