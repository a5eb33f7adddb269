/** What confirms a text or a form here. */
export function confirmKey(): string {
  return navigator.userAgent.includes('Mac') ? '⌘+Enter' : 'Ctrl+Enter';
}
