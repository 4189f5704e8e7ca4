/**
 * Nightly: every broken sample, and each mutant of the consensus protocols, is found without a hint
 * in 60 s of CPU time. The table beside this file is written by this test.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Mutant } from '../../mutants/mutant.ts';
import { compile } from '../../mutants/mutants.ts';
import { multiPaxosMutants } from '../../mutants/consensus/multi-paxos-mutants.ts';
import { paxosMutants } from '../../mutants/consensus/paxos-mutants.ts';
import { raftMutants } from '../../mutants/raft-mutants.ts';
import { exploredFile, exploredMutant, type Row, tableOf } from './search.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rows: Row[] = [];

/** Written as it grows, so that a run that is ended shows how far it was. */
function note(row: Row): Row {
  rows.push(row);
  const kept = readFileSync(here('./README.md'), 'utf8').split('<!-- table -->')[0];
  writeFileSync(here('./README.md'), `${kept}<!-- table -->\n\n${tableOf(rows)}`);
  return row;
}

const samples = readdirSync(here('../../../samples'), { recursive: true })
  .map((file) => `samples/${String(file).replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.broken.scenario.yaml'))
  .sort();

const bugs = [
  ['quorum', '--untimed'],
  ['vote', '--untimed', '--faults', 'crashes=1'],
  ['lease'],
  ['commitment', '--untimed'],
  ['commitment', '--untimed', '--mode', 'delay'],
  ['transaction', '--faults', 'crashes=1'],
  ['release'],
];

test.each(bugs)('find-the-bug: %s %s %s %s', async (name, ...options) => {
  const row = note(await exploredFile(`samples/find-the-bug/${name}.scenario.yaml`, ...options));
  expect(row.isSaved).toBe(true);
});

test('a proposer that takes the last promise, not the highest', async () => {
  const row = note(await exploredFile('test/explore/last-promise/duel.scenario.yaml'));
  expect(row.isSaved).toBe(true);
});

test.each(samples)('%s', async (file) => {
  expect(note(await exploredFile(file)).by).toBeDefined();
});

const duel = (protocol: string) => `protocol: ${protocol}
nodes: { p1..p3: proposer, a1..a3: acceptor, l1: learner }
network: { latency: 1ms..20ms, loss: 5% }
steps:
  - start p1 propose red
  - start p2 propose blue
  - wait 100ms
  - start p3 propose green
  - start p1 propose red
  - wait 1s
`;

const writes = (protocol: string) => `protocol: ${protocol}
nodes: { n1..n3: replica, c1..c2: client }
network: { latency: 1ms..20ms }
steps:
  - wait 400ms
  - start c1 put x 1
  - start c2 put x 2
  - wait 300ms
  - start c1 put y 3
  - start c2 get x
  - wait 1s
`;

const families: [string, string, Readonly<Record<string, Mutant>>, (name: string) => string][] = [
  ['paxos', 'paxos', paxosMutants, duel],
  ['multi-paxos', 'multi-paxos', multiPaxosMutants, writes],
  ['raft', 'raft', raftMutants, writes],
];

for (const [protocol, folder, mutants, scenarioOf] of families) {
  test.each(Object.entries(mutants))(`${protocol}: %s`, async (name, mutant) => {
    const file = `${folder}/${mutant.in ?? `${protocol}.ts`}`;
    const compiled = await compile(`${folder}/${protocol}.ts`, file, name, mutant);
    const known = compiled.find((one) => one.name === protocol)!;
    const row = note(exploredMutant(name, scenarioOf(protocol), known));
    expect(row.by, `${name} is not found`).toBeDefined();
  });
}

afterAll(() => expect(rows.length).toBeGreaterThan(0));
