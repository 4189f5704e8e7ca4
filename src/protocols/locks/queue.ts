/** What the workers of a lock with sessions share: a holder writes, the others wait in a queue. */
import { operation } from '../../protocol/define.ts';
import type { Json, Look, NodeId } from '../../protocol/types.ts';
import { linkTo } from '../shared/links.ts';
import {
  holding, type LockOperations, type LockWorker, type Reach, storageOperations, storageOperationsBy,
  workerLook, type WorkerState, write,
} from './worker.ts';

/** Writing to storage, which only a worker that believes it holds the lock may do; and reading. */
const holderOperationsBy = (reach?: Reach): LockOperations => ({
  ...(reach === undefined ? storageOperations : storageOperationsBy(reach)),
  write: operation<LockWorker>()({
    doc: 'Writes to storage with the token of the lock taken last, or the one named. Answers OK.',
    parameters: { name: 'string', value: 'value', lock: 'string?', at: 'node?' },
    run(node, args, id) {
      if (holding(node, args.lock, id)) write(node, args, id, reach);
    },
  }),
});

/** For the workers of a protocol without connections to storage. */
export const holderOperations = holderOperationsBy();
/** For the workers of a protocol that has connections to storage. */
export const linkedHolderOperations = holderOperationsBy(linkTo);

/** Panels show the locks that a worker believes it holds, and those that it waits for. */
export function queueLook(
  state: WorkerState,
  node: { readonly id: NodeId },
  waiting: readonly (readonly [key: string, text: string])[],
  more: Readonly<Record<string, Json>>,
): Look {
  const look = workerLook(state, node);
  const facts = { ...look.facts, ...Object.fromEntries(waiting), ...more };
  if (state.held.length > 0 || waiting.length === 0) return { ...look, facts };
  return { standing: 'waiting', tone: 'bid', facts };
}
