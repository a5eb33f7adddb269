/** Choices of a sentence of about 190 characters, as samples of one model differ: some places often, most rarely. */
const slots: readonly (readonly string[])[] = [
  ['The city council', 'The municipal council', 'City councillors', 'The town council'],
  ['decided', 'voted', 'agreed', 'resolved'],
  ['on Tuesday evening', 'late on Tuesday', 'on Tuesday night', 'Tuesday evening'],
  ['to close', 'to shut', 'that it would close', 'to temporarily close'],
  ['the old stone bridge', 'the old bridge of stone', 'the ancient stone bridge', 'the historic stone bridge'],
  ['to all motor traffic', 'to every kind of traffic', 'for all vehicles', 'to motor vehicles'],
  ['until the spring,', 'until next spring,', 'until spring comes,', 'up to the spring,'],
  ['because engineers', 'since the engineers', 'after engineers', 'as experts'],
  ['had found', 'found', 'have discovered', 'had reported'],
  ['deep cracks', 'serious cracks', 'several deep cracks', 'wide fissures'],
  ['in two of its', 'in two of the', 'in a pair of its'],
  ['seven arches.', 'seven pillars.', '7 arches.', 'seven spans.'],
];

/** `count` distinct texts; the same for the same seed. The first choice of a slot is taken half of the time. */
export function candidateTexts(count: number, seed: number): string[] {
  const random = mulberry32(seed);
  const texts = new Set<string>();
  while (texts.size < count) {
    texts.add(slots.map((choices) => (random() < 0.5 ? choices[0] : choices[Math.floor(random() * choices.length)])).join(' '));
  }
  return [...texts];
}

/** A small generator with 32 bits of state (Tommy Ettinger's mulberry32), 0 to below 1. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
