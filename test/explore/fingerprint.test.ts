/** Worlds with equal fingerprints have equal futures, and every part of one is needed for that. */
import { expect, test } from 'vitest';
import { invariantMonitors } from '../../src/check/invariants.ts';
import type { Action } from '../../src/kernel/action.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import { newEnd } from '../../src/kernel/connection/end.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { noFaults } from '../../src/explore/budgets.ts';
import type { Setting } from '../../src/explore/choices.ts';
import { Fingerprints } from '../../src/explore/fingerprint/fingerprint.ts';
import type { Part } from '../../src/explore/fingerprint/parts.ts';
import { exploredMonitors } from '../../src/explore/search/problem.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { raftSetup } from '../bench/raft-load.ts';
import { everythingSetup } from './everything.ts';
import { twoPhase } from './models/setups.ts';
import { type Case, difference } from './twins.ts';

const some = { crashes: 1, drops: 1, duplicates: 1, partitions: 1 };

const at = 0;
const others: readonly Action[] = [
  { type: 'invoke', at, node: 'a', operation: 'ask', args: {} },
  { type: 'pause', at, node: 'a', for: 2_000 },
  { type: 'resume', at, node: 'a' },
  { type: 'cut', at, from: ['a'], to: ['b'], for: 4_000 },
  { type: 'heal', at },
];

const ofSetup = (setup: Setup, setting: Partial<Setting>, more: readonly Action[] = []): Case => ({
  world: start(setup, invariantMonitors(setup.protocol)),
  setting: { time: 'untimed', faults: some, ...setting },
  others: more,
});

function ofScenario(text: string, setting: Partial<Setting>): Case {
  const { scenario, problems } = parseScenario(text, 'x.scenario.yaml', library);
  expect(problems).toEqual([]);
  const world = start(scenario!.setup, exploredMonitors(scenario!, false));
  return { world, setting: { time: 'untimed', faults: noFaults, ...setting, scenario: scenario! } };
}

const raftScenario = `
protocol: raft
nodes: { n1..n3: replica, client: client }
steps:
  - start client put x 1
  - crash n1
  - restart n1
`;

const cases: readonly (readonly [string, () => Case])[] = [
  ['two-phase commit', () => ofSetup(twoPhase(3), {})],
  ['messages that stay', () =>
    ofSetup(twoPhase(3), { faults: { ...noFaults, duplicates: Infinity } })],
  ['in order', () => ofSetup(everythingSetup(), {}, others)],
  ['in any order', () => ofSetup(everythingSetup({ reorder: true }), {}, others)],
  ['with losses', () => ofSetup(everythingSetup({ loss: 0.4 }), { faults: noFaults }, others)],
  ['timed', () => ofSetup(everythingSetup(), { time: 'timed' }, others)],
  ['timed, with losses', () => ofSetup(everythingSetup({ loss: 0.4 }), { time: 'timed' }, others)],
  ['Raft', () => ofSetup(raftSetup(3), {})],
];

const size = { walks: 60, steps: 25 };

test.each(cases)('equal fingerprints, equal futures: %s', (_, make) => {
  const { found, pairs } = difference(make(), [], size);
  expect(found).toBeUndefined();
  // A property of no pair would hold for that reason only.
  expect(pairs).toBeGreaterThan(0);
});

const planted: readonly (readonly [Part, string])[] = [
  ['state', 'in order'], ['timers', 'in order'], ['held', 'in order'], ['counts', 'in order'],
  ['messages', 'in order'], ['order', 'in order'], ['postponed', 'in order'],
  ['network', 'in order'], ['memory', 'in order'], ['budget', 'in order'], ['time', 'timed'],
];

test.each(planted)('left out, worlds with different futures are taken for one: %s', (part, name) => {
  const [, make] = cases.find(([one]) => one === name)!;
  expect(difference(make(), [part], { walks: 600, steps: 40 }).found).toBeDefined();
});

/** One part is changed alone; random walks rarely meet such pairs. */
const changes: readonly (readonly [Part, Partial<Setting>, (world: World) => void])[] = [
  ['status', {}, (world) => (world.touch(0).paused = true)],
  ['status', {}, (world) => (world.touch(0).powered = false)],
  ['disk', {}, (world) => (world.touch(0).disk = { kept: 4 })],
  ['disk', {}, (world) => (world.touch(0).fsync.slow = 5)],
  ['operations', {}, (world) => {
    world.touch(0).operations.push({ id: 'a#1', name: 'ask', args: {}, at: 0 });
  }],
  ['drawn losses', {}, (world) => world.touch(0).sent[1]++],
  ['connections', {}, (world) => world.touch(0).ends.push(newEnd('a-b#1', 1, 'b', true, socket, 0))],
  ['progress', {}, (world) => {
    for (const one of world.touchMemories()) {
      if (typeof one === 'object' && one !== null && 'index' in one) one.index = 1;
    }
  }],
  ['clocks', { time: 'timed' }, (world) => (world.touch(0).clockBase = 7)],
  ['clocks', { time: 'timed' }, (world) => (world.touch(0).drift = 0.1)],
  ['arrivals', { time: 'timed' }, (world) => (world.touch(0).arrives[1] = 7)],
  ['draws', { time: 'timed' }, (world) => world.touch(0).drawn++],
];

const socket = { keepAlive: false, userTimeout: 0 } as never;

test.each(changes)('a change of one part is seen, and only by that part: %s', (part, more, change) => {
  const { world, setting } = ofScenario(raftScenario, more);
  const rule = { type: 'network', at: 0, rule: { loss: 0.5 } } as const;
  step(world, rule);
  const changed = world.fork();
  change(changed);
  const of = (omitted: Part[]) => {
    const fingerprints = new Fingerprints(setting, new Set(omitted));
    return [world, changed].map((one) => fingerprints.of(one, setting.faults));
  };
  const [one, other] = of([]);
  expect(one).not.toEqual(other);
  const [left, right] = of([part]);
  expect(left).toEqual(right);
});
