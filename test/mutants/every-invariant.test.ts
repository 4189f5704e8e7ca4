/** Every invariant of every built-in protocol has a mutant that violates it. */
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { cockroachMutants } from './cockroach-mutants.ts';
import { configurationMutants } from './configuration-store/store-mutants.ts';
import { multiPaxosMutants } from './consensus/multi-paxos-mutants.ts';
import { naiveClusterMutants } from './consensus/naive-cluster-mutants.ts';
import { paxosMutants } from './consensus/paxos-mutants.ts';
import { clockMutants } from './foundations/clock-mutants.ts';
import { cacheMutants } from './cache/cache-mutants.ts';
import { logMutants, requestMutants } from './foundations/failure-mutants.ts';
import { mutexMutants, snapshotMutants } from './foundations/order-mutants.ts';
import { benOrMutants, generalsMutants } from './foundations/undecided-mutants.ts';
import { databaseMutants } from './database-mutants.ts';
import { kafkaMutants } from './kafka/kafka-mutants.ts';
import { kraftMutants } from './kraft/kraft-mutants.ts';
import { leaseMutants } from './kubernetes/lease-mutants.ts';
import { lockMutants } from './lock-mutants.ts';
import type { Mutant } from './mutant.ts';
import { patroniMutants } from './patroni-mutants.ts';
import { raftMutants } from './raft-mutants.ts';
import { jobMutants } from './scheduler/job-mutants.ts';
import { spannerMutants } from './spanner-mutants.ts';
import { storeMutants } from './stores/store-mutants.ts';
import { causalMutants, gossipMutants } from './stores/weak-mutants.ts';
import { swimMutants } from './swim-mutants.ts';

const tables: readonly Record<string, Mutant>[] = [
  raftMutants,
  lockMutants,
  databaseMutants,
  paxosMutants,
  multiPaxosMutants,
  naiveClusterMutants,
  cockroachMutants,
  spannerMutants,
  configurationMutants,
  swimMutants,
  leaseMutants,
  jobMutants,
  kafkaMutants,
  kraftMutants,
  patroniMutants,
  clockMutants,
  mutexMutants,
  snapshotMutants,
  benOrMutants,
  generalsMutants,
  requestMutants,
  cacheMutants,
  logMutants,
  storeMutants,
  causalMutants,
  gossipMutants,
];

/** The tables contain mutants of the locks under the invariants that locks share. */
const violated = new Set(tables.flatMap((table) => Object.values(table).map((one) => one.violates)));

test.each(library)('$name', ({ invariants }) => {
  expect(Object.keys(invariants).filter((name) => !violated.has(name))).toEqual([]);
});
