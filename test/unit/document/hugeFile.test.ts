/** A file that is far too large is refused by its size alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDocument } from '../../../src/app/openDocument.ts';
import { maxDocumentBytes } from '../../../src/core/document/encoding.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';

class HugeFile extends FakeFileSystem {
  reads = 0;

  override stat(): ReturnType<FakeFileSystem['stat']> {
    return Promise.resolve({ kind: 'file', bytes: 1e9, modified: 0 });
  }

  override read(path: string): ReturnType<FakeFileSystem['read']> {
    this.reads++;
    return super.read(path);
  }
}

describe('a line of a gigabyte', () => {
  it('is refused without being read, in every format', async () => {
    for (const name of ['a.json', 'a.xlf', 'ja.po', 'a.md', 'a.srt', 'a.csv']) {
      const fs = new HugeFile();
      await assert.rejects(openDocument(fs, `/ws/${name}`, name, { source: 'en' }), { code: 'document.tooLarge', data: { path: name, bytes: 1e9, limit: maxDocumentBytes } });
      assert.equal(fs.reads, 0);
    }
  });
});
