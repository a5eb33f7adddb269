import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { codecOfFormat, readStandardInput } from '../../../src/cli/standardInput.ts';
import { AppError, isAbort } from '../../../src/core/errors.ts';
import { maxDocumentBytes } from '../../../src/core/document/encoding.ts';

const never = (): AbortSignal => new AbortController().signal;

describe('standard input', () => {
  it('gives the bytes of all chunks, also where a character is cut in two', async () => {
    const bytes = Buffer.from('雨です。\r\n', 'utf8');
    const read = await readStandardInput(Readable.from([bytes.subarray(0, 1), bytes.subarray(1, 5), bytes.subarray(5)]), never());
    assert.deepEqual(Buffer.from(read), bytes);
  });

  it('gives no bytes of a stream that ends at once', async () => {
    assert.equal((await readStandardInput(Readable.from([]), never())).length, 0);
  });

  it('stops when there is more than a document may have, without reading on', async () => {
    let given = 0;
    const endless = new Readable({ read() { given += 1 << 20; this.push(Buffer.alloc(1 << 20, 'a')); } });
    await assert.rejects(readStandardInput(endless, never()), (error) => error instanceof AppError && error.code === 'document.tooLarge');
    assert.ok(given < maxDocumentBytes + (4 << 20), `${given} bytes were read`);
  });

  it('stops at a cancel while it waits for more', async () => {
    const waiting = new PassThrough();
    const cancel = new AbortController();
    const read = readStandardInput(waiting, cancel.signal);
    waiting.write('half a lin');
    cancel.abort();
    await assert.rejects(read, isAbort);
  });

  it('knows a format by its extension, with or without the dot, or by a name that decides', () => {
    assert.deepEqual(['txt', 'md', '.md', 'xlf', 'strings.xml'].map((format) => codecOfFormat(format).id), ['text', 'markdown', 'markdown', 'xliff', 'android']);
    assert.throws(() => codecOfFormat('docx'), (error) => error instanceof AppError && error.code === 'document.noCodec');
  });
});
