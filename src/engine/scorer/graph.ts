import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError } from '../../core/errors.ts';
import type { OrtModule } from '../binding.ts';
import { sessionOptions, type RunsOn } from '../decoder.ts';

/** One ONNX graph. */
export class Graph {
  readonly ort: OrtModule;
  readonly #session: InferenceSession;
  readonly path: string;

  private constructor(ort: OrtModule, session: InferenceSession, path: string) {
    this.ort = ort;
    this.#session = session;
    this.path = path;
  }

  /** @throws AppError `engine.modelInvalid` for a graph that does not load or has not these inputs and outputs */
  static async open(ort: OrtModule, path: string, shape: RunsOn & { readonly inputs: readonly string[]; readonly outputs: readonly string[] }): Promise<Graph> {
    let session: InferenceSession | undefined;
    try {
      session = await ort.InferenceSession.create(path, sessionOptions(shape));
      const has = [...session.inputNames, ...session.outputNames];
      const missing = [...shape.inputs, ...shape.outputs].find((name) => !has.includes(name));
      if (missing !== undefined) throw new AppError('engine.modelInvalid', { path, reason: `the graph has no ${missing}` });
      return new Graph(ort, session, path);
    } catch (thrown) {
      await session?.release();
      if (thrown instanceof AppError) throw thrown;
      throw new AppError('engine.modelInvalid', { path, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
    }
  }

  /** Runs the graph and gives the named float outputs. @throws AppError `engine.modelInvalid` for any other type */
  async run(feeds: Readonly<Record<string, Tensor>>, outputs: readonly string[]): Promise<Float32Array[]> {
    const found = await this.#session.run({ ...feeds }, [...outputs]);
    return outputs.map((name) => {
      const data = found[name]?.data;
      if (data instanceof Float32Array) return data;
      throw new AppError('engine.modelInvalid', { path: this.path, reason: `${name} is not float32` });
    });
  }

  floats(data: Float32Array, dims: readonly number[]): Tensor {
    return new this.ort.Tensor('float32', data, dims);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}
