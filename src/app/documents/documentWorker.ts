import { Channel } from '../../protocol/channel.ts';
import type { DocumentClientContract, DocumentContract } from '../../protocol/documents.ts';
import { portToParent } from '../threadPorts.ts';
import { DocumentHandlers } from './documentHandlers.ts';

/** Entry of a document's thread: started by `DocumentThread`, it answers until it is terminated. */
function serve(): void {
  const handlers = new DocumentHandlers({
    held: () => channel.call('held', null),
    edit: (edit) => channel.call('edit', edit),
    askAboutTarget: (label) => channel.call('askAboutTarget', { label }),
  });
  const channel: Channel<DocumentContract, DocumentClientContract> = new Channel({
    name: 'document client',
    port: portToParent(),
    handlers: handlers.all(),
    listeners: {},
  });
}

serve();
