/** True for a key of a composition. Its first keydown has `isComposing` false and only this code tells. */
export function isComposing(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}
