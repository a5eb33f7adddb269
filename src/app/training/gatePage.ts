/** A gate as one HTML file without scripts: what was measured, and the segments that changed most with their differences. */
import { join } from 'node:path';
import { chrfOfStatistics, chrfStatistics } from '../../core/ranking/chrf.ts';
import { defaultChrf } from '../../core/ranking/chrfOptions.ts';
import { combinedVerdicts } from '../../core/evaluation/blindSession.ts';
import type { Verdict } from '../../core/evaluation/winRate.ts';
import { diffWords } from '../../core/text/diff.ts';
import { visibleControls } from '../../core/text/display.ts';
import { modelLabel } from '../../core/models/modelLabel.ts';
import { AppError } from '../../core/errors.ts';
import { localisedTexts, type TextsOf } from '../../protocol/texts.ts';
import { remarkText, trainingStrings, type TrainingString } from '../../protocol/trainingStrings.ts';
import type { FileSystem } from '../../store/fileSystem.ts';
import type { VerdictStore } from '../../store/verdictStore.ts';
import { heldOutLanguages } from './jobData.ts';
import { comparisonOf, readGate, type GateRecord } from './storedGate.ts';

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

export interface PageParts {
  readonly fs: FileSystem;
  readonly verdicts: Pick<VerdictStore, 'read'>;
  /** Absolute. */
  readonly job: string;
  readonly texts: GatePageTexts;
}

/** Writes `gate.html` from what the gate's report says by now, the verdicts of people included. @returns it. @throws AppError `gate.missing` */
export async function writeGatePage({ fs, verdicts, job, texts }: PageParts): Promise<string> {
  const gate = await readGate(fs, job);
  if (gate === undefined) throw new AppError('gate.missing', { job });
  // a single verdict is shown no sooner than the result: a running score would sway the judges
  const judged = gate.measured.winRate?.judge.look === undefined ? [] : combinedVerdicts(await verdicts.read(comparisonOf(gate)), gate.outputs);
  const people = new Map(judged.map(({ source, verdict }) => [source, verdict]));
  const outputs = gate.outputs.map((output) => {
    const verdict = people.get(output.source) ?? output.verdict;
    return { ...output, ...(verdict !== undefined && { verdict }) };
  });
  const page = gatePage({ ...gate, outputs }, (await heldOutLanguages(fs, job)).targetLanguage, texts);
  await fs.writeAtomic(join(job, 'gate.html'), new TextEncoder().encode(page));
  return page;
}

type PagedGate = Pick<GateRecord, 'decision' | 'before' | 'after' | 'heldOutUses' | 'at'> & { readonly outputs: readonly PagedOutput[] };
type PagedCheck = PagedGate['decision']['checks'][number];

interface PagedOutput {
  readonly source: string;
  readonly before: string;
  readonly after: string;
  readonly verdict?: Verdict;
}

/** `target` is the language of the outputs, for the words that are compared. */
export function gatePage(gate: PagedGate, target: string, texts: GatePageTexts): string {
  const { decision, before, after, heldOutUses, at } = gate;
  const named = localisedTexts(trainingStrings, texts.names ?? {});
  const names = named('gate.models', { after: modelLabel(after.model, after.revision), before: modelLabel(before.model, before.revision) });
  const checks = decision.checks.map((check) => checkRow(check, named));
  const changes = changedMost(gate.outputs).map((output) => changeRow(output, target, texts));
  return `<!doctype html>
<html lang="${escaped(texts.language)}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>${escaped(texts.title)}</title><style>${style}</style></head>
<body><h1>${escaped(texts.title)}: ${escaped(named(`gate.${decision.outcome}`))}</h1>
<p>${escaped(names)}<br>${escaped(at)}<br>${escaped(texts.uses)}: ${heldOutUses}</p>
<table><thead>${heading([texts.check, texts.state, texts.value, texts.interval, texts.limit, texts.remark])}</thead><tbody>${checks.join('')}</tbody></table>
<h2>${escaped(texts.changed)}</h2>
<table><thead>${heading([texts.source, texts.before, texts.after, texts.verdict])}</thead><tbody>${changes.join('')}</tbody></table></body></html>
`;
}

/** Outputs that differ, least alike by chrF first. */
export function changedMost(outputs: readonly PagedOutput[]): readonly PagedOutput[] {
  return outputs
    .filter(({ before, after }) => before !== after)
    .map((output) => ({ output, alike: chrfOfStatistics(chrfStatistics(output.after, [output.before], defaultChrf), defaultChrf) }))
    .sort((a, b) => a.alike - b.alike)
    .slice(0, shown)
    .map(({ output }) => output);
}

/** Checks that are shares of 1: they are shown in hundredths, as the dashboard does. */
const shares: ReadonlySet<string> = new Set(['winRate', 'pairAccuracy', 'diversity', 'omission']);

function checkRow({ name, state, value, low, high, limit, remark }: PagedCheck, named: TextsOf<TrainingString>): string {
  const number = (x: number | undefined): string => x === undefined ? '' : (shares.has(name) ? 100 * x : x).toFixed(2);
  const interval = low === undefined || high === undefined ? '' : `${number(low)} … ${number(high)}`;
  const key = `check.${name}`;
  const title = key in trainingStrings ? named(key as TrainingString) : name; // just looked up
  return row([title, named(`check.${state}`), number(value), interval, number(limit), remarkText(remark, named)]);
}

function changeRow({ source, before, after, verdict }: PagedOutput, language: string, texts: GatePageTexts): string {
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
