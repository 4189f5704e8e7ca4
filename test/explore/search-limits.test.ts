/** What a search leaves out: it says so, and never takes it for proved. */
import { describe, expect, test } from 'vitest';
import { noFaults, noLimits, type FaultBudget } from '../../src/explore/budgets.ts';
import { choicesAt } from '../../src/explore/choices.ts';
import { missed } from '../../src/explore/search/ending.ts';
import { exploreScenario, type Request } from '../../src/explore/search/explore.ts';
import { problemOf } from '../../src/explore/search/of-scenario.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import { exploreTuples } from '../../src/explore/search/tuples/explore-tuples.ts';
import { StateTable } from '../../src/explore/search/table.ts';
import type { Exploration, TimeMode } from '../../src/explore/verdict.ts';
import { start, step } from '../../src/kernel/step.ts';
import { defineProtocol, role } from '../../src/protocol/define.ts';
import type { Expression } from '../../src/scenario/conditions/condition.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { everything, everythingSetup } from './everything.ts';
import { untimed } from './models/search.ts';
import { twoPhase } from './models/setups.ts';
import { readScenario } from './read.ts';

/** Ticks each second, and tells its peers; three ticks break its invariant. */
const ticker = (every: number, background: boolean) => defineProtocol({
  name: 'ticker',
  doc: 'Ticks.',
  source: 'a test',
  events: { Told: 'It was told.', Never: 'It is not reported.' },
  roles: {
    // oxlint-disable-next-line typescript/no-explicit-any -- one role without types
    clock: role<any>({
      doc: 'Ticks.',
      init: () => ({ ticks: 0, told: 0, list: {} }),
      start: (node) => node.setTimer('tick', every),
      background: background ? ['tick'] : [],
      messages: {
        Tick(node) {
          if (node.state.told === 0) node.event('Told', {});
          node.state.told = 1;
        },
      },
      timers: {
        tick(node) {
          node.state.ticks++;
          for (const peer of node.peers) node.send(peer, { type: 'Tick' });
          node.setTimer('tick', every);
        },
      },
    }),
  },
  defaultRole: 'clock',
  invariants: {
    few: {
      doc: 'Fewer than three ticks.',
      // oxlint-disable-next-line typescript/no-explicit-any -- one role without types
      check: ({ nodes }) => (nodes.some((one: any) => one.state.ticks > 2) ? 'three' : undefined),
    },
  },
});

const second = 1_000_000;

function read(lines: string, { nodes = 'a', every = second, background = false } = {}): Scenario {
  const text = `protocol: ticker\nnodes: { ${nodes}: clock }\n${lines}`;
  return readScenario(text, ticker(every, background)).scenario;
}

interface Options extends Partial<Omit<Request, 'setting'>> {
  readonly time?: TimeMode;
  readonly faults?: Partial<FaultBudget>;
  readonly faulty?: readonly string[];
}

function explored(scenario: Scenario, options: Options = {}): Exploration {
  const { time = 'timed', faults, faulty, ...rest } = options;
  return exploreScenario(scenario, {
    mode: 'bfs',
    setting: { time, faults: { ...noFaults, ...faults }, ...(faulty && { faulty }) },
    limits: { ...noLimits, states: 20_000, depth: 30 },
    targets: {},
    ...rest,
  });
}

function condition({ language }: Scenario, text: string): Expression {
  const compiled = language.condition(text);
  if (!('expression' in compiled)) throw new Error(JSON.stringify(compiled));
  return compiled.expression;
}

describe('timed, a run ends where the scenario ends it', () => {
  test.each(['until: 2.5s', 'settle: 2.5s'])('%s: a third tick is not in any run', (end) => {
    expect(explored(read(end))).toMatchObject({ type: 'holds', states: 3, depth: 2 });
  });

  test('without that end, the third tick is found', () => {
    expect(explored(read('until: 3.5s'))).toMatchObject({ subject: { name: 'few' } });
    expect(explored(read('settle: 3s'))).toMatchObject({ subject: { name: 'few' } });
  });

  test.each(['end', 'eventually'])('%s is judged at the end', (kind) => {
    const expected = (ticks: number) => `until: 2.5s\nexpect:\n  - ${kind}: a.state.ticks == ${ticks}`;
    expect(explored(read(expected(2)))).toMatchObject({ type: 'holds' });
    const broken = explored(read(expected(4)));
    expect(broken).toMatchObject({ type: 'violated', subject: { kind: 'expectation' } });
    expect(broken.type === 'violated' && broken.trace.actions).toHaveLength(2);
  });

  test('only heartbeats are left: the run has ended', () => {
    const quiet = explored(read('settle: 10s', { background: true }));
    expect(quiet).toMatchObject({ type: 'holds', depth: 1 });
  });

  test('what may come before or after the end is in some runs, and not in others', () => {
    const lines = 'network: { latency: 200ms..2s }\nuntil: 1.5s\nexpect:\n  - end: EXPECTED';
    for (const expected of ['b.state.told == 1', 'b.state.told == 0']) {
      const found = explored(read(lines.replace('EXPECTED', expected), { nodes: 'a, b' }));
      expect(found).toMatchObject({ type: 'violated', reason: { code: 'condition-false' } });
    }
  });

  test('a step that waits in vain is found at the end', () => {
    const found = explored(read('steps:\n  - wait until Never within 1.5s'));
    expect(found).toMatchObject({ type: 'violated', subject: { kind: 'step' } });
  });

  test('an end after a last wait is judged', () => {
    const lines = 'steps:\n  - wait 1.5s\nuntil: 2s\nexpect:\n  - end: a.state.ticks == 5';
    expect(explored(read(lines))).toMatchObject({ type: 'violated' });
  });
});

describe('what was left out', () => {
  const cutOf = (found: Exploration) => found.cut;

  test('timed: other times and other random values', () => {
    expect(cutOf(explored(read('until: 1s')))).toEqual(['times']);
    expect(cutOf(explored(read(''), { time: 'untimed', limits: { ...noLimits, depth: 2 } })))
      .not.toContain('times');
  });

  test('above five nodes, partitions of more than one', () => {
    const faults = { partitions: 1 };
    const limits = { ...noLimits, depth: 1 };
    const scenario = (nodes: string) => read('until: 100ms', { nodes });
    expect(cutOf(explored(scenario('a, b, c'), { faults, limits }))).not.toContain('partitions');
    expect(cutOf(explored(scenario('n1..n6'), { faults, limits }))).toContain('partitions');
    const faulty = ['n1', 'n2'];
    const cut = cutOf(explored(scenario('n1..n6'), { faults, limits, faulty }));
    expect(cut).not.toContain('partitions');
  });

  test('losses that the seed does not draw', () => {
    const lossy = explored(read('network: { loss: 10% }\nuntil: 1s', { nodes: 'a, b' }));
    expect(cutOf(lossy)).toContain('losses');
    expect(cutOf(explored(read('until: 1s', { nodes: 'a, b' })))).not.toContain('losses');
  });

  test('the end, if no run ended', () => {
    const scenario = read('until: 2s\nexpect:\n  - end: a.state.ticks == 9');
    const found = explored(scenario, { limits: { ...noLimits, depth: 1 } });
    expect(found).toMatchObject({ type: 'holds' });
    expect(cutOf(found)).toContain('ends');
    expect(cutOf(explored(read('until: 2s'), { limits: { ...noLimits, depth: 1 } })))
      .not.toContain('ends');
  });

  test('what must happen, in runs with faults', () => {
    const lines = 'until: 1.5s\nexpect:\n  - event Told';
    const plain = read(lines, { nodes: 'a, b' });
    expect(explored(plain)).toMatchObject({ type: 'holds', cut: ['times'] });
    const faulty = explored(plain, { faults: { drops: 2 } });
    expect(faulty).toMatchObject({ type: 'holds' });
    expect(cutOf(faulty)).toContain('spent');
    const never = read(lines.replace('Told', 'Never'), { nodes: 'a, b' });
    expect(explored(never, { faults: { drops: 2 } })).toMatchObject({ type: 'violated' });
  });

  test('what a step waits for, in runs with faults', () => {
    const waits = (event: string) => {
      const lines = `steps:\n  - wait until ${event} within 1.5s\nsettle: 0s`;
      return explored(read(lines, { nodes: 'a, b' }), { faults: { drops: 2 } });
    };
    const told = waits('Told');
    expect(told).toMatchObject({ type: 'holds' });
    expect(cutOf(told)).toContain('spent');
    expect(waits('Never')).toMatchObject({ type: 'violated', subject: { kind: 'step' } });
  });
});

describe('conditions of the search', () => {
  const missing = 'a.state.list.x == 1';

  test.each(['reach', 'within'] as const)('--%s without a value proves nothing', (option) => {
    const scenario = read('until: 1s');
    const targets = { [option]: condition(scenario, missing) };
    const why = { code: 'condition-failed', of: option, failure: { code: 'no-such-field' } };
    expect(explored(scenario, { targets })).toMatchObject({ type: 'unknown', why });
  });

  test('neither does --leads-to, and it says that it takes one run', () => {
    const scenario = read('until: 1s');
    const leadsTo = (text: string) => {
      return { leadsTo: { condition: condition(scenario, text), within: second } };
    };
    const why = { code: 'condition-failed', of: 'leads to' };
    expect(explored(scenario, { targets: leadsTo(missing) })).toMatchObject({ type: 'unknown', why });
    const ticks = explored(scenario, { targets: leadsTo('a.state.ticks > 0') });
    expect(ticks).toMatchObject({ type: 'holds' });
    expect(ticks.cut).toContain('continuations');
  });

  test('too many actions before the time is over are not a violation', () => {
    const scenario = read('until: 1s');
    const { world } = problemOf(scenario, { time: 'timed', faults: noFaults }, {
      limits: noLimits, targets: {},
    });
    const target = { condition: condition(scenario, 'a.state.ticks > 5'), within: 3 * second };
    expect(missed(world, target, 2)).toEqual({ unknown: { code: 'too-long', actions: 2 } });
    expect(missed(world, target, 9)).toMatchObject({ actions: [{}, {}, {}] });
  });
});

test('depth-first with a limit finds what breadth-first finds within it', () => {
  const ask = { type: 'invoke', at: 0, node: 'a', operation: 'ask', args: {} } as const;
  const protocol = { ...everything, invariants: {} };
  const problem = untimed(everythingSetup({ protocol }), { faults: { drops: 1 } });
  const setting = { ...problem.setting, operations: [ask] };
  for (const depth of [4, 5]) {
    const limited = { ...problem, setting, limits: { ...noLimits, depth } };
    const { states } = exploreWorlds(limited, 'bfs');
    expect(exploreWorlds(limited, 'dfs')).toMatchObject({ type: 'holds', states });
  }
});

describe('partitions of some nodes', () => {
  const groups = (faulty: readonly string[] | undefined) => {
    const { world } = untimed({ ...everythingSetup(), nodes: ['a', 'b', 'c'].map((id) => ({ id, role: 'server' })) });
    const faults = { ...noFaults, partitions: 1 };
    const setting = { time: 'untimed' as const, faults, ...(faulty && { faulty }) };
    return choicesAt(world, faults, setting).flatMap(({ actions: [action] }) => {
      return action.type === 'partition' ? [action.groups.map((side) => side.join('')).join('|')] : [];
    });
  };

  test('one node is cut off, two are also cut off together, and all have each cut once', () => {
    expect(groups(['a'])).toEqual(['a|bc']);
    expect(groups(['a', 'c'])).toEqual(['a|bc', 'c|ab', 'ac|b']);
    expect(groups(undefined)).toHaveLength(3);
  });
});

test.each([[false, 1], [true, 2]])('timed, reorder %s: %i messages of a link may be next', (reorder, count) => {
  const { protocol } = read('', { nodes: 'a, b' });
  const world = start({
    protocol,
    seed: 1,
    nodes: ['a', 'b'].map((id) => ({ id, role: 'clock' })),
    network: { latency: [10, 5 * second], loss: 0, duplicate: 0, reorder },
  }, []);
  for (let i = 1; i <= 2; i++) {
    for (const node of ['a', 'b']) {
      expect(step(world, { type: 'fire', at: i * second, node, timer: 'tick', key: '' })).toBe(true);
    }
  }
  const choices = choicesAt(world, noFaults, { time: 'timed', faults: noFaults });
  const next = choices.filter(({ actions: [action] }) => action.type === 'deliver' && action.from === 'a');
  expect(next).toHaveLength(count);
});

test('a state may have more than 65,535 successors', () => {
  const table = new StateTable();
  table.add({ high: 0, low: 0 }, -1, 0);
  const state = table.add({ high: 1, low: 1 }, 0, 70_000);
  expect(table.pathTo(state)).toEqual([70_000]);
});

describe('the time is over', () => {
  const search = (depth: number, order: 'bfs' | 'dfs', isWhole: boolean, meter: () => boolean) => {
    const problem = { ...untimed(twoPhase(4)), limits: { ...noLimits, depth }, meter };
    return isWhole ? exploreWorlds(problem, order) : exploreTuples(problem, order)!;
  };

  test.each([['bfs', true], ['bfs', false], ['dfs', true], ['dfs', false]] as const)('and all states were visited: it holds (%s, worlds: %j)', (order, isWhole) => {
    let complete = 0;
    let partial = 0;
    for (let depth = 2; depth <= 8; depth++) {
      let calls = 0;
      const over = search(depth, order, isWhole, () => ++calls > 0);
      if (calls === 0) continue;
      const whole = search(depth, order, isWhole, () => false);
      expect(whole.type).toBe('holds');
      if (over.type === 'holds') complete++;
      else partial++;
      if (over.type === 'holds') expect(over).toEqual(whole);
      else expect(over).toMatchObject({ type: 'unknown', why: { code: 'stopped', at: 'time' } });
    }
    // Depth-first, what waits leads to new states until the end.
    if (order === 'bfs') expect(complete).toBeGreaterThan(0);
    expect(partial).toBeGreaterThan(0);
  });
});
