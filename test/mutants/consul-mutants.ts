/** Mutants of Consul: for each invariant a wrong line, and a scenario in which it shows. */
import type { BundledMutant } from './bundled.ts';

const consul = (file: string) => ({ protocol: 'consul-lock', file: `consul/${file}` }) as const;

export const consulMutants: Record<string, BundledMutant> = {
  'consul-still-index': {
    doc: 'A change does not move the index.',
    ...consul('catalog.ts'),
    line: 'const modifyIndex = state.lastApplied;',
    broken: 'const modifyIndex = state.index;',
    violates: 'indexes grow',
  },
  'consul-answers-twice': {
    doc: 'A blocking query that was answered goes on.',
    ...consul('queries.ts'),
    line: 'state.blocked = state.blocked.filter((query) => query.get.key !== key);',
    broken: '',
    violates: 'a change answers its queries',
  },
  'consul-forgets-delay': {
    doc: 'An invalidated session gives its locks to the next one at once.',
    ...consul('catalog.ts'),
    line: 'if (!isReplayed(node)) delay(node, key, lockDelay);',
    broken: '',
    violates: 'an invalidation starts the lock-delay',
  },
  'consul-leader-delays': {
    doc: 'Only the leader sets a lock-delay, so that the next one does not have it.',
    ...consul('catalog.ts'),
    line: 'if (!isReplayed(node)) delay(node, key, lockDelay);',
    broken: "if (!isReplayed(node) && state.standing === 'leader') delay(node, key, lockDelay);",
    violates: 'an invalidation starts the lock-delay',
  },
  'consul-counts-releases': {
    doc: 'The LockIndex also grows when a lock is released.',
    ...consul('catalog.ts'),
    line: 'entry.session = null;',
    broken: 'entry.session = null; entry.lockIndex++;',
    violates: 'the LockIndex counts holders',
  },
  'consul-dead-holder': {
    doc: 'A session that is invalidated keeps its locks.',
    ...consul('catalog.ts'),
    line: 'else state.keys[key].session = null;',
    broken: '',
    violates: 'a holder has a valid session',
  },
  'consul-delays-while-applying': {
    doc: 'Each server compares the lock-delay with its own clock as it applies.',
    ...consul('catalog.ts'),
    line: 'if (entry.session !== null) return { acquired: false, lockIndex };',
    broken: 'if (entry.session !== null || (key in state.delayed && node.id > \'c2\')) return { acquired: false, lockIndex };',
    violates: 'same log, same catalogue',
  },
  'consul-no-delay': {
    doc: 'A lock can be acquired during its lock-delay.',
    ...consul('leader.ts'),
    line: "if (command.op === 'acquire' && command.key in state.delayed) {",
    broken: "if (command.op === 'acquire' && command.key === '') {",
    violates: 'the lock-delay is kept',
  },
  'consul-short-delay': {
    doc: 'The timer of a lock-delay runs for half of it.',
    ...consul('catalog.ts'),
    line: "node.setTimer('lockDelay', lockDelay, key);",
    broken: "node.setTimer('lockDelay', lockDelay / 2, key);",
    violates: 'the lock-delay lasts',
  },
  'consul-failover-ends-delay': {
    doc: 'A server that takes over has no lock-delays, though it applied the invalidation, too.',
    ...consul('server.ts'),
    line: 'const keepsDelays = failover && node.peers.length === 0;',
    broken: 'const keepsDelays = failover && node.peers.length > 0;',
    violates: 'the lock-delay lasts',
  },
  'consul-hasty': {
    doc: 'A session expires after half its TTL.',
    ...consul('leader.ts'),
    line: 'const ttlMultiplier = 2;',
    broken: 'const ttlMultiplier = 0.5;',
    violates: 'a session lasts for its TTL',
  },
  'consul-lasting-clock': {
    doc: 'A leader that steps down goes on as the one that times the sessions.',
    ...consul('leader.ts'),
    line: 'contactsIn: 0, establishedIn: 0, silent: [], applies: {}, verifications: {},',
    broken: 'contactsIn: 0, silent: [], applies: {}, verifications: {},',
    violates: 'only the leader lets sessions expire',
  },
  'consul-endless-lease': {
    doc: 'A leader that no server answers leads on.',
    ...consul('leader.ts'),
    line: 'becomeFollower(inRaft(node), state.currentTerm);',
    broken: 'if (answered === 0) becomeFollower(inRaft(node), state.currentTerm);',
    violates: 'a leader hears from a majority',
  },
  'consul-unconfirmed-read': {
    doc: 'A leader answers a consistent read by itself, as it does a default one.',
    ...consul('queries.ts'),
    line: 'if (confirmedBy.length < majority(inRaft(node))) return;',
    broken: 'if (confirmedBy.length === 0) return;',
    violates: 'a consistent read sees what was applied before it',
  },
  'consul-holds-on': {
    doc: 'A worker that unlocks still believes that it holds the lock.',
    ...consul('lock.ts'),
    line: "lock.phase = 'releasing';",
    broken:
      "lock.phase = 'releasing'; node.state.held.push({ key, token: 1, validUntil: 0, " +
      'grant: `${key}:1:${session}` });',
    violates: 'a held lock has its own session',
  },
};

const lone = `protocol: consul-lock
nodes: { consul: server, A: worker, B: worker }
seed: 1
steps:
  - A lock x ttl=10s
`;

/** c1 leads three servers. */
const cluster = `protocol: consul-lock
nodes:
  c1..c3: server
  A: { role: worker, endpoint: c1 }
  B: { role: worker, endpoint: c2 }
  ops: { role: operator, endpoint: c1 }
  other: { role: operator, endpoint: c2 }
seed: 1
steps:
  - wait 50ms
  - fire c1 election
  - wait until LeaderEstablished at c1
`;

const crashOfHolder = '  - start B lock x\n  - wait 1s\n  - crash A\n  - wait 60s\n';

/** c1 is cut off, and leads for longer than the others wait: its settings are five times theirs. */
const deposed = `${cluster.replace(
  'c1..c3: server',
  'c1: { role: server, electionTimeout: 5s..10s, leaderLease: 2500ms }\n  c2..c3: server',
)}  - ops write x 1
  - wait 200ms
  - partition c1 ops | c2 c3 other
  - fire c3 election
  - fire c2 election
  - wait until LeaderEstablished within 10s
  - other write x 2
  - start ops read x mode=consistent
  - wait 5s
`;

export const consulSchedules: Record<string, string> = {
  'consul-still-index': `${lone}  - A unlock x\n  - wait 1s\n`,
  'consul-answers-twice': `${lone}  - start B lock x\n  - wait 1s\n  - A unlock x\n  - wait 1s\n`,
  'consul-forgets-delay': lone + crashOfHolder,
  'consul-leader-delays': `${cluster}  - A lock x ttl=10s\n  - A close\n  - wait 1s\n`,
  'consul-counts-releases': `${lone}  - A unlock x\n  - B lock x\n  - wait 1s\n`,
  'consul-dead-holder': lone + crashOfHolder,
  'consul-delays-while-applying': `${cluster}  - A lock x ttl=10s lockDelay=5s
  - wait 200ms
  - cut c1 -> c3 for 500ms            # c3 applies the invalidation later than the others
  - A close
  - wait until LockDelayed at c1
  - B lock x ttl=10s within 10s
  - wait 1s
`,
  'consul-no-delay': lone + crashOfHolder,
  'consul-short-delay': lone + crashOfHolder,
  'consul-failover-ends-delay':
    `${lone}  - A close\n  - crash consul\n  - restart consul\n  - B lock x within 30s\n`,
  'consul-hasty': `${lone}  - pause A\n  - wait 10s\n`,
  'consul-lasting-clock': `${cluster}  - unplug c1 for 2s\n  - wait 5s\n`,
  'consul-endless-lease': `${cluster}  - unplug c1 for 2s\n  - wait 5s\n`,
  'consul-unconfirmed-read': deposed,
  'consul-holds-on': `${lone}  - A unlock x\n`,
};
