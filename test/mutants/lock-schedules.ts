/** For each mutant of a lock a scenario in which it violates its invariant. */
import { zabSchedules } from './zab-mutants.ts';
import { consulSchedules } from './consul-mutants.ts';
import { crashOfHolder, middleLeaves, zookeeperSchedules } from './zookeeper-mutants.ts';

const etcd = `protocol: etcd-lock
nodes: { n1..n3: replica, A: worker, B: worker, C: worker }
seed: 1
steps:
  - fire n1 election
  - wait until LeaderElected at n1
  - A lock x ttl=10s
`;

const fenced = `protocol: fenced-lock
nodes: { server: lockServer, A: worker, B: worker, db: storage }
seed: 1
steps:
  - A lock x ttl=1s
`;

/** The lock of A expires, B takes it and reads, A writes late, and B has not written yet. */
const writeAfterRead = `protocol: fenced-lock
nodes: { server: lockServer, A: worker, B: worker, db: { role: storage, fenceReads: true } }
seed: 1
steps:
  - A lock x ttl=1s
  - wait 2s
  - B lock x
  - B read stock
  - start A write stock 2
  - wait 1s
`;

/** The lock of A expires, B takes it and writes, and A writes late. */
const lateWrite = `  - wait 2s
  - B lock x
  - B write stock 1
  - start A write stock 2
  - wait 1s
`;

const redis = `protocol: redis-lock
nodes: { r1: { role: redis, persistence: always }, A: worker, B: worker }
seed: 1
steps:
  - A lock x ttl=10s
  - B redis "SET y 1"
`;

const queue = `protocol: redis
nodes: { redis: redis, A: client, B: client }
seed: 1
steps:
  - start A redis "BLPOP q 5"
  - wait 100ms
  - B redis "RPUSH q x"
  - wait 1s
`;

const reentrant = `protocol: reentrant-lock
nodes: { redis: redis, A: worker, B: worker }
seed: 1
steps:
  - A lock x ttl=5s
  - start B lock x ttl=5s
  - wait 1s
  - A unlock x
  - wait 6s
`;

export const lockSchedules: Record<string, string> = {
  'fenced-forgotten-token': `${fenced}  - crash server\n  - wait 1s\n`,
  'fenced-takes-over': `${fenced}  - start B lock x\n  - wait 500ms\n`,
  'storage-forgotten-tokens': `${fenced}  - A write stock 1\n  - crash db\n  - wait 1s\n`,
  'storage-accepts-old-tokens': fenced + lateWrite,
  'storage-compares-nothing': fenced + lateWrite,
  'storage-lets-strangers-write': `${fenced}  - A write stock 1\n  - start B write stock 2\n  - wait 1s\n`,
  'storage-ignores-readers': writeAfterRead,
  'redis-counts-down': redis,
  'redis-unsettled': redis,
  'redis-no-fsync': `${redis}  - crash r1\n  - wait 1s\n`,
  'redis-sleeps-on': queue,
  'reentrant-for-all': reentrant,
  'etcd-skips-revisions': etcd + middleLeaves,
  'etcd-orphan': etcd + crashOfHolder,
  'etcd-silent-deletion': etcd + middleLeaves,
  'etcd-told-is-owner': etcd + middleLeaves,
  'etcd-local-expiry': etcd + crashOfHolder,
  'etcd-revision-by-keys': `${etcd}  - A unlock x\n  - wait 1s\n`,
  'etcd-forgets-puts': etcd,
  'etcd-lasting-primary': `${etcd}  - partition n1 | n2 n3\n  - wait 5s\n`,
  'etcd-unconfirmed-read': `protocol: etcd-lock
nodes: { n1..n3: replica, A: { role: client, endpoint: n1 }, B: { role: client, endpoint: n2 } }
seed: 1
steps:
  - fire n1 election
  - wait until LeaderElected at n1
  - wait 100ms
  - partition n1 A | n2 n3 B
  - wait 1.1s                         # n3 no longer has a leader, and n1 has not noticed it
  - fire n2 election
  - wait until LeaderElected at n2
  - B put x 2
  - start A get x
  - wait 100ms
`,
  ...consulSchedules,
  ...zookeeperSchedules,
  ...zabSchedules,
};
