/** What a search finds: a planted fault, by a shortest run that `step` takes to the same violation. */
import { describe, expect, test } from 'vitest';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import { invariantMonitors } from '../../src/check/invariants.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import type { Exploration } from '../../src/explore/verdict.ts';
import { noFaults, noLimits } from '../../src/explore/budgets.ts';
import { exploreScenario, type Request } from '../../src/explore/search/explore.ts';
import { exploreWorlds } from '../../src/explore/search/worlds.ts';
import { library } from '../../src/protocols/library.ts';
import { defineProtocol, role } from '../../src/protocol/define.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { staying, untimed } from './models/search.ts';
import { twoPhase } from './models/setups.ts';

type Violated = Extract<Exploration, { type: 'violated' }>;

/** The names of the invariants that the trace violates, step by step. */
function replayed(setup: Setup, { trace }: Violated): string[][] {
  const effects = new Effects();
  const world = start(setup, invariantMonitors(setup.protocol));
  return trace.actions.map((action) => {
    expect(step(world, action, effects)).toBe(true);
    return effects.violations.map(({ monitor }) => monitor);
  });
}

describe('a manager that commits although one has not prepared', () => {
  test.each([['consumed', {}], ['staying', staying]] as const)(
    'is found by the shortest run, messages %s',
    (_, faults) => {
      const problem = untimed(twoPhase(3, 1), { faults });
      const found = exploreWorlds(problem, 'bfs') as Violated;
      expect(found).toMatchObject({
        type: 'violated', subject: { kind: 'invariant', name: 'consistent' },
      });
      // Two prepare, both are received, it commits, one receives that; the third aborts.
      const taken = found.trace.actions.filter(({ type }) => type !== 'duplicate');
      expect(taken).toHaveLength(7);
      const violations = replayed(twoPhase(3, 1), found);
      expect(violations.at(-1)).toEqual(['consistent']);
      expect(violations.slice(0, -1).flat()).toEqual([]);
    },
  );

  test('is found depth-first, too', () => {
    const found = exploreWorlds(untimed(twoPhase(3, 1)), 'dfs') as Violated;
    expect(replayed(twoPhase(3, 1), found).at(-1)).toEqual(['consistent']);
  });
});

describe('limits', () => {
  test('the number of states ends the search, which is then unknown', () => {
    const problem = { ...untimed(twoPhase(3)), limits: { ...noLimits, states: 100 } };
    const why = { code: 'stopped', at: 'states' };
    expect(exploreWorlds(problem, 'bfs')).toMatchObject({ type: 'unknown', why });
  });

  test('the meter ends the search', () => {
    const problem = { ...untimed(twoPhase(4)), meter: () => true };
    const why = { code: 'stopped', at: 'time' };
    expect(exploreWorlds(problem, 'bfs')).toMatchObject({ type: 'unknown', why });
  });

  test.each([['depth', 3], ['messages', 1]] as const)('%s leaves out runs, and says so', (name, most) => {
    const problem = { ...untimed(twoPhase(3)), limits: { ...noLimits, [name]: most } };
    expect(exploreWorlds(problem, 'bfs')).toMatchObject({ type: 'holds', cut: [name] });
  });
});

const dice = (read: boolean) => defineProtocol({
  name: 'dice',
  doc: 'Throws two dice.',
  source: 'a test',
  events: { Thrown: 'It threw.' },
  roles: {
    // oxlint-disable-next-line typescript/no-explicit-any -- one role without types
    player: role<any>({
      doc: 'Throws.',
      init: () => ({ sum: 0 }),
      start: (node) => node.setTimer('throw', 1),
      messages: {},
      timers: {
        throw(node) {
          node.state.sum = read ? node.now() : node.random(6) + node.random(6) + 2;
        },
      },
    }),
  },
  defaultRole: 'player',
  invariants: {
    few: {
      doc: 'Not twelve.',
      // oxlint-disable-next-line typescript/no-explicit-any -- one role without types
      check: ({ nodes }) => (nodes.some((one: any) => one.state.sum === 12) ? 'twelve' : undefined),
    },
  },
});

const diceSetup = (read: boolean): Setup => ({
  protocol: dice(read),
  seed: 1,
  nodes: [{ id: 'a', role: 'player' }],
  network: { latency: [1, 1], loss: 0, duplicate: 0, reorder: false },
});

test('untimed, each number that a handler draws is tried, and the trace says which', () => {
  const found = exploreWorlds(untimed(diceSetup(false)), 'bfs') as Violated;
  expect(found.trace.actions).toMatchObject([{ type: 'fire', draws: [5, 5] }]);
  expect(replayed(diceSetup(false), found)).toEqual([['few']]);
});

test('untimed, a handler that reads a clock is named', () => {
  const why = { code: 'reads-clock', node: 'a', handler: 'throw' };
  expect(exploreWorlds(untimed(diceSetup(true)), 'bfs')).toMatchObject({ type: 'unknown', why });
});

const request: Request = {
  mode: 'bfs',
  setting: { time: 'untimed', faults: noFaults },
  limits: { ...noLimits, depth: 12, states: 3_000 },
  targets: {},
};

function scenarioOf(steps: string, expectations = '') {
  const text = `protocol: paxos
nodes: { p1: proposer, p2: proposer, a1..a3: acceptor }
steps:
${steps}
${expectations}`;
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', library);
  expect(problems).toEqual([]);
  return scenario!;
}

const steps = '  - start p1 propose red\n  - start p2 propose blue';

describe('a scenario', () => {
  test('its steps are choices, and its conditions are targets', () => {
    const scenario = scenarioOf(steps, 'expect:\n  - never: a1.state.maxBal != null');
    const found = exploreScenario(scenario, request);
    expect(found.type).toBe('violated');
  });

  test('a state is reached, and the run to it is a shortest one', () => {
    const scenario = scenarioOf(steps);
    const { language } = scenario;
    const compiled = language.condition('a1.up && time >= 0');
    const reach = 'expression' in compiled ? compiled.expression : undefined;
    const found = exploreScenario(scenario, { ...request, targets: { reach: reach! } });
    expect(found).toMatchObject({ type: 'violated', reason: { code: 'reached' } });
    expect((found as Violated).trace.actions).toEqual([]);
  });
});
