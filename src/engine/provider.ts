import { AppError } from '../core/errors.ts';
import type { Provider } from '../protocol/engine.ts';
import type { OrtModule } from './binding.ts';
import { Decoder } from './decoder.ts';
import type { ModelFolder } from './modelFolder.ts';

export interface OpenedDecoder {
  readonly decoder: Decoder;
  readonly provider: Provider;
  /** Why it is not the one that was asked for. */
  readonly note?: string;
}

/**
 * Opens a model with the provider that was asked for; one that is missing, has no device or cannot run the graph gives way
 * to the CPU, with the reason. A model that the CPU cannot run either is an error of the model.
 * @throws AppError `engine.modelInvalid`
 */
export async function openWithProvider(ort: OrtModule, files: ModelFolder, threads: number, wanted: Provider): Promise<OpenedDecoder> {
  if (wanted === 'cpu') return { decoder: await Decoder.open(ort, files, { threads }), provider: 'cpu' };
  try {
    return { decoder: await Decoder.open(ort, files, { threads, provider: wanted }), provider: wanted };
  } catch (thrown) {
    const decoder = await Decoder.open(ort, files, { threads });
    return { decoder, provider: 'cpu', note: `${wanted}: ${reasonOf(thrown)}` };
  }
}

function isModelInvalid(thrown: unknown): thrown is AppError<'engine.modelInvalid'> {
  return thrown instanceof AppError && thrown.code === 'engine.modelInvalid';
}

function reasonOf(thrown: unknown): string {
  const reason = isModelInvalid(thrown) ? thrown.data.reason : String(thrown);
  return (reason.split('\n', 1)[0] ?? reason).trim();
}
