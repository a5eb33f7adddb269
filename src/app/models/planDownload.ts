/** What a download of a published model would be: asked of the host by HEAD; nothing is fetched. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { CatalogueModel, WantedFile } from '../../core/models/catalogue.ts';
import { freeBytesAt } from '../../jobs/freeBytes.ts';
import { bytesHere } from '../../jobs/models/fetchFile.ts';
import { askFile, type Hub, type HubFile } from '../../jobs/models/hub.ts';

/** Bits of the converted model's matrices. */
export type Bits = 8 | 16 | 32;

export interface PlannedFile {
  readonly file: HubFile;
  /** Absolute. */
  readonly to: string;
}

export interface DownloadPlan {
  readonly model: CatalogueModel;
  readonly host: string;
  /** Where the checkpoint goes; removed once it is converted. */
  readonly checkout: string;
  readonly files: readonly PlannedFile[];
  /** Revision of the model's own repository, as far as the host tells it. */
  readonly commit: string | undefined;
  /** Of all files, and of those what is not here yet. */
  readonly bytes: number;
  readonly left: number;
  /** Room for what is left and for the converted model; what there is of it. */
  readonly needed: number;
  readonly free: number;
  /** Files whose digest the host tells. */
  readonly digests: number;
}

export interface PlanRequest {
  readonly model: CatalogueModel;
  readonly hub: Hub;
  /** Where the converted model shall be. */
  readonly out: string;
  readonly bits: Bits;
}

/** @throws AppError `input.invalid` (the place is taken), `model.gated`, `model.refused`, `model.unreachable` */
export async function planDownload({ model, hub, out, bits }: PlanRequest, signal: AbortSignal): Promise<DownloadPlan> {
  if ((await readdir(out).catch(() => [])).length > 0) throw new AppError('input.invalid', { where: out, reason: 'it is not empty; name a new folder' });
  const found = (await Promise.all(model.files.map((wanted) => firstOf(wanted, hub, signal)))).flatMap((file) => file ?? []);
  const bytes = found.reduce((sum, { file }) => sum + file.bytes, 0);
  const checkout = join(`${out}.download`, nameOf(found.map(({ file }) => file)));
  const files = found.map(({ file, wanted }) => ({ file, to: join(checkout, ...placeOf(wanted, file).split('/')) }));
  const here = await Promise.all(files.map(async ({ file, to }) => Math.min(file.bytes, await bytesHere(to))));
  const left = bytes - here.reduce((sum, value) => sum + value, 0);
  return {
    model, host: hub.host, checkout, files, bytes, left,
    commit: files.find(({ file }) => file.repository === model.repository)?.file.commit,
    needed: left + Math.ceil((bytes * bits) / 32),
    free: await freeBytesAt(out),
    digests: found.filter(({ file }) => file.digest !== undefined).length,
  };
}

async function firstOf(wanted: WantedFile, hub: Hub, signal: AbortSignal): Promise<{ readonly file: HubFile; readonly wanted: WantedFile } | undefined> {
  for (const place of wanted.from) {
    const file = await askFile(hub, place, signal);
    if (file !== undefined) return { file, wanted };
  }
  if (wanted.optional === true) return undefined;
  const [first] = wanted.from;
  throw new AppError('model.refused', { url: `${hub.host}/${first?.repository ?? ''}`, status: 404, reason: `no ${wanted.from.map(({ path }) => path).join(', ')}` });
}

function placeOf({ to }: WantedFile, { path }: HubFile): string {
  return to.replace('{name}', path.split('/').at(-1) ?? path);
}

/** Other revisions go elsewhere, so that a part is only ever continued with the same bytes. */
function nameOf(files: readonly HubFile[]): string {
  const facts = files.map(({ repository, path, commit, bytes, digest }) => [repository, path, commit, bytes, digest?.hex]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}
