/** Searches and walks choose from one list: what happens by itself, and the faults of the budget. */
import { expect, test } from 'vitest';
import { noFaults } from '../../src/explore/budgets.ts';
import { Candidates } from '../../src/explore/candidates.ts';
import { choicesAt, type Setting } from '../../src/explore/choices.ts';
import { FaultPlan } from '../../src/explore/walks/faults.ts';
import { walk } from '../../src/explore/walks/walks.ts';
import type { Action } from '../../src/kernel/action.ts';
import { contentText } from '../../src/kernel/data/plain.ts';
import { draw } from '../../src/kernel/keyed-draw.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { everythingSetup } from './everything.ts';
import { readFile, readScenario } from './read.ts';

/** Worlds of a random run, in which nodes are paused and messages delayed. */
function* worlds(setup: Parameters<typeof everythingSetup>[0], setting: Setting): Generator<World> {
  const world = start(everythingSetup(setup));
  for (let count = 0; count < 60; count++) {
    yield world;
    const at = world.time;
    if (count === 10) step(world, { type: 'pause', at, node: 'a', for: 4_000 });
    const choices = choicesAt(world, setting.faults, setting);
    if (choices.length === 0) return;
    const { actions } = choices[draw(7, count) % choices.length];
    for (const action of actions) step(world, action);
  }
}

const texts = (actions: readonly Action[]) => actions.map((one) => contentText([one])).sort();

test.each([{}, { reorder: true }, { connected: true }])('%o: the same actions', (setup) => {
  for (const time of ['untimed', 'timed'] as const) {
    const setting: Setting = { time, faults: noFaults };
    const candidates = new Candidates({ time, lateTimers: true, keepsMessages: false });
    for (const world of worlds(setup, setting)) {
      candidates.gather(world, undefined);
      const mine = Array.from({ length: candidates.count }, (_, at) => {
        return candidates.action(world, at, 'earliest');
      });
      const theirs = choicesAt(world, noFaults, setting).map(({ actions: [action] }) => action);
      expect(texts(mine)).toEqual(texts(theirs));
      // Each is possible: the kernel takes it.
      for (const action of mine) expect(step(world.fork(), action)).toBe(true);
    }
  }
});

test('a walk never takes a timer later than drawn, a search does', () => {
  const world = start(everythingSetup());
  const late = new Candidates({ time: 'timed', lateTimers: true, keepsMessages: false });
  const drawn = new Candidates({ time: 'timed', lateTimers: false, keepsMessages: false });
  late.gather(world, undefined);
  drawn.gather(world, undefined);
  expect(late.close).toBe(3_000);
  expect(drawn.close).toBeLessThan(3_000);
});

/** The faults that plans of many seeds choose in one world. */
function planned(setting: Setting, world: World): Action[] {
  const found: Action[] = [];
  for (let seed = 1; seed <= 200; seed++) {
    const plan = new FaultPlan(setting, seed, 1);
    for (let taken = 0; taken < 3; taken++) {
      const action = plan.next(world, taken);
      if (action !== undefined) found.push(action);
    }
  }
  return found;
}

test.each([false, true])('connected %s: a walk has the faults of a search', (connected) => {
  const faults = { crashes: 1, drops: 1, duplicates: 1, partitions: 1 };
  const setting: Setting = { time: 'timed', faults };
  const world = start(connected
    ? readFile('samples/reference/connection.scenario.yaml').scenario.setup
    : everythingSetup());
  const faultsNow = () => choicesAt(world, faults, setting).filter(({ fault }) => fault);
  for (let i = 0; i < 50 && !faultsNow().some(({ fault }) => fault === 'drops'); i++) {
    step(world, world.next()!);
  }
  expect(faultsNow().some(({ fault }) => fault === 'drops')).toBe(true);
  const ofSearch = faultsNow();
  const ofWalks = planned(setting, world).filter(({ type }) => type !== 'heal' && type !== 'restart');
  expect([...new Set(texts(ofWalks))]).toEqual(texts(ofSearch.map(({ actions: [one] }) => one)));
});

test('faults happen only to the nodes that are named', () => {
  const faults = { crashes: 1, drops: 1, duplicates: 1, partitions: 1 };
  const world = start({
    ...everythingSetup(), nodes: ['a', 'b', 'c'].map((id) => ({ id, role: 'server' })),
  });
  for (let count = 0; count < 6; count++) step(world, world.next()!);
  const found = planned({ time: 'timed', faults, faulty: ['c'] }, world);
  expect(found.length).toBeGreaterThan(20);
  for (const one of found) {
    if ('node' in one) expect(one.node).toBe('c');
    if ('ordinal' in one) expect([one.from, one.to]).toContain('c');
    if (one.type === 'partition') expect(one.groups).toEqual([['c'], ['a', 'b']]);
  }
});

test('any number of duplicates: what a walk delivers stays in flight', () => {
  const { scenario } = readScenario(`
protocol: paxos
nodes: { p1: proposer, a1..a3: acceptor }
steps:
  - start p1 propose red
expect:
  - never: a1.state.maxBal != null
`);
  const faults = { ...noFaults, duplicates: Infinity };
  const { finding } = walk(scenario, {
    strategies: [{ type: 'random' }], time: 'untimed', faults, seeds: [1, 3], stepsMost: 60,
  });
  const actions = finding!.actions;
  const delivered = actions.flatMap(({ type }, i) => (type === 'deliver' ? [i] : []));
  expect(delivered.length).toBeGreaterThan(0);
  for (const i of delivered) {
    expect(actions[i - 1]).toEqual({ ...actions[i], type: 'duplicate' });
  }
});
