// `lockstep compare` prints a row for each scenario, with the figures of its runs.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { resultText, type Row } from '../../src/cli/compare/row.ts';
import { expectGolden } from '../golden.ts';
import { pingShell, Shell, transcript } from './shell.ts';

const raft = `title: Two puts | and a get
protocol: raft
nodes: { n1..n3: replica, client: client }
steps:
  - client put x 1
  - client put x 2
  - client get x
measure:
  elections: count("LeaderElected")
  at n1: count("EntryApplied at n1 where event.index > 1")
  terms: sum(nodes.filter(n, n.role == "replica").map(n, n.state.currentTerm))
  leader: nodes.filter(n, n.standing == "leader")[0].id
`;
const broken = raft.replace('measure:', 'expect:\n  - no event LeaderElected\nmeasure:');
const failing = `protocol: raft
nodes: { n1..n3: replica }
steps: [wait until LeaderElected]
expect:
  - event QuorumLost
`;
const files = {
  'three.scenario.yaml': raft,
  'twin.broken.scenario.yaml': broken,
  'fails.scenario.yaml': failing,
  'wrong.scenario.yaml': raft.replace('LeaderElected', 'LeaderElectd'),
};
const shell = () => new Shell({ ...files });

describe('the table', () => {
  test.each([
    ['plain', ['three.scenario.yaml', 'fails.scenario.yaml']],
    ['markdown', ['--markdown', 'three.scenario.yaml', 'twin.broken.scenario.yaml', 'fails.scenario.yaml']],
    ['json', ['--json', 'three.scenario.yaml', 'twin.broken.scenario.yaml', 'fails.scenario.yaml']],
    ['seeds', ['--seeds', '1..5', 'three.scenario.yaml', 'fails.scenario.yaml']],
    ['columns', ['--columns', 'title,models,terms,time', 'three.scenario.yaml']],
    ['invalid', ['three.scenario.yaml', 'wrong.scenario.yaml']],
  ])('%s', async (name, args) => {
    expectGolden(import.meta.url, `compare-${name}`, transcript(await shell().run('compare', ...args)));
  });

  test('has no column that says nothing: results that all hold, models without a specification', async () => {
    const { out, code } = await pingShell().run('compare', 'ping.scenario.yaml');
    expect(out.split('\n')[0]).toMatch(/^scenario +latency: median \/ max +virtual time +actions +operations$/);
    expect(code).toBe(0);
  });
});

test('--view prints each scenario before it runs, its problems, and then the table', async () => {
  const files = ['three.scenario.yaml', 'wrong.scenario.yaml'];
  const { out, code, error } = await shell().run('compare', '--view', ...files);
  const { out: table } = await shell().run('compare', '--markdown', ...files);
  expect(out.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { type: 'running', file: 'three.scenario.yaml', number: 1, of: 2 },
    { type: 'running', file: 'wrong.scenario.yaml', number: 2, of: 2 },
    { type: 'problem', text: expect.stringMatching(/^wrong\.scenario\.yaml:\d+:\d+: .*LeaderElectd/) },
    { type: 'compared', table },
  ]);
  expect([code, error]).toEqual([2, '']);
});

test('a link leads to a file whatever its name', async () => {
  const name = 'a #1? b.scenario.yaml';
  const { out } = await new Shell({ [name]: raft }).run('compare', '--markdown', name);
  expect(out).toContain('[a #1? b](a%20%231%3F%20b.scenario.yaml)');
});

test('the figures are those that a run reports', async () => {
  const { out } = await shell().run('compare', '--json', 'three.scenario.yaml');
  const row = JSON.parse(out) as { actions: number; time: number; measures: Record<string, unknown> };
  const run = await shell().run('run', '--json', 'three.scenario.yaml');
  const lines = run.out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.at(-1)).toMatchObject({ step: row.actions, time: row.time });
  const measures = lines.filter((line) => 'measure' in line);
  expect(Object.fromEntries(measures.map((one) => [one.measure, one.value]))).toEqual(row.measures);
  expect(run.error).toContain('\n  elections: 1\n');
});

test('what clients of a database did is held against the models of transactions', async () => {
  const folder = fileURLToPath(new URL('../../samples/histories/', import.meta.url));
  const names = ['write-skew.scenario.yaml', 'write-skew.broken.scenario.yaml'];
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(folder + name, 'utf8')]));
  const { out } = await new Shell(files).run('compare', '--json', ...names);
  const models = out.trim().split('\n').map((line) => (JSON.parse(line) as { models: unknown }).models);
  expect(models).toEqual([
    [{ specification: '', hold: ['strict-serializable'], unknown: [] }],
    [{ specification: '', hold: ['strong-snapshot-isolation'], unknown: [] }],
  ]);
});

test('a model whose check is not decided is unknown, and no weaker one hides it', async () => {
  // `fill` is not an operation of registers, so the weaker models are not defined for this history.
  const protocol = `import { defineProtocol, role } from 'lockstep';
export default defineProtocol({
  name: 'tank', doc: 'A tank.', source: 'a test', events: {},
  roles: {
    tank: role<any>({
      doc: 'A tank.', init: () => ({ level: 0 }), timers: {}, messages: {},
      operations: {
        fill: { doc: 'Fills.', parameters: {}, run(node: any, _: any, id: string) { node.reply(id, 7); } },
      },
    }),
  },
  invariants: {},
  specification: {
    doc: 'A tank.', init: () => 0,
    step: (state: any, { result }: any) => (result === state + 1 ? state + 1 : undefined),
  },
});
`;
  const scenario = 'protocol: ./tank.ts\nnodes: { t: tank }\nsteps: [t fill, t fill]\n';
  const files = { 'tank.ts': protocol, 'tank.scenario.yaml': scenario };
  const { out } = await new Shell(files).run('compare', '--json', 'tank.scenario.yaml');
  const { models } = JSON.parse(out) as { models: { hold: string[]; unknown: string[] }[] };
  expect(models).toEqual([
    { specification: 'operations', hold: [], unknown: ['causal-memory', 'causal-convergent'] },
  ]);
});

test.each<[Partial<Row>, string]>([
  [{ failures: [{ seed: 1, type: 'endless', actions: 9 }] }, '✗ it was stopped after 9 actions'],
  [{ failures: [{ seed: 1, type: 'interrupted', message: 'after step 3: too slow' }] }, '✗ after step 3: too slow'],
  [{ problems: [`x:1:1: ${'long '.repeat(40)}`] }, `✗ not valid: ${`x:1:1: ${'long '.repeat(40)}`.slice(0, 99)}…`],
])('a run without a verdict is a row that says so: %j', (part, text) => {
  const row: Row = {
    file: 'x', title: 'x', problems: [], runs: 1, isTwin: false, violated: [], failures: [], ...part,
  };
  expect(resultText(row)).toBe(text);
});

test.each([
  [[], 'compare needs files'],
  [['--json', '--markdown', 'x'], 'choose one of --json and --markdown'],
  [['--view', '--json', 'x'], 'choose one of --json and --view'],
  [['--seeds', '5..1', 'x'], '--seeds must be two numbers such as 1..20, not `5..1`'],
  [['--seeds', '1..2000', 'x'], '--seeds: at most 1000 seeds, not 2000'],
  [['--columns', 'latncy', 'three.scenario.yaml'], 'there is no column `latncy` (did you mean `latency`?)'],
])('%j is refused', async (args, why) => {
  const { code, error } = await shell().run('compare', ...args);
  expect(error).toContain(why);
  expect(code).toBe(2);
});
