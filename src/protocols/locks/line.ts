/** What workers share whose lock lasts as long as a session: who waits, and who may write. */
import { operation } from '../../protocol/define.ts';
import type { Json, Look, Node, Operation, OperationId } from '../../protocol/types.ts';
import {
  type Held, heldLock, type LockWorker, storageOperations, workerLook, type WorkerState,
} from './worker.ts';

/** The lock named, or the one taken last; without it the operation fails. */
export function holding(
  node: Node<LockWorker>,
  key: string | undefined,
  id: OperationId,
): Held | undefined {
  const { state } = node;
  const held = key === undefined ? state.held.at(-1) : heldLock(state, key);
  if (held === undefined) node.fail(id, `${node.id} does not hold ${key ?? 'a lock'}`);
  return held;
}

const write = operation<LockWorker>()({
  doc: 'Writes to storage with the token of the lock taken last (or the one named). Answers OK.',
  parameters: { name: 'string', value: 'value', lock: 'string?' },
  run(node, args, id) {
    if (holding(node, args.lock, id)) storageOperations.write.run(node, args, id);
  },
});

/** Writing, for those alone who believe that they hold the lock; reading. */
export const holderOperations = {
  ...storageOperations,
  write,
} as Record<string, Operation<LockWorker>>;

/** How panels show a worker: by what it believes, and by what it waits for. */
export function lineLook(
  state: WorkerState,
  waiting: readonly (readonly [key: string, text: string])[],
  more: Readonly<Record<string, Json>>,
): Look {
  const { standing, tone, facts } = workerLook(state);
  const isWaiting = standing === '' && waiting.length > 0;
  return {
    standing: isWaiting ? 'waiting' : standing!,
    tone: isWaiting ? 'bid' : tone!,
    facts: { ...facts, ...Object.fromEntries(waiting), ...more },
  };
}
