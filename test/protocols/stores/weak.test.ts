/** Causal replication and gossip under random faults: what each promises, and what it does not. */
import { describe, expect, test } from 'vitest';
import type { ServerState } from '../../../src/protocols/register-store/data/state.ts';
import { type Guarantee, guarantees } from '../../../src/protocols/register-store/data/sessions.ts';
import { shownCell } from '../../../src/protocols/register-store/gossip/cells.ts';
import { registerStore } from '../../../src/protocols/register-store/register-store.ts';
import { expectGolden } from '../../golden.ts';
import { clusterOf, playsWithoutProblem, type Reached, violatedBy } from '../consensus/harness.ts';
import { nodes, type Played, play } from '../consensus/schedule.ts';
import type { Cluster } from '../cluster.ts';
import { endFaults } from '../faults.ts';
import { whyNot } from './store-families.ts';
import { weakFamilies } from './weak-families.ts';

type Name = keyof typeof weakFamilies;

/** What each promises of every history. */
const promised: Partial<Record<Name, readonly string[]>> = {
  causal: ['causal-convergent', 'monotonic-reads', 'read-your-writes'],
  'causal at any server': ['causal-convergent', ...guarantees],
  'only read-your-writes': ['read-your-writes'],
  'only monotonic-reads': ['monotonic-reads'],
  'only monotonic-writes': ['monotonic-writes', 'monotonic-reads'],
  'only writes-follow-reads': ['writes-follow-reads', 'read-your-writes', 'monotonic-reads'],
  'causal memory': ['causal-memory', 'PRAM'],
  'last writer wins': ['eventual'],
  siblings: [],
  counter: ['PRAM'],
  set: [],
};

const seeds = Math.ceil(Number(process.env.LOCKSTEP_SEEDS ?? 200) / Object.keys(promised).length);

const serversOf = ({ world }: Cluster) =>
  world.nodes.filter(({ role }) => role === 'server').map(({ state }) => state as unknown as ServerState);

/** What each server shows of each key. */
const valuesOf = (cluster: Cluster) => serversOf(cluster).map(({ registers, cells }) =>
  JSON.stringify([
    Object.entries(registers).map(([key, { value }]) => [key, value]).sort(),
    Object.entries(cells).map(([key, cell]) => [key, shownCell(cell)]).sort(),
  ]));

/** Every promise of convergence is about what happens once messages arrive. */
function whyNotConverged({ cluster }: Played, name: Name): string | undefined {
  if (name === 'causal memory') return undefined;
  endFaults(cluster);
  cluster.run('600ms');
  const values = valuesOf(cluster);
  return new Set(values).size === 1 ? undefined : `servers differ: ${values.join(' and ')}`;
}

describe('under random faults', () => {
  test.each(Object.entries(promised) as [Name, string[]][])(
    '%s keeps its invariants and %j', { timeout: 300_000 }, (name, models) => {
      const answered: Reached = { of: ({ answers }) => answers.size, atLeast: 8 };
      return playsWithoutProblem(
        weakFamilies[name], registerStore, { count: seeds }, [answered],
        (played) => whyNot(played, models) ?? whyNotConverged(played, name),
      );
    },
  );

  const tooStrong: [Name, string][] = [
    ['causal memory', 'causal-convergent'],
    ['last writer wins', 'sequential'],
    ['last writer wins at any server', 'monotonic-reads'],
    ['last writer wins at any server', 'read-your-writes'],
    ['counter', 'sequential'],
  ];
  test.each(tooStrong)('%s is not always %s', (name, model) => {
    let found = 0;
    for (let seed = 1; seed <= 60 && found === 0; seed++) {
      const played = play(weakFamilies[name], registerStore, seed, { violated: 'none' });
      if (whyNot(played, [model]) !== undefined) found = seed;
    }
    expect(found).toBeGreaterThan(0);
  });

  test.each([
    ['without waiting', 'Causes Come First'],
    ['counter by last writer', 'No Increment Is Lost'],
    ['set by last writer', 'A Remove Takes What It Observed'],
  ] as [Name, string][])('%s violates `%s`, and no other', (name, invariant) => {
    expect(violatedBy(weakFamilies[name], registerStore, 15)).toEqual([invariant]);
  });
});

/** Three servers, two clients, and what they do in turn. */
function linesOf(server: object, commands: readonly string[]): string {
  const { replication } = server as { replication: string };
  const cluster = clusterOf(registerStore, [
    ...nodes('server', ['n1', 'n2', 'n3'], server),
    ...nodes('client', ['c1'], { replication, near: 'n1' }),
    ...nodes('client', ['c2'], { replication, near: 'n2' }),
  ]);
  const next: Record<string, number> = { c1: 0, c2: 0 };
  for (const command of commands) {
    cluster.do(command);
    const client = command.slice(0, 2);
    if (client in next) cluster.untilReply(`${client}#${++next[client]!}`);
    else if (command.startsWith('heal')) cluster.run('300ms');
  }
  return cluster.lines.join('\n');
}

describe('in turn', () => {
  test('a causal write waits for its cause', () => {
    expectGolden(import.meta.url, 'store-causal', linesOf({ replication: 'causal', syncInterval: 100_000 }, [
      'cut n1 -> n3', 'c1 write {"key":"x","value":1}', 'c2 read {"key":"x"}',
      'c2 write {"key":"y","value":2}', 'heal',
    ]));
  });
  const changes = { siblings: ['put', 'put', 'get'], counter: ['increment', 'decrement', 'read'], set: ['add', 'remove', 'read'] };
  test.each(['siblings', 'counter', 'set'] as const)('%s', (type) => {
    const [first, second, read] = changes[type];
    const server = {
      replication: 'gossip', gossipInterval: 40_000,
      ...(type === 'siblings' ? { conflict: 'siblings' } : { type, conflict: 'merge' }),
    };
    expectGolden(import.meta.url, `store-${type}`, linesOf(server, [
      'partition n1 | n2 n3', `c1 ${first} {"key":"x","value":1}`, `c2 ${first} {"key":"x","value":2}`,
      'heal', `c1 ${read} {"key":"x"}`, `c1 ${second} {"key":"x","value":1}`, `c1 ${read} {"key":"x"}`,
    ]));
  });
});

/** The guarantee, the client c2 that may lack it, the servers that n1 does not reach, what happens. */
const withoutOne: [Guarantee, object, string, string[]][] = [
  ['read-your-writes', { near: 'n1', readFrom: 'in-turn' }, 'n2 n3', ['c2 write x', 'c2 read x']],
  ['monotonic-reads', { readFrom: 'in-turn' }, 'n2 n3', ['c1 write x', 'c2 read x', 'c2 read x']],
  ['monotonic-writes', { writeTo: 'in-turn' }, 'n2 n3', [
    'c2 write x', 'c2 write y', 'c3 read y', 'c3 read x',
  ]],
  ['writes-follow-reads', { near: 'n2' }, 'n3', [
    'c1 write x', 'c2 read x', 'c2 write y', 'c3 read y', 'c3 read x',
  ]],
];

describe('a causal session without one guarantee', () => {
  const found = (client: object, cut: string, commands: readonly string[]) => {
    const cluster = clusterOf(registerStore, [
      ...nodes('server', ['n1', 'n2', 'n3'], { replication: 'causal' }),
      ...nodes('client', ['c1'], { replication: 'causal', near: 'n1' }),
      ...nodes('client', ['c2'], { replication: 'causal', ...client }),
      ...nodes('client', ['c3'], { replication: 'causal', near: 'n3' }),
    ]);
    cluster.do(`cut n1 -> ${cut}`);
    for (const command of commands) {
      const [id = '', name = '', key] = command.split(' ');
      cluster.do(`${id} ${name} ${JSON.stringify({ key, ...(name === 'write' && { value: command }) })}`);
      cluster.run('10ms');
    }
    expect(cluster.violations).toEqual([]);
    return guarantees.filter((model) => whyNot({ cluster }, [model]) !== undefined);
  };

  test.each(withoutOne)('violates %s, and no other', (guarantee, client, cut, commands) => {
    const others = guarantees.filter((one) => one !== guarantee);
    expect(found({ ...client, session: others }, cut, commands)).toEqual([guarantee]);
    expect(found({ ...client, session: [guarantee] }, cut, commands)).toEqual([]);
    expect(found(client, cut, commands)).toEqual([]);
  });
});

test('an operation that a store does not have is refused, and has no effect', () => {
  const refusedBy = (server: object, command: string) =>
    linesOf(server, [command]).split('\n').find((line) => line.includes('refused'));
  expect(refusedBy({ replication: 'causal' }, 'c1 add {"key":"x","value":1}')).toContain(
    'with `replication: causal` there is no `add`: use `read`, `write`',
  );
  expect(refusedBy({ replication: 'gossip', conflict: 'siblings' }, 'c1 read {"key":"x"}')).toContain(
    'with `conflict: siblings` there is no `read`: use `get`, `put`',
  );
  expect(refusedBy({ replication: 'gossip', type: 'counter' }, 'c1 write {"key":"x","value":1}')).toContain(
    'with `type: counter` there is no `write`: use `read`, `increment`, `decrement`',
  );
});
