/** Seeded random numbers for resampling: the same seed gives the same intervals everywhere. Pure. */

/** Numbers in [0, 1) of Marsaglia's xorshift32, seeded through a multiplicative hash. */
export function seededRandom(seed: number): () => number {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
