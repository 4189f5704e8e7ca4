/** All mutants of the built-in protocols in one list, and how each is compiled. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../../src/protocol/types.ts';
import { cacheMutants } from './cache/cache-mutants.ts';
import { cockroachMutants } from './cockroach-mutants.ts';
import { configurationMutants } from './configuration-store/store-mutants.ts';
import { multiPaxosMutants } from './consensus/multi-paxos-mutants.ts';
import { naiveClusterMutants } from './consensus/naive-cluster-mutants.ts';
import { paxosMutants } from './consensus/paxos-mutants.ts';
import { databaseMutants } from './database-mutants.ts';
import { clockMutants } from './foundations/clock-mutants.ts';
import { logMutants, requestMutants } from './foundations/failure-mutants.ts';
import { mutexMutants, snapshotMutants } from './foundations/order-mutants.ts';
import { benOrMutants, generalsMutants } from './foundations/undecided-mutants.ts';
import { kafkaMutants } from './kafka/kafka-mutants.ts';
import { kraftMutants } from './kraft/kraft-mutants.ts';
import { leaseMutants } from './kubernetes/lease-mutants.ts';
import { lockMutants } from './lock-mutants.ts';
import type { Mutant } from './mutant.ts';
import { compile } from './mutants.ts';
import { patroniMutants } from './patroni-mutants.ts';
import { raftMutants } from './raft-mutants.ts';
import { jobMutants } from './scheduler/job-mutants.ts';
import { spannerMutants } from './spanner-mutants.ts';
import { storeMutants } from './stores/store-mutants.ts';
import { causalMutants, gossipMutants } from './stores/weak-mutants.ts';
import { swimMutants } from './swim-mutants.ts';

/** The mutants of one protocol: its folder and file in `src/protocols`. */
interface Table {
  readonly protocol: string;
  readonly folder: string;
  readonly mutants: Readonly<Record<string, Mutant>>;
  /** The protocol's own file, if it is not called as the protocol. */
  readonly file?: string;
}

const tables: readonly Table[] = [
  { protocol: 'raft', folder: 'raft', mutants: raftMutants },
  { protocol: 'paxos', folder: 'paxos', mutants: paxosMutants },
  { protocol: 'multi-paxos', folder: 'multi-paxos', mutants: multiPaxosMutants },
  { protocol: 'naive-cluster', folder: 'naive-cluster', mutants: naiveClusterMutants },
  { protocol: 'cockroach', folder: 'cockroach', mutants: cockroachMutants },
  { protocol: 'spanner', folder: 'spanner', mutants: spannerMutants },
  {
    protocol: 'configuration-store', folder: 'configuration-store', mutants: configurationMutants,
  },
  { protocol: 'swim', folder: 'swim', mutants: swimMutants },
  { protocol: 'kubernetes-lease', folder: 'kubernetes', mutants: leaseMutants },
  { protocol: 'job-scheduler', folder: 'scheduler', mutants: jobMutants },
  { protocol: 'kafka', folder: 'kafka', mutants: kafkaMutants },
  { protocol: 'kraft', folder: 'kraft', mutants: kraftMutants },
  { protocol: 'patroni', folder: 'patroni', mutants: patroniMutants },
  { protocol: 'logical-clocks', folder: 'logical-clocks', mutants: clockMutants },
  { protocol: 'lamport-mutex', folder: 'lamport-mutex', mutants: mutexMutants },
  { protocol: 'chandy-lamport', folder: 'chandy-lamport', mutants: snapshotMutants },
  { protocol: 'ben-or', folder: 'ben-or', mutants: benOrMutants },
  { protocol: 'two-generals', folder: 'two-generals', mutants: generalsMutants },
  { protocol: 'request-reply', folder: 'request-reply', mutants: requestMutants },
  { protocol: 'write-ahead-log', folder: 'write-ahead-log', mutants: logMutants },
  { protocol: 'cache', folder: 'cache', mutants: cacheMutants },
  { protocol: 'database', folder: 'database', mutants: databaseMutants },
  { protocol: 'register-store', folder: 'register-store', mutants: storeMutants },
  { protocol: 'register-store', folder: 'register-store', mutants: causalMutants },
  { protocol: 'register-store', folder: 'register-store', mutants: gossipMutants },
  ...ofLocks('fenced-lock', 'locks/fenced-lock.ts'),
  ...ofLocks('redis-lock', 'redis/redis-lock.ts'),
  ...ofLocks('redis', 'redis/redis.ts'),
  ...ofLocks('reentrant-lock', 'redis/reentrant-lock.ts'),
  ...ofLocks('etcd-lock', 'etcd/etcd-lock.ts'),
  ...ofLocks('zookeeper-lock', 'zookeeper/zookeeper-lock.ts'),
  ...ofLocks('consul-lock', 'consul/consul-lock.ts'),
];

/** The table of the locks has mutants of several protocols. */
function ofLocks(protocol: string, file: string): Table[] {
  const own = Object.entries(lockMutants).filter(([, one]) => one.protocol === protocol);
  return [{ protocol, folder: '', file, mutants: Object.fromEntries(own) }];
}

export interface KnownMutant {
  readonly name: string;
  readonly protocol: string;
  readonly mutant: Mutant;
  compiled(): Promise<Protocol>;
}

export const allMutants: readonly KnownMutant[] = tables.flatMap((table) =>
  Object.entries(table.mutants).map(([name, mutant]) => ({
    name,
    protocol: table.protocol,
    mutant,
    compiled: () => compiledIn(table, name, mutant),
  })),
);

const protocols = fileURLToPath(new URL('../../src/protocols/', import.meta.url));

/** The tables name the file of a line in the folder of their protocol, or from the top. */
async function compiledIn(
  { protocol, folder, file: own }: Table,
  name: string,
  mutant: Mutant & { file?: string },
): Promise<Protocol> {
  const entry = own ?? `${folder}/${protocol}.ts`;
  const line = mutant.file ?? mutant.in ?? `${protocol}.ts`;
  const inFolder = `${folder}/${line}`;
  const changed = existsSync(`${protocols}${inFolder}`) ? inFolder : line;
  const all = await compile(entry, changed, name, mutant);
  return all.find((one) => one.name === protocol)!;
}
