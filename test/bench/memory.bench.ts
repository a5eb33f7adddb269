import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MemoryHandlers } from '../../src/app/memory/memoryHandlers.ts';
import { MemoryFiles } from '../../src/store/memory/memoryFiles.ts';
import { nodeFileSystem } from '../../src/store/fileSystem.ts';
import { StoreFolder } from '../../src/store/storeFolder.ts';
import { sharedData } from '../unit/support/sharedData.ts';
import { ManyUnits } from './support/manyUnits.ts';
import { rssMegabytes } from './support/memoryUse.ts';
import type { Bench, Emit } from './support/figures.ts';

const units = 1_000_000;
const queries = 400;
const limits = { count: 5, least: 70 };
const peerScript = fileURLToPath(new URL('support/fts_peer.py', import.meta.url));

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** A unit file of many units as an import writes it, and sources to search for. */
async function written(root: string, language: 'en' | 'ja', data: string): Promise<{ readonly path: string; readonly asked: readonly string[] }> {
  const many = new ManyUnits(data, language, 7);
  const files = new MemoryFiles(new StoreFolder(root, nodeFileSystem));
  const writer = await files.create({ source: language, target: 'de', origin: 'many.tmx' });
  const asked: string[] = [];
  for (let unit = 0; unit < units; unit++) {
    const source = many.source();
    await writer.add({ source, target: source });
    if (unit % Math.floor(units / queries) === 0) asked.push(many.query(source));
  }
  await writer.commit();
  const [path = ''] = await files.list();
  return { path, asked: asked.slice(0, queries) };
}

async function measure(language: 'en' | 'ja', data: string, emit: Emit): Promise<{ readonly rate: number; readonly p95: number; readonly path: string; readonly asked: readonly string[]; readonly root: string }> {
  const root = mkdtempSync(join(tmpdir(), 'interlinear-bench-'));
  mkdirSync(root, { recursive: true });
  const { path, asked } = await written(root, language, data);
  const files = new MemoryFiles(new StoreFolder(root, nodeFileSystem));
  const before = rssMegabytes();
  const started = performance.now();
  const memory = await files.open(path, (problem) => { throw problem; });
  const rate = units / ((performance.now() - started) / 1000);
  const times: number[] = [];
  let found = 0;
  for (const source of asked) {
    const from = performance.now();
    found += memory.index.search(source, limits).flatMap(({ unit }) => memory.unit(unit) ?? []).length;
    times.push(performance.now() - from);
  }
  if (found < asked.length / 2) throw new Error(`only ${String(found)} matches for ${String(asked.length)} sources`);
  const reopened = performance.now();
  (await files.open(path, (problem) => { throw problem; })).close();
  const open = performance.now() - reopened;
  const mark = language === 'en' ? '' : `${language}.`;
  const p95 = percentile(times, 0.95);
  emit({ name: `tm.index.${mark}units-per-s`, value: rate, unit: 'units/s', n: units });
  emit({ name: `tm.query.${mark}p95.ms`, value: p95, unit: 'ms', n: asked.length });
  emit({ name: `tm.query.${mark}median.ms`, value: percentile(times, 0.5), unit: 'ms', n: asked.length });
  emit({ name: `tm.open.${mark}ms`, value: open, unit: 'ms', n: 1 });
  emit({ name: `tm.index.${mark}mb`, value: memory.index.bytes / 1e6, unit: 'MB', n: units });
  emit({ name: `tm.index.${mark}rss.mb`, value: rssMegabytes() - before, unit: 'MB', n: 1 });
  memory.close();
  return { rate, p95, path, asked, root };
}

/** Searches of the concordance: the first, which folds the memory, those after it, and how soon one ends that a newer one takes the place of. */
async function searches(root: string, language: 'en' | 'ja', asked: readonly string[], emit: Emit): Promise<void> {
  const handlers = new MemoryHandlers();
  const timed = async (text: string, signal = new AbortController().signal): Promise<number> => {
    const started = performance.now();
    await handlers.memoryConcordance({ root, source: language, target: 'de', text, side: 'both', words: false, matchCase: false, limit: 200 }, { signal, progress: () => undefined });
    return performance.now() - started;
  };
  await timed(''); // opens the memory
  const mark = language === 'en' ? '' : `${language}.`;
  emit({ name: `tm.concordance.${mark}first.ms`, value: await timed('nowhere to be found'), unit: 'ms', n: 1 });
  const times: number[] = [];
  for (const source of asked.slice(0, 200)) times.push(await timed(language === 'en' ? source.split(' ').slice(0, 2).join(' ') : source.slice(1, 4)));
  emit({ name: `tm.concordance.${mark}p95.ms`, value: percentile(times, 0.95), unit: 'ms', n: times.length });
  const whole: number[] = [];
  for (let run = 0; run < 20; run++) whole.push(await timed(`nowhere ${String(run)}`));
  emit({ name: `tm.concordance.${mark}whole.ms`, value: percentile(whole, 0.95), unit: 'ms', n: whole.length });
  const ends: number[] = [];
  for (let run = 0; run < 20; run++) {
    const controller = new AbortController();
    const search = timed('nowhere', controller.signal).then(() => undefined, () => performance.now());
    await setImmediate();
    const aborted = performance.now();
    controller.abort();
    const ended = await search;
    if (ended !== undefined) ends.push(ended - aborted);
  }
  emit(ends.length === 0 ? { name: `tm.concordance.${mark}cancel.p95.ms`, skipped: 'every search had ended before' } : { name: `tm.concordance.${mark}cancel.p95.ms`, value: percentile(ends, 0.95), unit: 'ms', n: ends.length });
}

/** SQLite's full-text index over the same units, with the best 50 by its rank: what its user would score then. */
async function compare(own: { readonly rate: number; readonly p95: number; readonly path: string; readonly asked: readonly string[]; readonly root: string }, emit: Emit): Promise<void> {
  const python = process.env['INTERLINEAR_PYTHON'];
  if (python === undefined) {
    emit({ name: 'tm.query.vs-fts5.ratio', skipped: 'needs the Python of test/bench/requirements.txt' });
    return;
  }
  const asked = join(own.root, 'queries.json');
  writeFileSync(asked, JSON.stringify(own.asked.slice(0, 100)));
  const { stdout } = await promisify(execFile)(python, [peerScript, own.path, asked, join(own.root, 'peer.db')]);
  const peer = JSON.parse(stdout) as { readonly version: string; readonly rate: number; readonly times: readonly number[] }; // what the script prints
  const name = `sqlite ${peer.version} fts5`;
  emit({ name: 'tm.query.fts5.p95.ms', value: percentile(peer.times, 0.95), unit: 'ms', n: peer.times.length, peer: name });
  emit({ name: 'tm.query.vs-fts5.ratio', value: percentile(peer.times, 0.95) / own.p95, unit: 'x', n: peer.times.length, peer: name });
  emit({ name: 'tm.index.vs-fts5.ratio', value: own.rate / peer.rate, unit: 'x', n: units, peer: name });
}

export const benches: readonly Bench[] = [{
  prefix: 'tm.',
  needsPython: true,
  async run(emit) {
    const data = sharedData('small_parallel_enja');
    if (data === undefined) {
      emit({ name: 'tm.query.p95.ms', skipped: 'needs ../shared/data/small_parallel_enja' });
      return;
    }
    for (const language of ['en', 'ja'] as const) {
      const own = await measure(language, data, emit);
      try {
        await searches(own.root, language, own.asked, emit);
        if (language === 'en') await compare(own, emit);
      } finally {
        rmSync(own.root, { recursive: true, force: true });
      }
    }
  },
}];
