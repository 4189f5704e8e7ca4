/** What the workers of a lock with sessions share: a holder writes, the others wait in a queue. */
import { operation } from '../../protocol/define.ts';
import type { Json, Look } from '../../protocol/types.ts';
import {
  holding, type LockOperations, type LockWorker, storageOperations, workerLook, type WorkerState,
  write,
} from './worker.ts';

/** Writing to storage, which only a worker that believes it holds the lock may do; and reading. */
export const holderOperations: LockOperations = {
  ...storageOperations,
  write: operation<LockWorker>()({
    doc: 'Writes to storage with the token of the lock taken last, or the one named. Answers OK.',
    parameters: { name: 'string', value: 'value', lock: 'string?', at: 'node?' },
    run(node, args, id) {
      if (holding(node, args.lock, id)) write(node, args, id);
    },
  }),
};

/** Panels show the locks that a worker believes it holds, and those that it waits for. */
export function queueLook(
  state: WorkerState,
  waiting: readonly (readonly [key: string, text: string])[],
  more: Readonly<Record<string, Json>>,
): Look {
  const look = workerLook(state);
  const facts = { ...look.facts, ...Object.fromEntries(waiting), ...more };
  if (state.held.length > 0 || waiting.length === 0) return { ...look, facts };
  return { standing: 'waiting', tone: 'bid', facts };
}
