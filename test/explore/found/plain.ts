/**
 * The scenarios in which mutants are looked for: a cluster, what its clients do, and faults that the
 * protocol is made for, in no order that a mutant needs. Steps that the protocol itself can
 * fail are begun and not waited for.
 */

import {
  cockroach, cockroachClocks, cockroachTransfers, database, databaseSerializable, ofApplications,
  ofTransaction, quickly, spanner, spannerGroup,
} from './databases.ts';
import { rough, scenario } from './scenario-text.ts';

const onKeys = 'put k1..k2 new | put k1..k2 1..3 | get k1..k2 | cas k1..k2 1..3 4';

/** So that a short run has several leaders. */
const quick = 'electionTimeout: 60ms..120ms, heartbeatInterval: 30ms';

/** An entry in each call, as in Figure 8 of Raft's paper: a log is repaired in several calls. */
const oneByOne = 'maxEntriesPerAppend: 1';

/** Servers that crash and are cut off, while clients put and get. */
const keyValues = (protocol: string, servers: string) => scenario(
  protocol, `${servers}, c1..c2: client`,
  ['wait 400ms', 'nemesis: crash | partition every 100ms..500ms',
    `repeat 25 times every 10ms..120ms within 300ms: c1..c2 ${onKeys}`, 'wait 500ms'],
  rough,
);

const store = (servers: string, clients: string, operations: string, network = `${rough}, loss: 5%`) =>
  scenario('register-store', `${servers}, ${clients}`, [
    'nemesis: crash | partition every 100ms..300ms',
    `repeat 25 times every 5ms..40ms within 200ms: c1..c3 ${operations}`, 'wait 500ms',
  ], network);

const onRegisters = 'read k1 | read k1..k2 | write k1 new | write k2 new';

const offsets = [-100, 0, 100];

/** Three servers with a client next to each, and clocks that are apart. */
const weak = (server: string, client: string, operations: string) => {
  const servers = offsets.map((ms, i) =>
    `n${i + 1}: { role: server, ${server}, clock: { offset: ${ms}ms } }`);
  const clients = offsets.map((_, i) =>
    `c${i + 1}: { role: client, near: n${i + 1}, timeout: 200ms, ${client} }`);
  return store(servers.join(', '), clients.join(', '), operations);
};

const causal = 'replication: causal';
const gossip = (more = '') => `replication: gossip, gossipInterval: 30ms${more}`;

const quorum = (server: string, servers = 'n1..n3') => store(
  `${servers}: { role: server, replication: quorum, ${server} }`,
  ['n1', 'n1', 'n2'].map((near, i) => {
    const settings = `replication: quorum, timeout: 80ms, near: ${near}`;
    return `c${i + 1}: { role: client, ${settings}, readFrom: any }`;
  }).join(', '),
  onRegisters,
);

const sessions = store(
  'n1..n3: { role: server, replication: leader, shipEvery: 20ms }',
  `c1..c3: { role: client, replication: leader, timeout: 80ms, readFrom: any, ` +
    'session: [read-your-writes, monotonic-reads] }',
  onRegisters,
);

const clocks = (stamps: string) => scenario(
  'logical-clocks',
  offsets.map((ms, i) => `n${i + 1}: { role: replica, stamps: ${stamps}, syncInterval: 50ms, ` +
    `clock: { offset: ${ms}ms } }`).join(', '),
  ['nemesis: crash | partition every 50ms..200ms',
    'repeat 20 times every 5ms..30ms: n1..n3 put k1..k2 1..9', 'wait 300ms'],
  `${rough}, loss: 5%`,
);

const raftMembers = scenario(
  'raft',
  'n1..n5: { role: replica, members: [n1, n2, n3], preVote: true, checkQuorum: true }, ' +
    'c1..c2: client',
  ['wait 400ms', 'nemesis: crash | partition | pause every 100ms..500ms',
    'repeat 20 times every 20ms..150ms within 400ms: c1..c2 put x new | get x | ' +
      'addServer n1..n5 | removeServer n1..n5', 'wait 500ms'],
  rough,
);

/** Raft without what keeps servers that were away from disturbing a leader. */
const raftPlainMembers = raftMembers.replace(', preVote: true, checkQuorum: true', '');

const locks = 'lock x ttl=1s | lock x ttl=3s | write stock new | read stock | unlock x';

const worked = (every: string, operations: string) => [
  'wait 1s', 'nemesis: crash | partition | pause every 300ms..2s',
  `repeat 30 times every ${every} within 1s: w1..w3 ${operations}`, 'wait 3s',
];

const kafka = (broker: string, every = '100ms..600ms') => scenario('kafka',
  `zk: zookeeper, n1..n3: { role: broker, ${broker} }, p1..p2: producer, c: consumer`, [
    'wait 300ms', `nemesis: crash | partition | pause every ${every}`,
    'start repeat 15 times every 10ms..150ms within 500ms: c poll',
    'repeat 30 times every 10ms..150ms within 500ms: p1..p2 send new', 'wait 1s',
  ], rough);

const kafkaBroker = 'sessionTimeout: 100ms, requestTimeout: 40ms, fetchInterval: 60ms, ' +
  'lagTimeMax: 120ms, minInsyncReplicas: 2';

const kraft = (broker: string) => scenario('kraft', [
  'c1..c3: { role: controller, fetchTimeout: 250ms, requestTimeout: 150ms, retryBackoff: 40ms, ' +
    'electionTimeout: 60ms, electionBackoffMax: 60ms, fetchMaxWait: 120ms, ' +
    'brokerSessionTimeout: 150ms }',
  'b1..b3: { role: broker, fetchTimeout: 250ms, requestTimeout: 150ms, retryBackoff: 40ms, ' +
    `fetchInterval: 60ms, heartbeatInterval: 50ms, lagTimeMax: 120ms, ${broker} }`,
  'p1..p2: producer', 'c: consumer',
].join(', '), [
  'wait 600ms', 'nemesis: crash | partition | pause every 100ms..600ms on c1 c2 c3 b1 b2 b3',
  'start repeat 15 times every 10ms..150ms within 500ms: c poll',
  'start repeat 3 times every 300ms..900ms within 500ms: c1..c3 resign',
  'repeat 30 times every 10ms..150ms within 500ms: p1..p2 send new', 'wait 1s',
], rough);

const patroni = (mode: string) => scenario('patroni',
  `dcs: dcs, n1..n3: { role: member, loopWait: 5s, synchronousMode: ${mode}, ` +
    'maximumLagOnFailover: 2 }, c1..c2: { role: client, timeout: 10s }', [
    'wait 32s', 'nemesis: crash | partition | pause every 5s..40s',
    'repeat 30 times every 500ms..8s within 5s: c1..c2 write k1..k2 new | read k1..k2', 'wait 60s',
  ]);

const lease = scenario('kubernetes-lease', [
  'api: apiServer', 'db: storage',
  'w1..w3: { role: candidate, leaseDuration: 1s, renewDeadline: 700ms, retryPeriod: 100ms, ' +
    'releaseOnCancel: true, releaseChecksHolder: true, workEndsAfter: 300ms, restartAfter: 100ms }',
].join(', '), [
  'wait 500ms',
  // Faults may outlast a lease, and a leader seldom stops by itself.
  'nemesis: crash | partition | pause | clock every 300ms..2500ms on api db w1 w2 w3',
  'repeat 60 times every 50ms..300ms within 300ms: w1..w3 write x new | write x new | ' +
    'write x new | write x new | stop',
  'wait 2s',
], rough);

const zookeeper = (servers: string, timeout: string) => scenario('zookeeper-lock',
  `${servers}, w1..w3: worker, k1: { role: client, timeout: ${timeout} }, ` +
  `k2: { role: client, timeout: ${timeout}, servers: [z2] }`, [
    'disk z1 slow 20ms', 'disk z2 slow 20ms', 'disk z3 slow 20ms', 'wait 1s',
    'nemesis: crash | partition | pause every 300ms..2s for 8s on z1 z2 z3',
    'nemesis: crash | partition | pause every 300ms..2s on z1 z2 z3 w1 w2 w3 k1 k2',
    'start repeat 8 times every 100ms..1s within 2s: w1..w3 lock x timeout=4s | unlock x | close',
    'repeat 30 times every 20ms..300ms within 1s: k1..k2 create /a | set /a new | set /a new | ' +
      'get /a watch=true | get /a watch=true | exists /a watch=true | delete /a | create /a/x | ' +
      'create /q 1 kind=sequential | sync | ' +
      'children / watch=true | close',
    'wait 5s',
  ]);

/**
 * One server, whose clients come back to it. Curator does not promise protection if a client comes
 * to another server: its search may not see a create that is not yet committed.
 */
const zookeeperAlone = scenario('zookeeper-lock',
  'zk: { role: server, tickTime: 500ms, initLimit: 4, syncLimit: 2 }, w1..w2: worker, ' +
    'k1..k2: { role: client, timeout: 4s }', [
    'nemesis: crash | partition | pause every 300ms..3s on zk w1 w2 k1 k2',
    'start repeat 10 times every 100ms..1s within 2s: w1..w2 lock x timeout=4s protected=true | ' +
      'unlock x | close',
    'repeat 30 times every 20ms..600ms within 1s: k1..k2 create /a | set /a new | exists /a',
    'wait 5s',
  ], 'latency: 1ms..20ms');

const etcd = scenario('etcd-lock', 'n1..n3: { role: replica, electionTimeout: 300ms..600ms, ' +
  'heartbeatInterval: 60ms }, w1..w2: worker, k1..k2: client', [
  'wait 600ms', 'nemesis: crash | partition | pause every 300ms..2s on n1 n2 n3 w1 w2',
  'start repeat 10 times every 100ms..1s within 2s: w1..w2 lock x ttl=3s | unlock x | close',
  'repeat 30 times every 20ms..300ms within 1s: k1..k2 put y new | get y | get x prefix=true | delete y | ' +
    'watch y | connect n1..n3 | compact 1..6',
  'wait 5s',
]);

const consul = scenario('consul-lock', 'c1..c3: server, w1..w2: worker, ops: operator', [
  'wait 3s', 'nemesis: crash | partition | pause every 1s..5s for 60s on c1 c2 c3',
  'nemesis: crash | partition | pause every 1s..5s on c1 c2 c3 w1 w2',
  'start repeat 12 times every 500ms..5s within 5s: ops read x mode=consistent | read x | ' +
    'write y new | read y mode=consistent | kv delete x',
  'repeat 15 times every 200ms..8s within 5s: w1..w2 lock x ttl=10s lockDelay=8s | ' +
    'lock x ttl=10s lockDelay=8s | unlock x | close x',
  'wait 20s',
]);

/** Each server has an operator beside it, who also asks a leader that was paused. */
const consulReads = scenario('consul-lock', 'c1..c3: { role: server, leaderLease: 900ms }, ' +
  [1, 2, 3].map((i) => `o${i}: { role: operator, endpoint: c${i} }`).join(', '), [
  'wait 3s', 'nemesis: partition | pause every 300ms..3s on c1 c2 c3',
  'repeat 40 times every 50ms..500ms within 1s: o1..o3 write x new | read x mode=consistent | ' +
    'read x mode=consistent',
  'wait 2s',
]);

/** One server stands for a cluster that fails over, and keeps its lock-delays. */
const consulAlone = scenario('consul-lock', 'consul: server, w1..w3: worker', [
  'wait 1s', 'nemesis: crash | partition | pause every 300ms..3s on consul w1 w2',
  'repeat 20 times every 200ms..3s within 4s: w1..w3 lock x ttl=10s lockDelay=8s | ' +
    'lock x ttl=10s lockDelay=8s | close x',
  'wait 10s',
]);

const generals = (network: string) => scenario('two-generals',
  'g1..g2: { role: general, acknowledgements: 2, dawn: 500ms }', ['start g1 order'], network);

export const plainScenarios = {
  'raft': keyValues('raft', `n1..n3: { role: replica, ${quick} }`),
  'raft, four servers': keyValues('raft', `n1..n4: { role: replica, ${quick} }`),
  'raft, one by one': keyValues('raft', `n1..n3: { role: replica, ${quick}, ${oneByOne} }`),
  'raft, five servers': keyValues('raft', `n1..n5: { role: replica, ${quick}, ${oneByOne} }`),
  'raft, votes': keyValues('raft', 'n1..n3: { role: replica, preVote: true, checkQuorum: true }'),
  'raft, votes of five': keyValues('raft', 'n1..n5: { role: replica, preVote: true }'),
  'raft, members': raftMembers,
  'raft, plain members': raftPlainMembers,
  'paxos': scenario('paxos', 'p1..p3: proposer, a1..a3: acceptor, l1: learner', [
    'nemesis: crash | partition every 20ms..200ms on p1 p2 p3 a1 a2 a3',
    'start repeat 4 times every 20ms..200ms within 200ms: l1 learn',
    'repeat 10 times every 5ms..100ms within 200ms: p1..p3 propose new', 'wait 500ms',
  ], `${rough}, loss: 10%`),
  'multi-paxos': keyValues('multi-paxos', `n1..n3: { role: replica, ${quick} }`),
  'naive-cluster': keyValues('naive-cluster', 'n1..n3: { role: replica, elects: majority }'),
  'naive-cluster, four servers':
    keyValues('naive-cluster', 'n1..n4: { role: replica, elects: majority }'),
  'cockroach': cockroach('transfer a x 1 | transfer x a 1 | put a new | put x new | ' +
    `get a | get x | add a 1..5 | ${ofTransaction} | split c`),
  'cockroach, applications': quickly(cockroach(ofApplications)),
  'cockroach, transfers': cockroachTransfers,
  'cockroach, clocks': cockroachClocks('transfer a x 1 | put a new | put x new | get a | get x'),
  'spanner': spanner,
  'spanner, one group': spannerGroup,
  'configuration-store': scenario('configuration-store', 'n1..n3: replica, ' +
    'c1..c2: { role: client, retryAfter: 50ms, keepAlive: 100ms }', [
    'wait 400ms', 'nemesis: crash | partition every 100ms..500ms',
    'repeat 40 times every 5ms..80ms within 300ms: c1..c2 put a1..a2 new | put b new | ' +
      'swap b new 1..8 | delete b | get b | get b stale=true | watch a 1..6 prefix=true | watch b | ' +
      'connect n1..n3 | compact 1..6 | unwatch b',
    'wait 500ms',
  ], 'latency: 1ms..20ms'),
  'swim': scenario('swim', 'n1..n5: { role: member, protocolPeriod: 200ms, pingTimeout: 80ms, ' +
    'suspicionMult: 3, gossipInterval: 50ms, pushPullInterval: 3s, reconnectInterval: 3s, ' +
    'gossipToTheDead: 2s }', [
    'nemesis: crash | partition | pause every 300ms..1500ms for 5s', 'wait 6s',
  ], 'loss: 5%, reorder: true'),
  'kubernetes-lease': lease,
  'job-scheduler': scenario('job-scheduler', 'store: store, ledger: ledger, w1..w3: { role: scheduler, ' +
    'ttl: 400ms, period: 200ms, workTime: 50ms, retryAfter: 50ms }', [
    'nemesis: crash | partition | pause every 50ms..500ms for 5s', 'wait 6s',
  ], rough),
  'kafka': kafka(kafkaBroker),
  'kafka, few replicas': kafka(kafkaBroker.replace('minInsyncReplicas: 2', 'fetchMaxRecords: 1')),
  /** Faults that follow each other within the time of a fetch. */
  'kafka, quick faults':
    kafka(kafkaBroker.replace('minInsyncReplicas: 2', 'fetchMaxRecords: 1'), '10ms..300ms'),
  'kraft': kraft('minInsyncReplicas: 2'),
  'kraft, few records': kraft('fetchMaxRecords: 1'),
  'patroni': patroni('off'),
  'patroni, synchronous': patroni('strict'),
  'clocks, lamport': clocks('lamport'),
  'clocks, vector': clocks('vector'),
  'clocks, hybrid': clocks('hybrid'),
  'lamport-mutex': scenario('lamport-mutex', 'p1..p3: participant', [
    'repeat 15 times every 1ms..30ms within 20ms: p1..p3 lock | unlock | unlock', 'wait 100ms',
  ], rough),
  'chandy-lamport': scenario('chandy-lamport', 'b1..b3: branch', [
    'repeat 20 times every 1ms..20ms within 20ms: b1..b3 transfer b1..b3 1..20 | ' +
      'transfer b1..b3 1..20 | snapshot', 'wait 100ms',
  ], rough),
  'ben-or': scenario('ben-or', 'p1..p3: { role: participant, tolerates: 1 }', [
    'start p1 propose 0', 'start p2 propose 1', 'start p3 propose 1', 'wait 500ms',
  ], rough),
  'ben-or, agreed': scenario('ben-or', 'p1..p3: { role: participant, tolerates: 1 }', [
    'start p1 propose 1', 'start p2 propose 1', 'start p3 propose 1', 'wait 500ms',
  ], rough),
  'two-generals': generals('loss: 30%'),
  'two-generals, no loss': generals('loss: 0%'),
  'request-reply': scenario('request-reply', 'server: { role: server, workTime: 20ms }, ' +
    'c1..c2: { role: client, attempts: 3 }', [
    'nemesis: crash every 100ms..900ms on server',
    'repeat 15 times every 5ms..200ms within 300ms: c1..c2 add 1..9 | set 1..9', 'wait 2s',
  ], `${rough}, loss: 20%`),
  'write-ahead-log': scenario('write-ahead-log', 'db: { role: store, pages: 2 }', [
    'nemesis: crash every 5ms..60ms for 1s', 'repeat 20 times every 1ms..40ms within 20ms: db write new',
    'wait 200ms',
  ]),
  'cache': scenario('cache', 'db: database, mc: { role: cache, leases: true }, ' +
    'c1..c3: { role: client, cacheTimeout: 100ms }', [
    'nemesis: crash every 50ms..300ms on mc',
    'repeat 30 times every 1ms..40ms within 200ms: c1..c3 get k1 | get k1 | put k1 new', 'wait 300ms',
  ], 'latency: 1ms..20ms'),
  'cache, edges': scenario('cache', 'db: database, e1..e2: { role: edge, ttl: 50ms }, ' +
    'c1..c3: { role: client, cacheTimeout: 100ms }', [
    'repeat 30 times every 1ms..40ms within 200ms: c1..c3 get k1 | get k1 | put k1 new', 'wait 300ms',
  ]),
  'database': database,
  'database, serializable': databaseSerializable,
  'register-store': quorum('readRepair: true'),
  'register-store, all write': quorum('readQuorum: 1, writeQuorum: 3, writeBack: true'),
  'register-store, sloppy': quorum('copies: 3, sloppy: true, readRepair: true', 'n1..n5'),
  'register-store, leader': store('n1..n3: { role: server, replication: leader }',
    'c1..c3: { role: client, replication: leader, timeout: 80ms, readFrom: any }', onRegisters),
  'register-store, sessions': sessions,
  'register-store, causal': weak(causal, causal, onRegisters),
  'register-store, own writes': weak(causal,
    `${causal}, readFrom: any, session: [read-your-writes]`, onRegisters),
  'register-store, own reads': weak(causal,
    `${causal}, readFrom: any, session: [monotonic-reads]`, onRegisters),
  'register-store, writes in order': weak(causal,
    `${causal}, writeTo: any, session: [monotonic-writes]`, onRegisters),
  'register-store, writes after reads': weak(causal,
    `${causal}, session: [writes-follow-reads]`, onRegisters),
  'register-store, gossip': weak(gossip(), 'replication: gossip', onRegisters),
  'register-store, siblings': weak(gossip(', conflict: siblings'),
    'replication: gossip, readFrom: any', 'get x | put x new'),
  'register-store, counter': weak(gossip(', type: counter, conflict: merge'),
    'replication: gossip', 'increment x 1..9 | decrement x 1..9 | read x'),
  'register-store, set': weak(gossip(', type: set, conflict: merge'),
    'replication: gossip', 'add x 1..3 | add x 1..3 | remove x 1..3 | read x'),
  'fenced-lock': scenario('fenced-lock', 'server: lockServer, db: { role: storage, fenceReads: true }, ' +
    'w1..w3: { role: worker, timeout: 500ms }', worked('20ms..400ms', locks)),
  'redis-lock': scenario('redis-lock', 'r1: { role: redis, persistence: always }, db: storage, ' +
    'w1..w3: worker', worked('20ms..400ms', `${locks} | redis "SET y 1"`)),
  'redis': scenario('redis', 'r1: redis, c1..c3: client', [
    `repeat 20 times every 5ms..100ms within 300ms: c1..c3 redis "BLPOP q 1" | redis "RPUSH q a" | ` +
      'redis "SET x 1 EX 1" | redis "GET x" | redis "INCR n"', 'wait 2s',
  ]),
  'reentrant-lock': scenario('reentrant-lock', 'r1: redis, db: storage, w1..w3: worker',
    worked('20ms..400ms', locks)),
  'etcd-lock': etcd,
  'zookeeper-lock': zookeeper(
    'z1..z3: { role: server, tickTime: 500ms, initLimit: 4, syncLimit: 2, commitLogCount: 2 }', '2s'),
  'zookeeper-lock, one server': zookeeperAlone,
  'consul-lock': consul,
  'consul-lock, reads': consulReads,
  'consul-lock, one server': consulAlone,
} as const;

export type PlainScenario = keyof typeof plainScenarios;

/** Mutants of a part that a protocol has only with certain settings, by the begin of their name. */
const ofParts: readonly (readonly [begin: string, scenario: PlainScenario])[] = [
  ['cluster-half', 'naive-cluster, four servers'],
  ['cockroach-confirms', 'cockroach, applications'], ['cockroach-ended', 'cockroach, clocks'],
  ['cockroach-prevents', 'cockroach, transfers'],
  ['spanner-first-answer', 'spanner, one group'], ['spanner-no-own-record', 'spanner, one group'],
  ['database-commits-doomed', 'database, serializable'],
  ['zookeeper-creates', 'zookeeper-lock, one server'],
  ['zookeeper-two-connections', 'zookeeper-lock, one server'],
  ['consul-unconfirmed', 'consul-lock, reads'], ['consul-failover', 'consul-lock, one server'],
  ['spanner-forg', 'spanner, one group'], ['spanner-votes', 'spanner, one group'],
  ['raft-small-quorum', 'raft, four servers'], ['raft-votes-against', 'raft, votes'], ['raft-pre-votes', 'raft, votes of five'],
  ['raft-pre-vote', 'raft, votes'], ['raft-counts-itself', 'raft, votes'],
  ['raft-falling', 'raft, one by one'], ['raft-match-whole', 'raft, one by one'],
  ['raft-commit-beyond', 'raft, one by one'],
  ['raft-two-servers', 'raft, members'], ['raft-removed', 'raft, plain members'],
  ['raft-deleted', 'raft, plain members'], ['raft-answers-change', 'raft, members'],
  ['raft-change-before', 'raft, plain members'], ['raft-commit-by-counting', 'raft, five servers'],
  ['patroni-any', 'patroni, synchronous'], ['patroni-answers', 'patroni, synchronous'],
  ['lamport-', 'clocks, lamport'], ['vector-', 'clocks, vector'], ['hybrid-', 'clocks, hybrid'],
  ['kafka-hasty', 'kafka, few replicas'], ['kafka-before-kip', 'kafka, quick faults'],
  ['kafka-no-truncation', 'kafka, few replicas'], ['kafka-watermark', 'kafka, few replicas'],
  ['kafka-follower-jumps', 'kafka, few replicas'], ['kraft-follower-jumps', 'kraft, few records'],
  ['ben-or-wants-all', 'ben-or, agreed'], ['ben-or-any', 'ben-or, agreed'],
  ['generals-one-less', 'two-generals, no loss'], ['cache-forgets', 'cache, edges'],
  ['store-writes-nothing-back', 'register-store, all write'],
  ['store-takes-old-hints', 'register-store, sloppy'],
  ['store-forgets-hints', 'register-store, sloppy'],
  ['store-applies-out-of-order', 'register-store, leader'],
  ['store-reads-anywhere', 'register-store, sessions'],
  ['store-moves-sessions', 'register-store, sessions'],
  ['causal-forgets-its-writes', 'register-store, writes in order'],
  ['causal-forgets-its-reads', 'register-store, writes after reads'],
  ['causal-reads-without-its-writes', 'register-store, own writes'],
  ['causal-reads-without-its-reads', 'register-store, own reads'],
  ['causal-', 'register-store, causal'], ['register-', 'register-store, gossip'],
  ['siblings-', 'register-store, siblings'], ['counter-', 'register-store, counter'],
  ['set-', 'register-store, set'],
];

/** The scenario in which a mutant of a protocol is looked for. */
export function scenarioFor(protocol: string, mutant: string): PlainScenario {
  const found = ofParts.find(([begin]) => mutant.startsWith(begin));
  const name = found?.[1] ?? protocol;
  const isOwn = name in plainScenarios && plainScenarios[name as PlainScenario].startsWith(`protocol: ${protocol}\n`);
  if (isOwn) return name as PlainScenario;
  if (protocol in plainScenarios) return protocol as PlainScenario;
  throw new Error(`${mutant} has no scenario: ${name}`);
}
