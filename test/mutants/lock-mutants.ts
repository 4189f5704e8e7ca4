/** The mutants of the locks: each changes one line of a server or a worker. */
import type { BundledMutant } from './bundled.ts';
import { zookeeperMutants } from './zookeeper-mutants.ts';

const fenced = { protocol: 'fenced-lock', file: 'locks/fenced-lock.ts' } as const;
const redis = { protocol: 'redis-lock', file: 'redis/settle.ts' } as const;
const etcdStore = { protocol: 'etcd-lock', file: 'etcd/store.ts' } as const;
const consul = { protocol: 'consul-lock', file: 'consul/server.ts' } as const;

export const lockMutants: Record<string, BundledMutant> = {
  'fenced-forgotten-token': {
    doc: 'The last token is not durable, so that a server which crashes issues tokens again.',
    ...fenced,
    line: "durable: ['locks', 'lastToken'],",
    broken: "durable: ['locks'],",
    violates: 'tokens grow',
  },
  'fenced-takes-over': {
    doc: 'A lock is refused only to its own holder.',
    ...fenced,
    line: 'if (lock !== undefined) {',
    broken: 'if (lock?.holder === from) {',
    violates: 'one holder at a time',
  },
  'storage-forgotten-tokens': {
    doc: 'Storage does not write the tokens to disk.',
    protocol: 'fenced-lock',
    file: 'locks/fenced-storage.ts',
    line: "...['values', 'tokens', 'highestToken'] as const,",
    broken: "...['values'] as const,",
    violates: 'storage forgets no token',
  },
  'storage-accepts-old-tokens': {
    doc: 'Storage accepts a write with an older token.',
    protocol: 'fenced-lock',
    file: 'locks/fenced-storage.ts',
    line: 'return token === null ? requireToken : token < highest;',
    broken: 'return token === null && requireToken;',
    violates: 'an older token never overwrites a newer one',
  },
  'storage-compares-nothing': {
    doc: 'Workers write with a token that is always high enough.',
    protocol: 'fenced-lock',
    file: 'locks/worker.ts',
    line: "node.send(storage, { type: 'Write', token, name, value, grant, request });",
    broken: "node.send(storage, { type: 'Write', token: 99, name, value, grant, request });",
    violates: 'an earlier holder never overwrites a later one',
  },
  'storage-lets-strangers-write': {
    doc: 'Storage compares only the writes that have a token.',
    protocol: 'fenced-lock',
    file: 'locks/fenced-storage.ts',
    line: 'return token === null ? requireToken : token < highest;',
    broken: 'return token !== null && token < highest;',
    violates: 'a write without a token overwrites none with one',
  },
  'storage-ignores-readers': {
    doc: 'Storage is told to note the tokens of reads, and does not.',
    protocol: 'fenced-lock',
    file: 'locks/fenced-storage.ts',
    line:
      'if (options.fencing && options.fenceReads && token !== null) noteToken(state, name, token);',
    broken: '',
    violates: 'no earlier holder writes what a later one has read',
  },
  'redis-counts-down': {
    doc: 'INCR decrements.',
    protocol: 'redis-lock',
    file: 'redis/commands/strings.ts',
    line: 'incr: writes(2, (call) => increment(call, 1n)),',
    broken: 'incr: writes(2, (call) => increment(call, -1n)),',
    violates: 'the counter of tokens grows',
  },
  'redis-unsettled': {
    doc: 'A server keeps what it changed on its list of changes.',
    ...redis,
    line: 'state.dirty = [];',
    broken: '',
    violates: 'changes are settled',
  },
  'redis-no-fsync': {
    doc: 'With the persistence `always`, a write is answered before it is on disk.',
    ...redis,
    line: "if (persistence === 'always') node.sync();",
    broken: "if (persistence === 'always') return;",
    violates: 'the disk survives a crash',
  },
  'redis-sleeps-on': {
    doc: 'A push does not wake the clients that wait for its key.',
    protocol: 'redis',
    file: 'redis/commands/call.ts',
    line: 'if (waits && !isKnown) data.ready.push(place);',
    broken: 'if (waits && isKnown) data.ready.push(place);',
    violates: 'blocked clients wait for what is not there',
  },
  'reentrant-for-all': {
    doc: 'A lock that is taken is given to every client, as if it were its own.',
    protocol: 'reentrant-lock',
    file: 'redis/reentrant-worker.ts',
    line: '"if redis.call(\'exists\', KEYS[1]) == 0 or redis.call(\'hexists\', KEYS[1], ARGV[2]) == 1 then " +',
    broken: '"if true then " +',
    violates: 'a lock has one holder',
  },
  'etcd-skips-revisions': {
    doc: 'Each put counts the keys that there are as well.',
    ...etcdStore,
    line: 'const before = state.revision;',
    broken: 'const before = state.revision + Object.keys(state.keys).length;',
    violates: 'revisions in order',
  },
  'etcd-orphan': {
    doc: 'A lease is revoked, and its keys stay.',
    ...etcdStore,
    line: 'for (const key of attached) remove(node, key, revision);',
    broken: 'if (attached.length > 0) state.revision = revision;',
    violates: 'a key goes with its lease',
  },
  'etcd-silent-deletion': {
    doc: 'A deletion does not fire the watches for the key.',
    ...etcdStore,
    line: 'if (!state.watches.some((watch) => watch.key === key)) return;',
    broken: 'return;',
    violates: 'a deletion notifies its watchers',
  },
  'consul-still-index': {
    doc: 'A change does not move the index.',
    ...consul,
    line: 'const modifyIndex = ++state.index;',
    broken: 'const modifyIndex = state.index;',
    violates: 'indexes grow',
  },
  'consul-answers-twice': {
    doc: 'A blocking query that was answered goes on.',
    ...consul,
    line: 'state.blocked = state.blocked.filter((query) => query.key !== key);',
    broken: '',
    violates: 'a change answers its queries',
  },
  'consul-forgets-delay': {
    doc: 'An invalidated session gives its locks to the next one at once.',
    ...consul,
    line: 'delay(node, key, lockDelay);',
    broken: '',
    violates: 'an invalidation starts the lock-delay',
  },
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
    line:
      'if (key in state.delayed) ' +
      'return { acquired: false, lockIndex: existing?.lockIndex ?? 0 };',
    broken: '',
    violates: 'the lock-delay is kept',
  },
  'consul-short-delay': {
    doc: 'The timer of a lock-delay runs for half of it.',
    ...consul,
    line: "node.setTimer('lockDelay', lockDelay, key);",
    broken: "node.setTimer('lockDelay', lockDelay / 2, key);",
    violates: 'the lock-delay lasts',
  },
  'consul-failover-ends-delay': {
    doc: 'A server that takes over has no lock-delays, though it applied the invalidation, too.',
    ...consul,
    line:
      "if (options.failover) node.setTimer('lockDelay', Math.max(0, until - node.now()), key);",
    broken: 'if (until < 0) endDelay(node, key);',
    violates: 'the lock-delay lasts',
  },
  'consul-hasty': {
    doc: 'A session is invalidated after half its TTL.',
    ...consul,
    line: 'const ttlMultiplier = 2;',
    broken: 'const ttlMultiplier = 0.5;',
    violates: 'a session lasts for its TTL',
  },
  'consul-holds-on': {
    doc: 'A worker that unlocks still believes that it holds the lock.',
    protocol: 'consul-lock',
    file: 'consul/lock.ts',
    line: "lock.phase = 'releasing';",
    broken: "lock.phase = 'releasing'; node.state.held.push({ key, token: 1, validUntil: 0, grant: `${key}:1:${session}` });",
    violates: 'a held lock has its own session',
  },
  ...zookeeperMutants,
};
