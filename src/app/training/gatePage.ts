/** A gate as one HTML file without scripts: what was measured, and the segments that changed most with their differences. */
import { chrfOfStatistics, chrfStatistics } from '../../core/ranking/chrf.ts';
import { defaultChrf } from '../../core/ranking/chrfOptions.ts';
import type { Check } from '../../core/evaluation/gate.ts';
import { trainingStrings } from '../../protocol/trainingStrings.ts';
import { diffWords } from '../../core/text/diff.ts';
import { visibleControls } from '../../core/text/display.ts';
import type { GateOutput } from './gateAdapter.ts';
import type { StoredGate } from './gateJob.ts';

/** Words of the page, in the language of the person. */
export interface GatePageTexts {
  readonly language: string;
  readonly title: string;
  readonly check: string;
  readonly state: string;
  readonly value: string;
  readonly interval: string;
  readonly limit: string;
  readonly remark: string;
  readonly uses: string;
  readonly changed: string;
  readonly source: string;
  readonly before: string;
  readonly after: string;
  readonly verdict: string;
  /** Of checks and results by the keys of `trainingStrings`; absent: in English. */
  readonly names?: Readonly<Record<string, string>>;
}

const shown = 50;

/** In a tab of VS Code its theme's colours; in a browser those of the system. */
const style = `:root{--text:#1f1f1f;--back:#fff;--line:#c8c8c8;--head:#f3f3f3;--old:#ffd7d5;--new:#ccf0d2}
@media (prefers-color-scheme:dark){:root{--text:#e6e6e6;--back:#1f1f1f;--line:#555;--head:#2d2d2d;--old:#6b2420;--new:#1d5128}}
body{font:var(--vscode-font-size,16px)/1.6 var(--vscode-font-family,system-ui,sans-serif);max-width:1100px;margin:2rem auto;padding:0 1rem;color:var(--vscode-foreground,var(--text));background:var(--vscode-editor-background,var(--back))}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid var(--vscode-contrastBorder,var(--vscode-panel-border,var(--line)));padding:.4rem .6rem;text-align:left;vertical-align:top}
th{background:var(--vscode-editorWidget-background,var(--head))}td:nth-child(n+3):nth-last-child(n+2){font-variant-numeric:tabular-nums}
del{background:var(--vscode-diffEditor-removedTextBackground,var(--old));text-decoration:line-through}
ins{background:var(--vscode-diffEditor-insertedTextBackground,var(--new));text-decoration:underline;font-weight:600}`;

/** `target` is the language of the outputs, for the words that are compared. */
export function gatePage(gate: StoredGate, target: string, texts: GatePageTexts): string {
  const { decision, before, after, heldOutUses, at } = gate;
  const words: Readonly<Record<string, string>> = texts.names ?? trainingStrings;
  const named = (key: string, otherwise: string): string => words[key] ?? otherwise;
  const names = named('gate.models', '{after} / {before}').replace('{after}', () => `${after.model} (${after.revision})`).replace('{before}', () => `${before.model} (${before.revision})`);
  const checks = decision.checks.map((check) => checkRow(check, named));
  const changes = changedMost(gate.outputs).map((output) => changeRow(output, target, texts));
  return `<!doctype html>
<html lang="${escaped(texts.language)}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${escaped(texts.title)}</title><style>${style}</style></head>
<body><h1>${escaped(texts.title)}: ${escaped(named(`gate.${decision.outcome}`, decision.outcome))}</h1>
<p>${escaped(names)}<br>${escaped(at)}<br>${escaped(texts.uses)}: ${heldOutUses}</p>
<table><thead>${heading([texts.check, texts.state, texts.value, texts.interval, texts.limit, texts.remark])}</thead><tbody>${checks.join('')}</tbody></table>
<h2>${escaped(texts.changed)}</h2>
<table><thead>${heading([texts.source, texts.before, texts.after, texts.verdict])}</thead><tbody>${changes.join('')}</tbody></table></body></html>
`;
}

/** Outputs that differ, least alike by chrF first. */
export function changedMost(outputs: readonly GateOutput[]): readonly GateOutput[] {
  return outputs
    .filter(({ before, after }) => before !== after)
    .map((output) => ({ output, alike: chrfOfStatistics(chrfStatistics(output.after, [output.before], defaultChrf), defaultChrf) }))
    .sort((a, b) => a.alike - b.alike)
    .slice(0, shown)
    .map(({ output }) => output);
}

/** Checks that are shares of 1: they are shown in hundredths, as the dashboard does. */
const shares: ReadonlySet<string> = new Set(['winRate', 'pairAccuracy', 'diversity', 'omission']);

function checkRow({ name, state, value, low, high, limit, note }: Check, named: (key: string, otherwise: string) => string): string {
  const number = (x: number | undefined): string => x === undefined ? '' : (shares.has(name) ? 100 * x : x).toFixed(2);
  const interval = low === undefined || high === undefined ? '' : `${number(low)} … ${number(high)}`;
  return row([named(`check.${name}`, name), named(`check.${state}`, state), number(value), interval, number(limit), note ?? '']);
}

function changeRow({ source, before, after, verdict }: GateOutput, language: string, texts: GatePageTexts): string {
  const words = { old: texts.before, new: texts.after, tie: '=' } as const;
  const parts = diffWords(before, after, language).map(({ kind, text }) => ({ kind, html: escaped(visibleControls(text)) }));
  const old = parts.filter(({ kind }) => kind !== 'added').map(({ kind, html }) => (kind === 'removed' ? `<del>${html}</del>` : html));
  const fresh = parts.filter(({ kind }) => kind !== 'removed').map(({ kind, html }) => (kind === 'added' ? `<ins>${html}</ins>` : html));
  const lang = ` lang="${escaped(language)}"`;
  return `<tr><td>${escaped(visibleControls(source))}</td><td${lang}>${old.join('')}</td><td${lang}>${fresh.join('')}</td><td>${escaped(verdict === undefined ? '' : words[verdict])}</td></tr>`;
}

const row = (cells: readonly string[]): string => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`;
const heading = (cells: readonly string[]): string => `<tr>${cells.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr>`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
