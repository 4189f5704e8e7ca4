/** For each mutant of a lock a scenario in which it violates its invariant. */

const etcd = `protocol: etcd-lock
nodes: { n1..n3: replica, A: worker, B: worker, C: worker }
seed: 1
steps:
  - fire n1 election
  - wait until LeaderElected at n1
  - A lock x ttl=10s
`;

const zookeeper = `protocol: zookeeper-lock
nodes: { zk: server, A: worker, B: worker, C: worker }
seed: 1
steps:
  - A lock x timeout=10s
`;

const consul = `protocol: consul-lock
nodes: { consul: server, A: worker, B: worker }
seed: 1
steps:
  - A lock x ttl=10s
`;

/** A has the lock, B and C wait in the queue, and B leaves it. */
const middleLeaves = `  - start B lock x
  - wait until LockRefused at B
  - start C lock x
  - wait until LockRefused at C
  - wait 1s
  - B close
  - wait 1s
`;

const crashOfHolder = `  - start B lock x
  - wait until LockRefused at B
  - crash A
  - wait 40s
`;

export const lockSchedules: Record<string, string> = {
  'etcd-told-is-owner': etcd + middleLeaves,
  'etcd-local-expiry': etcd + crashOfHolder,
  'etcd-revision-by-keys': `${etcd}  - A unlock x\n  - wait 1s\n`,
  'zookeeper-told-is-owner': zookeeper + middleLeaves,
  'zookeeper-forgotten-zxid': `${zookeeper}  - crash zk\n  - restart zk\n  - wait 1s\n`,
  'zookeeper-orphan': zookeeper + crashOfHolder,
  'consul-counts-releases': `${consul}  - A unlock x\n  - wait 1s\n`,
  'consul-dead-holder': consul + crashOfHolder,
  'consul-no-delay': consul + crashOfHolder,
};
