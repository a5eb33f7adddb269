/** The demo's figures as a picture: one bar a measure with its interval. */
import type { Check } from '../../src/core/evaluation/gate.ts';

const width = 640;
const left = 190;
const right = 40;
const rowHeight = 44;
const names: Readonly<Record<Check['name'], string>> = {
  winRate: 'win rate, % (50 is even)', pairAccuracy: 'pair accuracy, points', chrf: 'chrF, all references', chrfPreferred: 'chrF, polite references', diversity: 'distinct candidates, %',
  intoHubs: 'chrF, into English or Chinese', omission: 'fewer omissions, points', metric: 'outside metric',
};

/** SVG; each measure on its own scale around "no change". */
export function picture(checks: readonly Check[], title: string): string {
  const shown = checks.filter(({ value }) => value !== undefined);
  const rows = shown.map((check, index) => bar(check, 56 + index * rowHeight));
  const height = 70 + shown.length * rowHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="28" font-size="16">${title}</text>`,
    `<line x1="${middle}" x2="${middle}" y1="42" y2="${height - 16}" stroke="#888"/>`,
    ...rows, '</svg>', '',
  ].join('\n');
}

const middle = left + (width - left - right) / 2;

function bar({ name, value = 0, low, high, state }: Check, y: number): string {
  const percent = name === 'winRate' || name === 'pairAccuracy' || name === 'diversity' || name === 'omission';
  const shift = (x: number): number => (percent ? 100 * x : x) - (name === 'winRate' ? 50 : 0);
  const scale = percent ? 50 : 10;
  const x = (raw: number): number => middle + Math.max(-1, Math.min(1, shift(raw) / scale)) * (width - left - right) / 2;
  const [from, to] = [Math.min(middle, x(value)), Math.max(middle, x(value))];
  const colour = state === 'failed' ? '#b3261e' : '#1f6f43';
  const interval = low === undefined || high === undefined ? '' : `<line x1="${x(low)}" x2="${x(high)}" y1="${y + 10}" y2="${y + 10}" stroke="#222" stroke-width="2"/>`;
  const label = (percent ? 100 * value : value).toFixed(1);
  return `<text x="16" y="${y + 14}">${names[name]}</text><rect x="${from}" y="${y}" width="${Math.max(1, to - from)}" height="20" fill="${colour}" opacity="0.75"/>${interval}<text x="${width - right + 4}" y="${y + 14}" font-size="12">${label}</text>`;
}
