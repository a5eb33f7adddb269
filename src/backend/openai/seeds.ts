/**
 * One seed a sample, from (seed, segment, sample): the same candidates whatever else is under way, and never the same seed
 * twice within a segment (an odd stride is a permutation modulo 2^31). FNV-1a, 32 bits.
 */
export function sampleSeed(seed: number, segmentKey: string, index: number): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed.toString()}/${segmentKey}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash + Math.imul(index, 0x9e3779b1)) & 0x7fffffff;
}
