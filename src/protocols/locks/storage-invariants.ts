/** What storage promises to the holders of a lock, besides the order of their writes. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId } from '../../protocol/types.ts';
import { isStorage, type Read, type Write } from './fenced-storage.ts';
import { type Grant, type Grants, isEarlier, isWorker, noteGrants } from './worker.ts';

interface Writes {
  /** The number of writes of each storage when it was last checked. */
  seen: Record<NodeId, number>;
  /** The last write with a token: `storage name` → the token, and which worker wrote it. */
  last: Record<string, { readonly token: number; readonly writer: NodeId | null }>;
}

/** A client that takes no lock is as dangerous as one that has lost it. */
const tokenForAll = invariant<Writes>({
  doc: 'Once a value was written with a token, storage accepts no write of it without one.',
  remember: () => ({ seen: {}, last: {} }),
  check({ acted, memory: { seen, last } }) {
    if (!isStorage(acted)) return undefined;
    const { writes, name, token, writer, value } = acted.state;
    if (writes === (seen[acted.id] ?? 0)) return undefined;
    seen[acted.id] = writes;
    const place = `${acted.id} ${name}`;
    if (token !== null) last[place] = { token, writer };
    const before = last[place];
    if (token !== null || before === undefined) return undefined;
    return (
      `${acted.id} let ${writer} write ${name}=${JSON.stringify(value)} without a token, though ` +
      `${before.writer} had written it with token ${before.token}: what does not ask for the ` +
      'lock is not stopped by it.'
    );
  },
});

interface Reads extends Pick<Grants, 'count' | 'byName'> {
  /** The latest grant under which a value was read: `storage lock name` → the grant. */
  latest: Record<string, Grant>;
}

/**
 * A holder reads, decides, and writes. Comparing the tokens of writes does not protect the time
 * between: storage has not seen the new token yet, so it accepts an older one.
 */
const readStaysTrue = invariant<Reads>({
  doc: 'Once the next holder of a lock has read a value, no earlier holder writes it.',
  remember: () => ({ count: 0, byName: {}, latest: {} }),
  check({ acted, message, events, memory }) {
    if (isWorker(acted)) noteGrants(acted, memory);
    if (!isStorage(acted) || message === undefined) return undefined;
    const body = message.body as { readonly type: string } & (Read | Write);
    const own = memory.byName[body.grant];
    if (own === undefined) return undefined;
    const place = `${acted.id} ${own.key} ${body.name}`;
    const latest = memory.latest[place];
    if (body.type === 'Read' && (latest === undefined || isEarlier(latest, own))) {
      memory.latest[place] = own;
    }
    if (!events.some(({ name }) => name === 'WriteAccepted')) return undefined;
    if (latest === undefined || !isEarlier(own, latest)) return undefined;
    return (
      `${own.holder} wrote ${body.name} at ${acted.id} under a lock that it had lost, after ` +
      `${latest.holder}, which got the lock ${own.key} later, had read it: ${latest.holder} ` +
      'decides by a value that is no longer there.'
    );
  },
});

/** For the invariants of each protocol with storage. */
export const storageInvariants: Record<string, Invariant> = {
  'a write without a token overwrites none with one': tokenForAll,
  'no earlier holder writes what a later one has read': readStaysTrue,
};
