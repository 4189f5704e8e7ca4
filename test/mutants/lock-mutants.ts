/** The mutants of the etcd, ZooKeeper and Consul locks: each changes one line. */
import type { Mutant } from './mutant.ts';

/** A mutant of a lock, and the file that contains its line. */
export interface LockMutant extends Mutant {
  protocol: 'etcd-lock' | 'zookeeper-lock' | 'consul-lock';
  file: string;
}

export const lockMutants: Record<string, LockMutant> = {
  'etcd-told-is-owner': {
    doc: 'A waiter whose watch fires takes the lock, without checking that no worker is before it.',
    protocol: 'etcd-lock',
    file: 'etcd/worker.ts',
    line: 'findPredecessor(node, place);',
    broken: 'acquire(node, place);',
    violates: 'first come, first served',
  },
  'etcd-local-expiry': {
    doc: 'A server drops a lease by its own clock, instead of revoking it through the log.',
    protocol: 'etcd-lock',
    file: 'etcd/etcd-lock.ts',
    line: 'for (const lease of takeExpired(node)) revokeByLog(node, lease);',
    broken:
      'for (const lease of takeExpired(node)) etcdStore.apply(node, ' +
      "{ term: 0, command: { op: 'lease-revoke', lease }, clientId: null, serial: 0, oldestPending: 0 });",
    violates: 'same log, same store',
  },
  'etcd-revision-by-keys': {
    doc: 'The revision is the number of keys, so that it falls when a key is deleted.',
    protocol: 'etcd-lock',
    file: 'etcd/store.ts',
    line: 'state.deleted.push(Object.freeze({ key, revision }));',
    broken: 'state.revision = Object.keys(state.keys).length;',
    violates: 'the revision never falls',
  },
  'zookeeper-told-is-owner': {
    doc: 'A waiter whose watch fires takes the lock, without reading the children again.',
    protocol: 'zookeeper-lock',
    file: 'zookeeper/worker.ts',
    line: 'for (const place of node.state.places) if (place.watching === path) readQueue(node, place);',
    broken:
      'for (const place of node.state.places) if (place.watching === path) acquire(node, place);',
    violates: 'first come, first served',
  },
  'zookeeper-forgotten-zxid': {
    doc: 'The zxid is not durable, so that a server which crashes numbers from the beginning.',
    protocol: 'zookeeper-lock',
    file: 'zookeeper/server.ts',
    line: "durable: ['zxid', 'znodes', 'sequences', 'sessions', 'sessionCount', 'answers'],",
    broken: "durable: ['znodes', 'sequences', 'sessions', 'sessionCount', 'answers'],",
    violates: 'the zxid never falls',
  },
  'zookeeper-orphan': {
    doc: 'A session that expires leaves its ephemeral nodes behind.',
    protocol: 'zookeeper-lock',
    file: 'zookeeper/server.ts',
    line: 'if (state.znodes[path].session === session) remove(node, path, zxid);',
    broken: '',
    violates: 'an ephemeral node goes with its session',
  },
  'consul-counts-releases': {
    doc: 'The LockIndex also grows when a lock is released.',
    protocol: 'consul-lock',
    file: 'consul/server.ts',
    line: 'entry.session = null;',
    broken: 'entry.session = null; entry.lockIndex++;',
    violates: 'the LockIndex counts holders',
  },
  'consul-dead-holder': {
    doc: 'A session that is invalidated keeps its locks.',
    protocol: 'consul-lock',
    file: 'consul/server.ts',
    line: 'else state.keys[key].session = null;',
    broken: '',
    violates: 'a holder has a valid session',
  },
  'consul-no-delay': {
    doc: 'A lock can be acquired during its lock-delay.',
    protocol: 'consul-lock',
    file: 'consul/server.ts',
    line: 'if (entry.session !== null || state.delayed.includes(key)) return { acquired: false, lockIndex };',
    broken: 'if (entry.session !== null) return { acquired: false, lockIndex };',
    violates: 'the lock-delay is kept',
  },
};
