// `measure`: what is wrong with one is said at its place, and what it counts goes back with the run.
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { start, step } from '../../src/kernel/step.ts';
import { library } from '../../src/protocols/library.ts';
import { nextAction } from '../../src/scenario/driver.ts';
import { measuredAt, measureText } from '../../src/scenario/measures.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';

const head = 'protocol: raft\nnodes: { n1..n3: replica, c: client }\nsteps: [c put x 1]\n';

function parsed(measures: string) {
  return parseScenario(`${head}measure:\n${measures}`, 'a.scenario.yaml', library);
}

function problem(measure: string): string {
  const [first] = parsed(`  m: ${measure}\n`).problems;
  return `${first.line}:${first.column} ${first.code}: ${first.message}`;
}

test.each([
  ['count("LeaderElectd")', '5:13 unknown-event: raft has no event `LeaderElectd`'],
  ['1 + count("LeaderElected at n9")', '5:34 unknown-node: there is no node `n9`'],
  ['count("LeaderElected where event.term >")', '5:45 cel-syntax: the expression is incomplete'],
  ['count(n1.id)', '5:12 expected-event: `count` needs the name of an event in quotes'],
  ['n1.state.curentTerm', '5:15 cel-unknown-field: the state of n1 has no field `curentTerm`'],
  ['n1.nothing', '5:9 cel-unknown-field: a node has no field `nothing`'],
  ['cont("LeaderElected")', '5:6 cel-unknown-function: there is no function `cont(string)`'],
  ['count("LeaderElected") = 1', '5:29 cel-syntax: unexpected `=`'],
  ['7', '5:6 bad-setting: `m` must be a string, not `7`'],
  ['[]', '5:6 bad-setting: `m` must be a string, not a list'],
])('%s is refused at its place', (measure, words) => {
  expect(problem(measure)).toBe(words);
});

test('conditions have no count: it belongs to the end of a run', () => {
  const text = `${head}expect:\n  - end: count("LeaderElected") == 1\n`;
  expect(parseScenario(text, 'a', library).problems[0].message).toBe('there is no function `count`');
});

test.each([
  ['a name is too long', `  ${'m'.repeat(61)}: '1'\n`],
  ['a name would end a cell of a table', "  a|b: '1'\n"],
  ['there are too many', Array.from({ length: 51 }, (_, i) => `  m${i}: '1'\n`).join('')],
])('%s', (_, measures) => {
  expect(parsed(measures).problems[0]).toMatchObject({ code: 'bad-setting', severity: 'error' });
});

function valuesAt(scenario: Scenario, world: ReturnType<typeof start>) {
  return measuredAt(scenario, world, world.time).map(({ result }) => (result.ok ? result.value : result.why));
}

const some = `  sent: count("EntryAppended")
  own: count("EntryAppended at n1 where event.index == 1 && node.id == 'n1'")
  terms: sum([n1.state.currentTerm, 2])
  text: n1.id + "!"
  both: count("LeaderElected") + count("EntryAppended") * 10
  none: n1.state.log[9].term
`;

test('values are those of the end of the run, and one without a value is unknown', () => {
  const scenario = parsed(some).scenario!;
  const { world, verdicts } = simulate(scenario);
  const [sent, own, terms, text, both, none] = valuesAt(scenario, world);
  expect([own, terms, text]).toEqual([1, Number(world.node('n1')!.state.currentTerm) + 2, 'n1!']);
  expect(sent).toBeGreaterThan(1);
  expect(both).toBe(1 + Number(sent) * 10);
  expect(none).toContain('there is no element 9');
  const unknown = verdicts.filter(({ type }) => type === 'unknown');
  expect(unknown.map(({ subject }) => subject)).toMatchObject([{ kind: 'measure', name: 'none' }]);
});

test('counts go back with the run', () => {
  const scenario = parsed(some).scenario!;
  const world = start(scenario.setup, scenarioMonitors(scenario));
  const take = () => {
    for (let i = 0; i < 15; i++) {
      const action = nextAction(scenario, world);
      if (action !== undefined) step(world, action);
    }
  };
  take();
  const before = valuesAt(scenario, world);
  const kept = world.fork();
  take();
  expect(valuesAt(scenario, world)).not.toEqual(before);
  expect(valuesAt(scenario, kept)).toEqual(before);
});

test('a report shows numbers with three decimals, and other values as they are', () => {
  expect([1 / 3, 4, 'n1', true, [1], null].map(measureText)).toEqual([
    '0.333', '4', 'n1', 'true', '[1]', 'null',
  ]);
});
