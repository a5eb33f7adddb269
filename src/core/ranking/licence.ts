/** Licences that name a non-commercial or evaluation-only condition. */
export function isNonCommercial(licence: string): boolean {
  return /\bnc\b|non-?commercial|evaluation/iu.test(licence);
}
