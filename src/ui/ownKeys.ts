import type * as vscode from 'vscode';
import type { OwnKey, ReviewSnapshot } from '../protocol/review.ts';

type OwnKeys = NonNullable<ReviewSnapshot['ownKeys']>;

const place = 'interlinear.ownReviewKeys';

/** Keys of the review that the user has bound otherwise than they are contributed, as reviews have seen VS Code answer them. */
export function ownKeys(memory: vscode.Memento): OwnKeys {
  return memory.get<OwnKeys>(place, {});
}

export async function keepOwnKey(memory: vscode.Memento, { key, command }: OwnKey): Promise<void> {
  const { [key]: _before, ...others } = ownKeys(memory);
  await memory.update(place, command === 'contributed' ? others : { ...others, [key]: command });
}
