import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type GateKey, gateWaits, KeyGate, type Place } from '../../../webview/review/keyGate.ts';

const bindings: Readonly<Record<string, string>> = { e: 'edit', j: 'nextSegment', 1: 'accept1', 2: 'accept2', x: 'reject' };

function keyOf(name: string, at: number, change: Partial<GateKey> = {}): GateKey {
  return { key: name, code: name, keyCode: 0, shift: false, ctrl: false, meta: false, repeat: false, names: [name], at, ...change };
}

/** A page, a workbench and a host on one clock: a bound key comes back as a command after the delay of its turn. */
class World {
  place: Place = 'list';
  text = '';
  readonly done: string[] = [];
  now = 0;
  #timers: { readonly at: number; readonly run: () => void; readonly id: number }[] = [];
  #nextTimer = 1;
  readonly gate: KeyGate;

  constructor(readonly delayOf: (key: GateKey) => number) {
    this.gate = new KeyGate({
      place: () => this.place,
      handleHere: () => false,
      resend: (key) => { this.#seen(key); },
      typeText: (text) => { this.text += text; },
      eraseText: () => { this.text = this.text.slice(0, -1); },
      isBound: (key) => bindings[key.key] !== undefined,
      setTimer: (run, ms) => this.#after(run, ms),
      clearTimer: (timer) => { this.#timers = this.#timers.filter((entry) => entry.id !== timer); },
      now: () => this.now,
    });
  }

  press(name: string, change: Partial<GateKey> = {}): void {
    const key = keyOf(name, this.now, change);
    if (this.place === 'text') this.text += name;
    else if (this.place === 'list' && this.gate.press(key) === 'forward') this.#seen(key);
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

  /** VS Code sees a key; commands come back in order. */
  #seen(key: GateKey): void {
    const command = bindings[key.key];
    if (command !== undefined) this.#after(() => { this.#command(command, key.key); }, this.delayOf(key));
  }

  #command(command: string, key: string): void {
    if (this.place === 'text') return;
    this.gate.resolve([key]);
    this.done.push(command);
    if (command === 'edit') this.place = 'text';
    this.gate.drain();
  }

  #after(run: () => void, ms: number): number {
    const id = this.#nextTimer;
    this.#nextTimer += 1;
    this.#timers.push({ at: this.now + ms, run, id });
    return id;
  }
}

describe('the key gate', () => {
  for (const delay of [0, 20, 200, 1400]) {
    it(`types what follows an edit key and judges nothing, with ${String(delay)} ms to the host`, () => {
      const world = new World(() => delay);
      for (const key of ['e', '1', '2', 'a', 'b']) world.press(key);
      world.run(10_000);
      assert.equal(world.text, '12ab');
      assert.deepEqual(world.done, ['edit']);
    });
  }

  it('keeps text also when the command comes after the gate has given up waiting', () => {
    // As slow for every key: VS Code and the host keep the order.
    const world = new World(() => gateWaits.bound + 400);
    for (const key of ['e', '1', '2']) world.press(key);
    world.run(10_000);
    assert.deepEqual(world.done, ['edit']);
    assert.equal(world.text, '12');
  });

  it('sends keys on one by one where the list keeps the focus', () => {
    const world = new World(() => 50);
    for (const key of ['j', 'j', '1', 'x']) world.press(key);
    world.run(10_000);
    assert.deepEqual(world.done, ['nextSegment', 'nextSegment', 'accept1', 'reject']);
  });

  it('gives up a key without a command after a while', () => {
    const world = new World(() => 10);
    world.press('z');
    world.press('1');
    world.run(gateWaits.unbound - 1);
    assert.deepEqual(world.done, []);
    world.run(20);
    assert.deepEqual(world.done, ['accept1']);
  });

  it('edits held text as it was typed: Backspace erases, Enter breaks the line', () => {
    const world = new World(() => 50);
    for (const key of ['e', 'a', 'x', 'Backspace', 'Enter', 'b']) world.press(key);
    world.run(1000);
    assert.equal(world.text, 'a\nb');
    assert.deepEqual(world.done, ['edit']);
  });

  it('drops repeats of a key that is still under way', () => {
    const world = new World(() => 100);
    world.press('j');
    for (let count = 0; count < 5; count += 1) world.press('j', { repeat: true });
    world.run(1000);
    assert.deepEqual(world.done, ['nextSegment']);
  });

  it('forgets held keys when the view loses the keyboard', () => {
    const world = new World(() => 100);
    for (const key of ['j', '1', '2']) world.press(key);
    world.gate.reset();
    world.run(1000);
    assert.deepEqual(world.done, ['nextSegment']);
  });

  it('never loses a character nor makes a judgment, whatever is typed behind an edit key and however long it takes', () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.constantFrom('1', '2', 'x', 'j', 'e', 'z', 'か'), fc.integer({ min: 0, max: 300 })), { maxLength: 20 }),
      fc.integer({ min: 0, max: 1400 }),
      (typed, delay) => {
        const world = new World(() => delay);
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
