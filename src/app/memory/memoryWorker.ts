import { Channel } from '../../protocol/channel.ts';
import type { MemoryClientContract, MemoryContract } from '../../protocol/memory.ts';
import { portToParent } from '../threadPorts.ts';
import { MemoryHandlers } from './memoryHandlers.ts';

/** Entry of the memory thread: started by `MemoryThread`, it answers until it is terminated. */
function serve(): void {
  const memory = new MemoryHandlers();
  new Channel<MemoryContract, MemoryClientContract>({
    name: 'memory client',
    port: portToParent(),
    listeners: {},
    handlers: {
      memoryQuery: (params, context) => memory.memoryQuery(params, context),
      memoryPut: (params) => memory.memoryPut(params),
      memoryConcordance: (params, context) => memory.memoryConcordance(params, context),
      memoryPairs: (params) => memory.memoryPairs(params),
      memoryImport: (params, context) => memory.memoryImport(params, context),
      memoryExport: (params, context) => memory.memoryExport(params, context),
    },
  });
}

serve();
