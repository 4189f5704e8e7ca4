/** Nodes that are added during a run, and nodes that are down when it begins. */
import { describe, expect, test } from 'vitest';
import { commandActions } from '../../src/check/console.ts';
import { simulate } from '../../src/check/simulate.ts';
import { scenarioMonitors } from '../../src/check/verdicts.ts';
import { verdictLine } from '../../src/check/verdict-words.ts';
import { start, step } from '../../src/kernel/step.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

const raft = (steps: readonly string[], rest = '') => parseScenario(
  `protocol: raft\nnodes: { n1..n3: replica, client: client }\n${rest}steps:\n${
    steps.map((line) => `  - ${line}\n`).join('')}`,
  'x.scenario.yaml',
  library,
);

const problemsOf = (...steps: string[]) =>
  raft(steps).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);

describe('add', () => {
  test.each<[string[], string[]]>([
    [['add c2: client', 'c2 put x 1', 'crash c2'], []],
    [['add c2: client', 'wait until c2.operations.size() == 0'], []],
    [['c2 put x 1', 'add c2: client'], ['4:5: `c2` is neither a command nor a node']],
    [['crash c2', 'add c2: client', 'crash c2'], ['4:11: there is no node `c2`']],
    [['add c2: client', 'add c2: client'], ['5:9: there is already a node `c2`']],
    [['add n1: client'], ['4:9: there is already a node `n1`']],
    [['add crash: client'], ['4:9: a node cannot be named `crash`: it is a word of the command language']],
    [['add my-node: client'], ['4:9: `my-node` is not a valid name for a node']],
    [['add c2: klient'], ['4:13: raft has no role `klient`']],
    [['add c2: client now'], ['4:20: unexpected `now`']],
    [['add'], ['4:8: expected a name']],
    // The default role of Raft is that of its servers, whose number is fixed.
    [['add n4'], ['4:9: no replica can be added during a run: ' +
      'declare it with the other nodes, leave it out of `members`, and use `addServer`']],
    [['add c2: client', 'wait until c2.stat == 1'], ['5:19: a node has no field `stat`']],
  ])('%j', (steps, problems) => expect(problemsOf(...steps)).toEqual(problems));

  test('of a role that does not say how one joins is refused', () => {
    const { problems } = parseScenario(
      'protocol: fenced-lock\nnodes: { s: lockServer, w: worker, db: storage }\nsteps:\n  - add t: lockServer\n',
      'x', library,
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'no lockServer can be added during a run: the protocol does not say how one joins',
    ]);
  });

  test('boots the node, which knows all others, and is known to none', () => {
    const { scenario } = raft(['wait until LeaderElected', 'add c2: client', 'c2 put x 1 answers OK', 'add c3: client']);
    const { world, verdicts } = simulate(scenario!);
    expect(verdicts.filter(({ type }) => type === 'violated')).toEqual([]);
    expect(world.nodes.map(({ id }) => id)).toEqual(['n1', 'n2', 'n3', 'client', 'c2', 'c3']);
    expect(world.nodes.map(({ cast }) => cast.peers)).toEqual([
      ['n2', 'n3'], ['n1', 'n3'], ['n1', 'n2'], [], ['client'], ['client', 'c2'],
    ]);
  });

  test('has the settings of the file for all nodes', () => {
    const { scenario } = raft(['add c2: client'], 'options: { retryAfter: 7s }\n');
    const { world } = simulate(scenario!);
    expect(world.node('c2')!.options).toEqual(world.node('client')!.options);
    expect(world.node('c2')!.options).toMatchObject({ retryAfter: 7_000_000 });
  });

  test('cannot be done twice, which the step reports', () => {
    const { scenario } = raft(['wait 10ms', 'add c2: client']);
    const world = start(scenario!.setup, scenarioMonitors(scenario!));
    const typed = commandActions(scenario!, world, 'add c2: client');
    expect(typed).toMatchObject({ type: 'actions', actions: [{ type: 'add', node: 'c2' }] });
    if (typed.type === 'actions') for (const action of typed.actions) step(world, action);
    expect(commandActions(scenario!, world, 'add c2: client')).toMatchObject({
      type: 'fault', fault: { message: 'there is already a node `c2`' },
    });
    expect(commandActions(scenario!, world, 'c2 put x 1').type).toBe('actions');
  });
});

describe('down', () => {
  const late = (steps: readonly string[], rest = '') => raft(steps, `down: [n3]\n${rest}`);

  test('a node boots when it is restarted, and not before', () => {
    const { scenario } = late(['wait 1s', 'restart n3', 'wait 1s']);
    const world = start(scenario!.setup);
    const node = world.node('n3')!;
    expect([node.status, node.up, node.timers]).toEqual(['down', false, []]);
    // What it will begin with.
    expect(node.state).toMatchObject({ currentTerm: 0, log: [] });
    const end = simulate(scenario!);
    expect(end.world.node('n3')!.status).toBe('running');
    expect(end.world.node('n3')!.state).toMatchObject({ standing: 'follower' });
    expect(end.verdicts.filter(({ type }) => type === 'violated')).toEqual([]);
  });

  test('a node that runs no code can do nothing', () => {
    const { scenario } = late(['crash n3', 'pause n3', 'fire n3 election']);
    const { verdicts } = simulate(scenario!);
    const failed = verdicts.filter(({ type }) => type === 'violated').map((verdict) => verdictLine(verdict)).join('\n');
    expect(failed.match(/n3 has not started yet/g)).toHaveLength(3);
  });

  test('conditions see it as down', () => {
    const { scenario } = late(['wait until !n3.up', 'restart the down', 'wait until n3.up']);
    expect(simulate(scenario!).verdicts.filter(({ type }) => type === 'violated')).toEqual([]);
  });

  test('after a crash it is crashed', () => {
    const { scenario } = late(['restart n3', 'wait 1ms', 'crash n3']);
    expect(simulate(scenario!).world.node('n3')!.status).toBe('crashed');
  });

  test('a list names nodes, one by one or as a range', () => {
    const nodes = parseScenario(
      'protocol: raft\nnodes: { n1..n5: replica }\ndown: [n1, n3..n4]\n', 'x', library,
    ).scenario!.setup.nodes;
    expect(nodes.filter(({ down }) => down).map(({ id }) => id)).toEqual(['n1', 'n3', 'n4']);
    const { problems } = parseScenario(
      'protocol: raft\nnodes: { n1..n5: replica }\ndown: [n9]\n', 'x', library,
    );
    expect(problems).toMatchObject([{ line: 3, column: 8, message: 'there is no node `n9`' }]);
  });
});
