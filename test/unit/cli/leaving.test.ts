import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tellLeaving } from '../../../src/cli/leaving.ts';

function notesFor(url: string): readonly string[] {
  const notes: string[] = [];
  tellLeaving(url, { note: (line) => { notes.push(line); } });
  return notes;
}

describe('text that leaves the machine from the command line', () => {
  it('is told of with the address', () => {
    assert.deepEqual(notesFor('https://gpu.example:8000/v1'), ['the text goes to https://gpu.example:8000/v1, which is not on this machine']);
  });

  it('is not told of where it stays, nor of what is no address', () => {
    for (const url of ['http://127.0.0.1:8000', 'http://localhost:11434', 'http://[::1]:8000', 'nowhere']) assert.deepEqual(notesFor(url), []);
  });
});
