/** Each invariant of the etcd, ZooKeeper and Consul locks can fail: a mutant violates it. */
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { violationSentence } from '../../src/check/verdict-words.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { lockSchedules } from './lock-schedules.ts';
import { type LockMutant, lockMutants } from './lock-mutants.ts';
import { replaceLine } from './mutants.ts';

const folder = fileURLToPath(new URL('../../src/protocols/', import.meta.url));
const compiled: Record<string, Protocol> = {};

beforeAll(async () => {
  for (const [name, mutant] of Object.entries(lockMutants)) compiled[name] = await mutantOf(name, mutant);
});

async function mutantOf(name: string, mutant: LockMutant): Promise<Protocol> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}${mutant.protocol.replace('-lock', '')}/${mutant.protocol}.ts`],
    bundle: true,
    write: false,
    format: 'cjs',
    target: 'es2022',
    plugins: [
      {
        name: 'change one line',
        setup({ onLoad }) {
          onLoad({ filter: /src.protocols.[^/\\]+.[^/\\]+\.ts$/ }, ({ path }) => {
            const source = readFileSync(path, 'utf8');
            const isMutated = relative(folder, path).replaceAll('\\', '/') === mutant.file;
            return { loader: 'ts', contents: isMutated ? replaceLine(source, name, mutant) : source };
          });
        },
      },
    ],
  });
  const module = { exports: {} as Record<string, Protocol> };
  // oxlint-disable-next-line no-new-func -- our own source, just compiled
  new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
  return Object.values(module.exports).find((one) => one.name === mutant.protocol)!;
}

interface Violation {
  readonly monitor: string;
  readonly why: string;
}

/** Runs the schedule of a mutant, and returns the first violation of an invariant. */
function play(name: string, protocols: readonly Protocol[]): Violation | undefined {
  const { scenario, problems } = parseScenario(lockSchedules[name], `${name}.yaml`, protocols);
  expect(problems).toEqual([]);
  let first: Violation | undefined;
  simulate(scenario!, (_world, _action, { violations, failure }) => {
    expect(failure).toBeNull();
    const found = violations.find(({ monitor }) => monitor !== 'scenario');
    if (found) first ??= { monitor: found.monitor, why: violationSentence(found) };
  });
  return first;
}

const table = Object.entries(lockMutants).map(([name, mutant]) => ({ name, ...mutant }));

test.each(table)('$name: $doc', ({ name, violates }) => {
  expect(play(name, [compiled[name]])?.monitor).toBe(violates);
  expect(play(name, library)).toBeUndefined();
});

/** Raft's invariants have mutants of their own; samples without fencing violate those of storage. */
const coveredElsewhere = [
  ...Object.keys(raft.invariants),
  'an older token never overwrites a newer one',
  'an earlier holder never overwrites a later one',
];

test('every invariant of these locks has a mutant that violates it', () => {
  for (const name of ['etcd-lock', 'zookeeper-lock', 'consul-lock']) {
    const { invariants } = library.find((one) => one.name === name)!;
    const own = Object.keys(invariants).filter((one) => !coveredElsewhere.includes(one));
    const violated = table.filter(({ protocol }) => protocol === name).map((one) => one.violates);
    expect([...new Set(violated)].sort()).toEqual(own.sort());
  }
});

test('a violation is explained in a sentence', () => {
  const sentences = Object.keys(lockMutants).map((name) => play(name, [compiled[name]])!.why);
  expect(sentences).toMatchInlineSnapshot(`
    [
      "C took x with the key of revision 4, but x/694d01 is before it, created at revision 2.",
      "n1 and n2 have both applied 6 entries, but one has revision 4 with x/694d02 (3/3) and the other revision 3 with x/694d01 (2/2), x/694d02 (3/3).",
      "The revision of n1 fell from 2 to 0.",
      "C took x with the node /x/lock-0000000002, but /x/lock-0000000000 is before it.",
      "The zxid of zk fell from 0x100000002 to 0x100000000.",
      "/x/lock-0000000000 exists, but its session 0x10000001 is over.",
      "x was not acquired by another session, but its LockIndex went from 1 to 2.",
      "x is held by s1, a session that is over: it will never be released.",
      "s2 acquired x in its lock-delay: the last holder may still be at work.",
    ]
  `);
});
