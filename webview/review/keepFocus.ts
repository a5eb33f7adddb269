/**
 * Brings the keyboard back to where it was. When the person leaves the view (another tab, the palette) VS Code blurs what
 * had the focus inside it, and on the way back gives it to the page as a whole, where no key would do anything.
 */
export function keepFocus(fallback: () => void): void {
  let last: HTMLElement | undefined;
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target !== document.body) last = target;
  });
  window.addEventListener('focus', () => {
    // VS Code moves the focus once more after this event.
    window.setTimeout(() => {
      if (document.activeElement !== document.body) return;
      if (last?.isConnected === true && last.offsetParent !== null) last.focus({ preventScroll: true });
      else fallback();
    }, 0);
  });
}
