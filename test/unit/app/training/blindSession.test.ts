import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlindSession } from '../../../../src/app/training/blindSession.ts';
import { writeGatePage } from '../../../../src/app/training/gatePage.ts';
import { applyStoredVerdicts, readGate } from '../../../../src/app/training/storedGate.ts';
import type { AppError } from '../../../../src/core/errors.ts';
import { gatePageTexts } from '../../../../src/messages.ts';
import { StoreFolder } from '../../../../src/store/storeFolder.ts';
import { VerdictStore } from '../../../../src/store/verdictStore.ts';
import { FakeFileSystem } from '../../store/support/memoryFileSystem.ts';

const job = '/ws/.interlinear/jobs/one';

/** A gate with 40 changed outputs that nobody has judged, and a field of a later version. */
async function scene(): Promise<{ readonly fs: FakeFileSystem; readonly open: (reviewer?: string) => Promise<BlindSession> }> {
  const fs = new FakeFileSystem();
  const checks = [{ name: 'winRate', state: 'notEvaluated' }];
  const gate = {
    at: 'now', before: { model: 'starter', revision: 'r1' }, after: { model: 'starter', revision: 'r2' }, heldOutUses: 1, later: 'kept',
    measured: { diversity: { before: 10, after: 10 }, drift: 3 }, decision: { outcome: 'notEvaluated', checks },
    outputs: Array.from({ length: 40 }, (_, index) => ({ source: `s${index}`, before: `old ${index}`, after: `new ${index}` })),
  };
  await fs.writeAtomic(`${job}/gate.json`, Buffer.from(JSON.stringify(gate)));
  await fs.writeAtomic(`${job}/heldout.jsonl`, Buffer.from('{"source":"s0","chosen":"a","rejected":"b","sourceLanguage":"en","targetLanguage":"de"}\n'));
  const verdicts = new VerdictStore(new StoreFolder('/ws', fs));
  let id = 0;
  let time = 0;
  const open = (reviewer = 'anna'): Promise<BlindSession> => BlindSession.open({ fs, verdicts, job, reviewer, now: () => { time += 1000; return time; }, newId: () => { id += 1; return `v${id}`; } });
  return { fs, open };
}

/** Prefers the new model, wherever it stands. */
async function preferNew(session: BlindSession): Promise<void> {
  const { item } = session.state;
  if (item === undefined) assert.fail('nothing to judge');
  await session.judge(item.number, item.newSide);
}

describe('a gate that is run again', () => {
  it('knows what people said of the same two models before, and only of them', async () => {
    const { fs, open } = await scene();
    const fresh = await fs.read(`${job}/gate.json`) ?? assert.fail();
    const session = await open();
    for (let count = 0; count < 30; count++) await preferNew(session);
    await fs.writeAtomic(`${job}/gate.json`, fresh);
    const verdicts = new VerdictStore(new StoreFolder('/ws', fs));
    const gate = await applyStoredVerdicts(fs, verdicts, job);
    assert.deepEqual([gate?.decision.outcome, gate?.measured.winRate?.result.wins], ['passed', 30]);
    await fs.writeAtomic(`${job}/gate.json`, Buffer.from(new TextDecoder().decode(fresh).replace('"r2"', '"r3"')));
    assert.equal((await applyStoredVerdicts(fs, verdicts, job))?.decision.outcome, 'notEvaluated');
    await fs.remove(`${job}/gate.json`);
    assert.equal(await applyStoredVerdicts(fs, verdicts, job), undefined);
  });
});

describe('the page of a gate', () => {
  const text = async (fs: FakeFileSystem): Promise<string> => writeGatePage({ fs, verdicts: new VerdictStore(new StoreFolder('/ws', fs)), job, texts: gatePageTexts('en') });

  it('says what people decided, and nothing of it before their result', async () => {
    const { fs, open } = await scene();
    const session = await open();
    for (let count = 0; count < 29; count++) await preferNew(session);
    const before = await text(fs);
    assert.ok(before.includes('Gate of the adapter: not evaluated') && before.includes('nobody has judged the outputs'));
    assert.ok(!before.includes('<td>After</td>'), 'no single verdict');
    await preferNew(session);
    const after = await text(fs);
    assert.ok(after.includes('Gate of the adapter: passed') && after.includes('judged blind (reviewers: 1), looked at after 30 verdicts'));
    assert.equal(after.split('<td>After</td>').length - 1, 30);
    assert.equal(new TextDecoder().decode(await fs.read(`${job}/gate.html`)), after);
  });

  it('needs a gate', async () => {
    await assert.rejects(text(new FakeFileSystem()), (error: AppError) => error.code === 'gate.missing');
  });
});

describe('a blind session of one reviewer', () => {
  it('decides at the first look, and the gate passes by what people said', async () => {
    const { fs, open } = await scene();
    const session = await open();
    assert.deepEqual([session.state.total, session.state.nextLook, session.languages.targetLanguage], [40, 30, 'de']);
    for (let count = 0; count < 29; count++) await preferNew(session);
    assert.equal((await readGate(fs, job))?.decision.outcome, 'notEvaluated');
    await preferNew(session);
    assert.deepEqual([session.state.decided, session.state.item, session.state.verdict.outcome.kind], [true, undefined, 'better']);
    const gate = await readGate(fs, job);
    assert.equal(gate?.decision.outcome, 'passed');
    assert.equal(gate.measured.winRate?.judge.kind, 'people');
    assert.deepEqual([gate['later'], gate.measured['drift']], ['kept', 3]);
    session.goOn();
    assert.equal(session.state.item?.number, 31);
  });

  it('goes on where it was in another window, and takes a verdict back', async () => {
    const { open } = await scene();
    const first = await open();
    const item = first.state.item?.source;
    await preferNew(first);
    const second = await open();
    assert.deepEqual([second.state.judged, second.state.canUndo], [1, true]);
    await second.undo();
    assert.deepEqual([second.state.judged, second.state.canUndo, second.state.item?.source], [0, false, item]);
    await second.undo();
    assert.equal((await open()).state.judged, 0);
  });

  it('leaves a key alone that was pressed for an item that is gone', async () => {
    const { open } = await scene();
    const session = await open();
    await Promise.all([session.judge(1, 'left'), session.judge(1, 'left')]);
    assert.equal(session.state.judged, 1);
  });

  it('shows every reviewer every item, and a decision that was undone is no decision', async () => {
    const { fs, open } = await scene();
    const anna = await open();
    for (let count = 0; count < 30; count++) await preferNew(anna);
    assert.equal((await open('ben')).state.judged, 0);
    await anna.undo();
    assert.equal((await readGate(fs, job))?.decision.outcome, 'notEvaluated');
  });

  it('needs a gate that can be read', async () => {
    const { fs, open } = await scene();
    await fs.writeAtomic(`${job}/gate.json`, Buffer.from('{"at":1}'));
    await assert.rejects(open(), (error: AppError) => error.code === 'gate.missing');
    await fs.remove(`${job}/gate.json`);
    await assert.rejects(open(), (error: AppError) => error.code === 'gate.missing');
  });
});
