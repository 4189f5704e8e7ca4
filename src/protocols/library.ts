/** The built-in protocols: adding one is its file and one line here. */
import type { Protocol } from '../protocol/types.ts';
import { benOr } from './ben-or/ben-or.ts';
import { cache } from './cache/cache.ts';
import { chandyLamport } from './chandy-lamport/chandy-lamport.ts';
import { cockroach } from './cockroach/cockroach.ts';
import { configurationStore } from './configuration-store/configuration-store.ts';
import { consulLock } from './consul/consul-lock.ts';
import { database } from './database/database.ts';
import { etcdLock } from './etcd/etcd-lock.ts';
import { kafka } from './kafka/kafka.ts';
import { kraft } from './kraft/kraft.ts';
import { fencedLock } from './locks/fenced-lock.ts';
import { kubernetesLease } from './kubernetes/kubernetes-lease.ts';
import { lamportMutex } from './lamport-mutex/lamport-mutex.ts';
import { logicalClocks } from './logical-clocks/logical-clocks.ts';
import { multiPaxos } from './multi-paxos/multi-paxos.ts';
import { naiveCluster } from './naive-cluster/naive-cluster.ts';
import { patroni } from './patroni/patroni.ts';
import { paxos } from './paxos/paxos.ts';
import { raft } from './raft/raft.ts';
import { redisLock } from './redis/redis-lock.ts';
import { redisProtocol } from './redis/redis.ts';
import { redlock } from './redis/redlock.ts';
import { reentrantLock } from './redis/reentrant-lock.ts';
import { registerStore } from './register-store/register-store.ts';
import { requestReply } from './request-reply/request-reply.ts';
import { jobScheduler } from './scheduler/job-scheduler.ts';
import { swim } from './swim/swim.ts';
import { spanner } from './spanner/spanner.ts';
import { twoGenerals } from './two-generals/two-generals.ts';
import { writeAheadLog } from './write-ahead-log/write-ahead-log.ts';
import { zookeeperLock } from './zookeeper/zookeeper-lock.ts';

export const library: readonly Protocol[] = [
  raft,
  paxos,
  multiPaxos,
  naiveCluster,
  fencedLock,
  redisLock,
  redlock,
  reentrantLock,
  redisProtocol,
  etcdLock,
  zookeeperLock,
  consulLock,
  configurationStore,
  kubernetesLease,
  jobScheduler,
  cockroach,
  database,
  cache,
  kafka,
  kraft,
  swim,
  patroni,
  spanner,
  logicalClocks,
  lamportMutex,
  chandyLamport,
  twoGenerals,
  benOr,
  registerStore,
  requestReply,
  writeAheadLog,
];
