/** The scenarios of Spanner, CockroachDB and the database of one server in which mutants are looked for. */

import { head, rough, scenario, steps } from './scenario-text.ts';

const spannerClock = 'driftBound: 20000, pollEpsilon: 8ms, pollInterval: 400ms';
const spannerReplica = `role: replica, ${spannerClock}, leaseDuration: 400ms, ` +
  'heartbeatInterval: 60ms, electionDelay: 5ms..60ms, safeTimeInterval: 150ms, ' +
  'transactionTimeout: 150ms';
const spannerLeases = spannerReplica.replace('400ms, heartbeatInterval: 60ms', '200ms, heartbeatInterval: 40ms');
const spannerClient = `role: client, ${spannerClock}, retryAfter: 40ms, restartDelay: 2ms..20ms, ` +
  'keepAliveInterval: 50ms, patience: 3s';

export const spanner = scenario('spanner', [
  `a1: { ${spannerReplica}, clock: { offset: 8ms, drift: 20000ppm } }`,
  `a2: { ${spannerReplica}, clock: { offset: -8ms, drift: -20000ppm } }`, `a3: { ${spannerReplica} }`,
  `b1: { ${spannerReplica}, clock: { offset: -8ms, drift: -20000ppm } }`,
  `b2: { ${spannerReplica}, clock: { offset: 8ms, drift: 20000ppm } }`, `b3: { ${spannerReplica} }`,
  `c1: { ${spannerClient}, clock: { offset: 8ms } }`,
  `c2: { ${spannerClient}, clock: { offset: -8ms } }`, `c3: { ${spannerClient} }`,
].join(', '), [
  'wait 300ms', 'nemesis: crash | partition | pause every 100ms..600ms on a1 a2 a3 b1 b2 b3',
  'start repeat 6 times every 50ms..300ms within 300ms: a1..a3 abdicate',
  'repeat 40 times every 5ms..80ms within 500ms: c1..c3 write a/x new | write b/x new | ' +
    'transfer a/x b/x 1 | transfer b/x a/x 1 | add a/x 1..5 | read a/x | readAll [a/x, b/x] | begin | commit | ' +
    'snapshot [a/x, b/x] age=30ms',
  'wait 500ms',
], rough);

/** One group whose leaders change often: a server is away while others are elected and fail. */
export const spannerGroup = scenario('spanner', [
  `a1: { ${spannerLeases}, clock: { offset: 8ms, drift: 20000ppm } }`,
  `a2: { ${spannerLeases}, clock: { offset: -8ms, drift: -20000ppm } }`, `a3: { ${spannerLeases} }`,
  `c1: { ${spannerClient}, clock: { offset: 8ms } }`, `c2: { ${spannerClient}, clock: { offset: -8ms } }`,
].join(', '), [
  'wait 100ms', 'nemesis: crash | pause every 30ms..300ms for 2s on a1 a2 a3',
  'nemesis: partition every 30ms..300ms on a1 a2 a3',
  'repeat 40 times every 5ms..80ms within 200ms: c1..c2 write a/x new | write a/x new | read a/x | ' +
    'add a/x 1..5 | readAll [a/x, a/y] | snapshot [a/x, a/y] age=30ms',
  'wait 300ms',
], rough);

const cockroachNode = 'splits: [m], maxOffset: 120ms, electionTimeout: 200ms..400ms, ' +
  'heartbeatInterval: 120ms, leaseDuration: 1s, leaseRenewal: 450ms, transactionHeartbeat: 200ms, ' +
  'transactionExpiry: 500ms, requestTimeout: 200ms, statementTimeout: 8s, clockProbeInterval: 1s';

/** Three nodes of these settings, whose clocks are apart. */
const cockroachNodes = (node: string) =>
  [40, 0, -40].map((ms, i) => `n${i + 1}: { ${node}, clock: { offset: ${ms}ms } }`).join(', ');

export const cockroach = (statements: string) => scenario('cockroach', cockroachNodes(cockroachNode), [
  'wait 600ms', 'nemesis: crash | partition | pause every 200ms..900ms',
  `repeat 25 times every 5ms..100ms within 400ms: n1..n3 ${statements}`, 'wait 300ms',
], rough);

/** Clocks jump ahead by half the maximum or more, so that nodes end themselves, but stay within it. */
export const cockroachClocks = (statements: string) => cockroach(statements)
  .replaceAll('maxOffset: 120ms', 'maxOffset: 1100ms, jumpCheck: true')
  .replaceAll('leaseDuration: 1s, leaseRenewal: 450ms', 'leaseDuration: 3s, leaseRenewal: 1s')
  .replace('crash | partition | pause every', 'clock | crash | pause every');

/** Statements follow each other sooner than messages arrive: much is in flight when nodes are cut off. */
export const quickly = (scenario: string) => scenario
  .replace('repeat 25 times every 5ms..100ms', 'repeat 60 times every 1ms..40ms').replace('latency: 1ms..20ms', 'latency: 1ms..60ms');

/**
 * Messages may take longer than a transaction may be silent, so that many are recovered whose
 * coordinators are only slow, or have crashed. Their writes wait for each other at leaseholders
 * that live on, or are still on their way.
 */
export const cockroachTransfers = scenario('cockroach', cockroachNodes(cockroachNode
  .replace('electionTimeout: 200ms..400ms, heartbeatInterval: 120ms',
    'electionTimeout: 600ms..1200ms, heartbeatInterval: 400ms')
  .replace('leaseDuration: 1s, leaseRenewal: 450ms', 'leaseDuration: 3s, leaseRenewal: 1s')
  .replace('transactionHeartbeat: 200ms, transactionExpiry: 500ms',
    'transactionHeartbeat: 60ms, transactionExpiry: 100ms')
  .replace('requestTimeout: 200ms', 'requestTimeout: 500ms')
  .replace('clockProbeInterval: 1s', 'clockProbeInterval: 2s')), [
  'wait 2s', 'nemesis: crash | partition | pause every 200ms..900ms',
  'repeat 40 times every 1ms..40ms within 400ms: n1..n3 ' +
    'transfer a1..a2 x1..x2 1 | transfer x1..x2 a1..a2 1',
  'wait 300ms',
], rough.replace('20ms', '200ms'));

/** Of many keys, so that one transaction seldom waits for another. */
export const ofApplications = 'begin T | write T a1..a3 new | write T x1..x3 new | ' +
  'write T a1..a3 new | write T x1..x3 new | read T a1..a3 | commit T';
/** Of an application: they seldom follow each other at a node if there are many others. */
export const ofTransaction = 'begin T | begin T priority=high | write T a new | write T x new | ' +
  'read T a | read T x | commit T';

const sql = (statement: string) => `sql '${statement}'`;
export const database = `${head('database',
  'db: { role: database, items: 2, stock: 1 }, c1..c3: client')
  .replace('steps:', 'options: { cure: atomic }\nsteps:')}${steps(
  // A commit waits for the disk, so that a crash comes in between.
  'disk db slow 20ms', 'nemesis: crash every 100ms..600ms on db',
  `repeat 40 times every 5ms..60ms within 100ms: c1..c3 begin 'READ COMMITTED' | ` +
    `begin 'REPEATABLE READ' | begin SERIALIZABLE | commit | rollback | disconnect | buy | ${[
      'UPDATE items SET qty = qty - 1 WHERE id = 1', 'UPDATE items SET qty = qty - 1 WHERE id = 2',
      'SELECT * FROM items', 'SELECT * FROM items WHERE id = 1 FOR UPDATE',
      'SELECT * FROM items WHERE id = 1 FOR SHARE',
      'SELECT * FROM items WHERE id = 1 FOR UPDATE NOWAIT', 'LOCK TABLE items',
      'SELECT pg_advisory_lock(1)', 'SELECT pg_advisory_unlock(1)',
    ].map(sql).join(' | ')}`,
  'wait 500ms',
)}`;

/** Serializable transactions that read what others write. */
export const databaseSerializable = scenario('database',
  'db: { role: database, items: 3, stock: 50 }, c1..c3: client', [
    `repeat 150 times every 1ms..20ms within 100ms: c1..c3 begin SERIALIZABLE | begin SERIALIZABLE | ${[
      'SELECT * FROM items', 'SELECT * FROM items',
      ...[1, 2, 3].map((id) => `UPDATE items SET qty = qty - 1 WHERE id = ${id}`),
    ].map(sql).join(' | ')} | commit | commit`, 'wait 200ms',
  ]);
