import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clusterSources } from '../../../src/core/evaluation/nearDuplicates.ts';
import { takeIn, type Intake } from '../../../src/core/evaluation/intake.ts';

const words = 'river stone window garden letter morning train bridge paper music winter doctor market forest'.split(' ');
const sentence = (index: number): string => Array.from({ length: 6 }, (_, place) => `${words[(index * (place + 3) + place * place) % words.length] ?? ''}${(index * (place + 1)).toString(36)}`).join(' ');
const sentences = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => sentence(from + index));
const nothing = { isUsed: () => false, heldOut: [], before: { documents: 0, sources: 0 }, share: 0.1 };
const held = (intake: Partial<Intake> & Pick<Intake, 'sources'>): readonly string[] => takeIn({ document: 'a.md', ...nothing, ...intake });

describe('a document that comes in', () => {
  it('gives thirty sources by hash where that is a tenth or less than a quarter, whatever their order', () => {
    const sources = sentences(200);
    const found = held({ sources });
    assert.equal(found.length, 30);
    assert.deepEqual(new Set(held({ sources: sources.toReversed() })), new Set(found));
    assert.equal(held({ sources: sentences(1000) }).length, 100);
    assert.equal(held({ sources: sentences(80) }).length, 20);
  });

  it('gives nothing in a workspace too small to train on, and nothing at a share of 0', () => {
    assert.deepEqual(held({ sources: sentences(59) }), []);
    assert.deepEqual(held({ sources: sentences(200), share: 0 }), []);
    assert.equal(held({ sources: sentences(40), before: { documents: 1, sources: 40 } }).length, 20);
  });

  it('gives no source that was used, nor a near duplicate of one', () => {
    const sources = sentences(200);
    const [first = ''] = held({ sources });
    const again = held({ sources: [...sources, `${first} too`], isUsed: (source) => source === first });
    assert.ok(!again.includes(first) && !again.includes(`${first} too`) && again.length === 30);
  });

  it('gives near duplicates of what is held out, and never a part of a cluster', () => {
    const heldOut = sentences(30);
    const sources = [...sentences(100, 500), `${sentence(3)} too`];
    assert.deepEqual(held({ sources, heldOut, before: { documents: 1, sources: 150 } }), [`${sentence(3)} too`]);
    const doubled = sentences(150).flatMap((source) => [source, `${source} too`]);
    const found = new Set(held({ sources: doubled }));
    const clusters = clusterSources(doubled);
    const names = new Set([...found].map((source) => clusters.get(source)));
    assert.ok(doubled.every((source) => found.has(source) === names.has(clusters.get(source))));
  });

  it('from ten documents on is held out as a whole or not at all, about one of ten', () => {
    const heldOut = sentences(30);
    const before = { documents: 20, sources: 400 };
    const found = Array.from({ length: 300 }, (_, index) => held({ document: `d${index}.md`, sources: sentences(12, 1000 + index * 12), heldOut, before }).length);
    assert.ok(found.every((count) => count === 0 || count === 12));
    const whole = found.filter((count) => count === 12).length;
    assert.ok(whole >= 15 && whole <= 50, `${whole} of 300`);
  });

  it('from ten documents on still fills up to thirty', () => {
    assert.equal(held({ document: 'd7.md', sources: sentences(100, 1000), heldOut: sentences(10), before: { documents: 12, sources: 300 } }).length, 20);
  });
});
