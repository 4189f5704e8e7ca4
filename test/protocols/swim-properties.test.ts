/** SWIM under random faults, and the numbers of its paper: detection time and message load. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { MemberState } from '../../src/protocols/swim/state.ts';
import { swim } from '../../src/protocols/swim/swim.ts';
import { defaultNetwork, type NodeSetup } from '../../src/kernel/plan.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { recover, swimStorm, whyNotWhole } from './swim-storm.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);
const first = Number(process.env.LOCKSTEP_FIRST_SEED ?? 1);

// In parts, so that a long run shows its progress.
const size = 200;
const parts = Array.from({ length: Math.ceil(seeds / size) }, (_, i) => first + i * size);

const limit = { timeout: 300_000 };

test.each(parts)('SWIM holds under random faults, seeds from %i on', limit, async (from) => {
  for (let seed = from; seed < Math.min(from + size, first + seeds); seed++) {
    // The runner receives messages from its worker only between the schedules.
    if (seed % 20 === 0) await setImmediate();
    const cluster = swimStorm(swim, seed, { members: 5, steps: 500 });
    const problem = () => cluster.violations[0]?.why ?? cluster.failures[0];
    if (problem() === undefined) {
      recover(cluster);
      for (let i = 0; i < 40 && whyNotWhole(cluster) !== undefined; i++) cluster.run('1s');
    }
    expect(problem() ?? whyNotWhole(cluster), `seed ${seed}`).toBeUndefined();
  }
});

/** A group without the messages that the paper does not have. */
function group(members: number, seed: number, loss = 0): World {
  const options = { gossipInterval: 0, pushPullInterval: 0, reconnectInterval: 0 };
  const nodes: NodeSetup[] = [];
  for (let i = 1; i <= members; i++) nodes.push({ id: `n${i}`, role: 'member', options });
  return start({ protocol: swim, seed, nodes, network: { ...defaultNetwork, loss } }, [], effects);
}

const effects = new Effects();

function stateOf(world: World, id: string): MemberState {
  return world.node(id)!.state as unknown as MemberState;
}

/** Takes steps up to a time, or until `done` returns true. */
function run(world: World, until: number, done: () => boolean = () => false): void {
  for (let next = world.next(); next && next.at <= until; next = world.next()) {
    step(world, next, effects);
    if (done()) return;
  }
}

/** The mean of a sample, and the standard error of that. */
function meanOf(sample: readonly number[]): { mean: number; error: number } {
  const mean = sample.reduce((sum, one) => sum + one, 0) / sample.length;
  const squares = sample.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (sample.length - 1) / sample.length) };
}

/** In which of its periods after the crash each other member probes the crashed one first. */
function periodsUntilProbed(members: number, seed: number): number[] {
  const world = group(members, seed);
  run(world, 1_500_000);
  step(world, { type: 'crash', at: world.time, node: 'n1' }, effects);
  const others = world.nodes.slice(1).map(({ id }) => id);
  const before = others.map((id) => stateOf(world, id).periods);
  const found: number[] = new Array<number>(others.length).fill(0);
  run(world, 60_000_000, () => {
    for (let i = 0; i < others.length; i++) {
      const { periods, probe } = stateOf(world, others[i]);
      if (found[i] === 0 && periods > before[i] && probe?.target === 'n1') {
        found[i] = periods - before[i];
      }
    }
    // No other member probes it earlier than in its first period without one of these.
    const least = Math.min(...found.filter((one) => one > 0));
    return others.every((id, i) => stateOf(world, id).periods - before[i] >= least);
  });
  return found.filter((one) => one > 0);
}

/** P(no other member has probed it after k of their periods), each going round its list. */
function expectedDetection(members: number): number {
  let sum = 0;
  for (let k = 0; k < members - 1; k++) sum += (1 - k / (members - 1)) ** (members - 1);
  return sum;
}

// The bounds are four standard errors wide: a correct protocol leaves them once in 15,000 sets of
// seeds, and these seeds are fixed.
test('a crash is detected after as many periods as the paper expects: 1.58 for large groups', () => {
  for (const members of [4, 12]) {
    const sample = Array.from({ length: 150 }, (_, i) =>
      Math.min(...periodsUntilProbed(members, i + 1)));
    const { mean, error } = meanOf(sample);
    expect(Math.abs(mean - expectedDetection(members)), `mean ${mean}`).toBeLessThan(4 * error);
    // §3.1: T′ / (1 − e^(−q)), with q = 1, is what choosing at random would take.
    expect(mean).toBeLessThan(1 / (1 - Math.exp(-1)) + 4 * error);
    expect(Math.max(...sample)).toBeLessThan(2 * members);
  }
});

/** How many messages a member sends in a period. */
function messagesPerPeriod(members: number, seed: number, loss: number): number {
  const world = group(members, seed, loss);
  const periods = 10;
  run(world, 1_000_000);
  let sent = 0;
  run(world, (periods + 1) * 1_000_000, () => {
    sent += effects.sent.length;
    return false;
  });
  return sent / members / periods;
}

/** A ping, its ack, and if one of them is lost, k times a request, a ping, an ack, an ack. */
function expectedMessages(loss: number, k: number): number {
  const q = 1 - loss;
  return 1 + q + (1 - q ** 2) * k * (1 + q + q ** 2 + q ** 3);
}

test('the message load of a member does not depend on the size of the group', () => {
  for (const members of [5, 10, 20]) {
    for (const loss of [0, 0.1]) {
      const sample = Array.from({ length: 12 }, (_, i) => messagesPerPeriod(members, i + 1, loss));
      const { mean, error } = meanOf(sample);
      const slack = 4 * error + 0.02;
      expect(Math.abs(mean - expectedMessages(loss, 3)), `${members}: ${mean}`).toBeLessThan(slack);
    }
  }
});
