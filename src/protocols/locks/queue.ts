/** What the workers of a lock with sessions share: a holder writes, the others wait in a queue. */
import { operation } from '../../protocol/define.ts';
import type { Standings } from '../../protocol/standings.ts';
import type { Json, Look, NodeId } from '../../protocol/types.ts';
import { linkTo } from '../shared/links.ts';
import {
  holding, type LockOperations, type LockWorker, type Reach, storageOperations, storageOperationsBy,
  workerDocs, workerLook, type WorkerState, write,
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

const ends = 'it gives the lock up, or its session ends';

/** What a worker believes of its locks. */
export const queueStandings: Standings = {
  '': {
    doc: 'It neither holds a lock nor waits for one.',
    to: { waiting: 'it asks for the lock', holder: 'it is granted the lock' },
  },
  waiting: {
    doc: 'It is in the queue for a lock.',
    to: { holder: 'it is first in the queue', '': 'it gives up, or its session ends' },
  },
  holder: {
    doc: 'It believes that it holds a lock.',
    to: { '': ends, waiting: `${ends}; it waits for another` },
  },
};

/** Panels show the locks that a worker believes it holds, and those that it waits for. */
type Docs = Readonly<Record<string, string>>;

/** Of workers that wait in a queue, with what their own service shows. */
export function queueDocs(more: Docs): Docs {
  return { ...workerDocs, ...more, '…': 'The lock that it waits for, and what must go before it.' };
}

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
