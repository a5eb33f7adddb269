import { staysHere } from '../app/backends.ts';
import type { CommandContext } from './command.ts';

/** Says that text leaves the machine. Nobody can be asked here: naming the URL is the consent. What is no URL is refused where it is used. */
export function tellLeaving(url: string, context: Pick<CommandContext, 'note'>): void {
  if (URL.canParse(url) && !staysHere(url)) context.note(`the text goes to ${url}, which is not on this machine`);
}
