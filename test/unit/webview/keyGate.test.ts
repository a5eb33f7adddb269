import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type GateKey, gateWaits, KeyGate, type Place } from '../../../webview/review/keyGate.ts';

const bindings: Readonly<Record<string, string>> = { e: 'edit', j: 'nextSegment', 1: 'accept1', 2: 'accept2', x: 'reject' };

function keyOf(name: string, at: number): GateKey {
  return { key: name, code: name, shift: false, ctrl: false, meta: false, repeat: false, names: [name], at };
}

/** A page, a workbench and a host on one clock: a bound key comes back as a command after the delay, in order. */
class World {
  place: Place = 'list';
  text = '';
  readonly done: string[] = [];
  readonly local: string[] = [];
  now = 0;
  readonly #delay: number;
  readonly #bindings: Readonly<Record<string, string>>;
  #timers: { readonly at: number; readonly run: () => void; readonly id: number }[] = [];
  #nextTimer = 1;
  readonly gate: KeyGate;

  constructor(delay: number, own: Readonly<Record<string, string>> = {}) {
    this.#delay = delay;
    this.#bindings = { ...bindings, ...own };
    this.gate = new KeyGate({
      place: () => this.place,
      isLocal: (key) => key.key === 'Escape',
      handle: (key) => { this.#handle(key); },
      typeText: (text) => { this.text += text; },
      eraseText: () => { this.text = this.text.slice(0, -1); },
      isBound: (key) => bindings[key.key] !== undefined,
      later: (run, ms) => { this.#after(run, ms); },
      now: () => this.now,
    });
  }

  press(name: string): void {
    const key = keyOf(name, this.now);
    if (this.place === 'text') this.#typed(name);
    else if (this.gate.press(key) === 'forward') this.#seen(key);
  }

  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = this.#timers.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((entry) => entry !== due);
      this.now = due.at;
      due.run();
    }
    this.now = end;
  }

  #typed(name: string): void {
    if (name === 'Escape') this.place = 'list';
    else this.text += name;
  }

  #handle(key: GateKey): void {
    if (this.place === 'text') this.#typed(key.key);
    else this.local.push(key.key);
  }

  #seen(key: GateKey): void {
    const command = this.#bindings[key.key];
    if (command !== undefined) this.#after(() => { this.#command(command); }, this.#delay);
  }

  #command(command: string): void {
    const { kind } = this.gate.resolve(({ key }) => bindings[key] === command);
    if (kind === 'claimed' || this.place === 'text') return;
    this.done.push(command);
    if (command === 'edit') this.place = 'text';
    this.gate.settle();
  }

  #after(run: () => void, ms: number): void {
    this.#timers.push({ at: this.now + ms, run, id: this.#nextTimer });
    this.#nextTimer += 1;
  }
}

describe('the key gate', () => {
  for (const delay of [0, 20, 200, 1400, 3000]) {
    it(`types what follows an edit key and judges nothing, with ${String(delay)} ms to the host`, () => {
      const world = new World(delay);
      for (const key of ['e', '1', '2', 'a', 'b']) world.press(key);
      world.run(10_000);
      assert.equal(world.text, '12ab');
      assert.deepEqual(world.done, ['edit']);
    });
  }

  it('knows an edit key that the user has chosen', () => {
    const world = new World(50, { q: 'edit' });
    for (const key of ['q', '1', 'b']) world.press(key);
    world.run(1000);
    assert.equal(world.text, '1b');
    assert.deepEqual(world.done, ['edit']);
  });

  it('knows an edit key that the user has taken from another command', () => {
    const world = new World(50, { x: 'edit' });
    for (const key of ['x', '1', '2', 'a', 'b']) world.press(key);
    world.run(1000);
    assert.equal(world.text, '12ab');
    assert.deepEqual(world.done, ['edit']);
  });

  it('lets every key judge where the list keeps the focus', () => {
    const world = new World(50);
    for (const key of ['j', 'j', '1', 'x']) world.press(key);
    world.run(10_000);
    assert.deepEqual(world.done, ['nextSegment', 'nextSegment', 'accept1', 'reject']);
    assert.equal(world.text, '');
  });

  it('types nothing that was pressed before the edit key', () => {
    const world = new World(50);
    for (const key of ['z', 'j', 'e', '2']) world.press(key);
    world.run(1000);
    assert.equal(world.text, '2');
    assert.deepEqual(world.done, ['nextSegment', 'edit']);
  });

  it('edits text under way as it was typed: Backspace erases, Enter breaks the line', () => {
    const world = new World(50);
    for (const key of ['e', 'a', 'x', 'Backspace', 'Enter', 'b']) world.press(key);
    world.run(1000);
    assert.equal(world.text, 'a\nb');
    assert.deepEqual(world.done, ['edit']);
  });

  it('closes the field by an Escape pressed for it, and then judges only what was pressed after', () => {
    const world = new World(100);
    for (const key of ['e', '1', 'Escape', 'x']) world.press(key);
    world.run(1000);
    assert.equal(world.text, '1');
    assert.deepEqual(world.done, ['edit', 'reject']);
    assert.deepEqual(world.local, []);
  });

  it('handles Escape itself once no key before it can open a field', () => {
    const world = new World(50);
    world.press('Escape');
    assert.deepEqual(world.local, ['Escape']);
    world.press('z');
    world.press('Escape');
    assert.deepEqual(world.local, ['Escape']);
    world.run(gateWaits.unbound + 20);
    assert.deepEqual(world.local, ['Escape', 'Escape']);
  });

  it('acts on a command of the palette, for no key', () => {
    const world = new World(50);
    assert.deepEqual(world.gate.resolve(({ key }) => key === 'e'), { kind: 'act', key: undefined, sure: false, skipped: [] });
  });

  it('says which key a command is for, how sure that is, and which keys before it were for none', () => {
    const answer = (keys: readonly string[], runs: string): readonly unknown[] => {
      const world = new World(5000);
      for (const key of keys) world.press(key);
      const resolution = world.gate.resolve(({ key }) => key === runs);
      assert.ok(resolution.kind === 'act');
      return [resolution.key?.key, resolution.sure, resolution.skipped.map(({ key }) => key)];
    };
    assert.deepEqual(answer(['q', 'z', 'e'], 'e'), ['e', true, ['q', 'z']]);
    assert.deepEqual(answer(['q'], 'e'), ['q', true, []]);
    assert.deepEqual(answer(['q', 'z'], 'e'), ['q', false, []]);
  });

  it('forgets keys under way when the view loses the keyboard', () => {
    const world = new World(100);
    for (const key of ['e', '1', '2']) world.press(key);
    world.gate.reset();
    world.run(1000);
    assert.equal(world.text, '');
  });

  it('never loses a character nor makes a judgment, whatever is typed behind an edit key and however long it takes', () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.constantFrom('1', '2', 'x', 'j', 'e', 'z', 'か'), fc.integer({ min: 0, max: 300 })), { maxLength: 20 }),
      fc.integer({ min: 0, max: 3000 }),
      (typed, delay) => {
        const world = new World(delay);
        world.press('e');
        for (const [key, pause] of typed) {
          world.run(pause);
          world.press(key);
        }
        world.run(20_000);
        assert.equal(world.text, typed.map(([key]) => key).join(''));
        assert.deepEqual(world.done, ['edit']);
      },
    ));
  });
});
