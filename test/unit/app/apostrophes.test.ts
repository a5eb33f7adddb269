/** Apostrophes of patterns in a review: what a model or a person writes is put into the file as it must stand there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeBackend } from '../support/fakeBackend.ts';
import { FakeFileSystem } from '../store/support/memoryFileSystem.ts';
import { openFile, textOf, translate, type Bench } from './support.ts';

async function open(): Promise<Bench> {
  const fs = new FakeFileSystem();
  await fs.writeAtomic('/ws/a_en.properties', Buffer.from("a=It''s {0}\nb=Delete {0}?\nc=Don't\nd=Isn''t {0}\n"));
  await fs.writeAtomic('/ws/a_fr.properties', Buffer.from("a=It''s {0}\nb=Delete {0}?\nc=Don't\nd=N'est pas {0}\n"));
  const bench = await openFile(fs, 'a_en.properties', 'a_fr.properties', { answer: 'merge' });
  await translate(bench, new FakeBackend(() => ["C'est l'⟦1⟧", "N'est pas ⟦1⟧"]));
  return bench;
}

describe('apostrophes in a review', () => {
  it('are doubled in candidates and edits of patterns, and nowhere else; what stands in the file keeps its bytes', async () => {
    const { session, fs } = await open();
    const [a, b, c, d] = session.views();
    assert.ok(a && b && c && d);
    const drawn = a.candidates.find(({ candidate }) => candidate.text === "C''est l''{0}") ?? assert.fail();
    await session.act({ segment: a.id, order: [drawn.hash], elapsedMs: 1, what: { act: 'accept', candidate: drawn.hash } });
    await session.act({ segment: b.id, order: [], elapsedMs: 1, what: { act: 'edit', text: "Supprimer l'{0} ?" } });
    await session.act({ segment: c.id, order: [], elapsedMs: 1, what: { act: 'edit', text: "N'est" } });
    assert.equal(textOf(fs, '/ws/a_fr.properties'), "a=C''est l''{0}\nb=Supprimer l''{0} ?\nc=N'est\nd=N'est pas {0}\n");
    const existing = d.candidates.find((candidate) => candidate.existing) ?? assert.fail();
    assert.equal(existing.candidate.text, "N'est pas {0}");
    await session.act({ segment: d.id, order: [], elapsedMs: 1, what: { act: 'edit', text: "N'est plus {0}" } });
    assert.ok(textOf(fs, '/ws/a_fr.properties').endsWith("d=N''est plus {0}\n"));
    assert.ok(session.views().every(({ difference }) => difference === undefined));
    assert.deepEqual(session.views().map(({ accepted }) => accepted), ["C''est l''{0}", "Supprimer l''{0} ?", "N'est", "N''est plus {0}"]);
  });
});
