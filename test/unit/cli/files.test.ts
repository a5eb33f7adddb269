import assert from 'node:assert/strict';
import { join, sep } from 'node:path';
import { describe, it } from 'node:test';
import { partsOfPath } from '../../../src/cli/files.ts';
import { languageOfFile } from '../../../src/core/text/languages.ts';

const cwd = join(sep, 'home', 'sk', 'project');

describe('a path on the command line', () => {
  it('names a language only below the current folder, or as it was typed', () => {
    const paths = [join(cwd, 'letter.md'), join(cwd, 'docs', 'fr', 'x.md'), join(sep, 'home', 'de', 'x.md'), 'fr/x.md', '../fr/x.md'];
    assert.deepEqual(paths.map((path) => languageOfFile(partsOfPath(cwd, path).named.replaceAll('\\', '/'))), [undefined, 'fr', undefined, 'fr', 'fr']);
    for (const path of paths) {
      const { folder, named } = partsOfPath(cwd, path);
      assert.equal(folder + named, path);
    }
  });

  it('beside the current folder with a longer name is not below it', () => {
    assert.deepEqual(partsOfPath(cwd, `${cwd}-fr${sep}x.md`), { folder: '', named: `${cwd}-fr${sep}x.md` });
  });
});
