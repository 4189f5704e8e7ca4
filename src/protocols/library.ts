/** The built-in protocols: adding one is its file and one line here. */
import type { Protocol } from '../protocol/types.ts';
import { consulLock } from './consul-lock.ts';
import { database } from './database.ts';
import { etcdLock } from './etcd-lock.ts';
import { fencedLock } from './fenced-lock.ts';
import { raft } from './raft.ts';
import { redisLock } from './redis-lock.ts';
import { redlock } from './redlock.ts';
import { zookeeperLock } from './zookeeper-lock.ts';

export const library: readonly Protocol[] = [
  raft,
  fencedLock,
  redisLock,
  redlock,
  etcdLock,
  zookeeperLock,
  consulLock,
  database,
];
