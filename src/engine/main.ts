/** Entry of the engine process: forked with `serialization: 'advanced'`, ends when its parent goes away. */
import packageJson from '../../package.json' with { type: 'json' };
import { Channel } from '../protocol/channel.ts';
import type { EngineClientContract, EngineContract } from '../protocol/engine.ts';
import { Binding, importOnnxruntime } from './binding.ts';
import { defaultThreads } from './decoder.ts';
import { parentPort } from './parentPort.ts';
import { EngineService } from './service.ts';

function main(): void {
  const service = new EngineService({
    binding: new Binding(importOnnxruntime),
    version: packageJson.version,
    pid: process.pid,
    threads: defaultThreads(),
    now: () => performance.now(),
  });
  const port = parentPort(process);
  port.onClose(() => process.exit(0));
  new Channel<EngineContract, EngineClientContract>({ name: 'engine', port, handlers: service.handlers(), listeners: {} });
}

main();
