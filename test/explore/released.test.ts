/** Once faults stop, a network that keeps its order runs by itself again. */
import { expect, test } from 'vitest';
import { released } from '../../src/explore/liveness.ts';
import { heldSetup } from '../../src/explore/walks/held.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { defineProtocol, role } from '../../src/protocol/define.ts';
import { readScenario } from './read.ts';

interface Member {
  state: { got: number[] };
  receives: { Count: { number: number } };
  sends: { Count: { number: number } };
  timers: {};
  events: {};
  options: object;
}

/** Each number is answered by the next; `a` sends 1 and 2 when it boots. */
const counting = defineProtocol({
  name: 'counting',
  doc: 'Counts in turn.',
  source: 'a test',
  events: {},
  roles: {
    member: role<Member>({
      doc: 'Answers.',
      init: () => ({ got: [] }),
      start(node) {
        if (node.id !== 'a') return;
        node.send('b', { type: 'Count', number: 1 });
        node.send('b', { type: 'Count', number: 2 });
      },
      messages: {
        Count(node, { number }, from) {
          node.state.got.push(number);
          if (number < 9) node.send(from, { type: 'Count', number: number + 2 });
        },
      },
      timers: {},
    }),
  },
  defaultRole: 'member',
  invariants: {},
});

test.each([true, false])('what was held back holds back nothing; reorder: %s', (reorder) => {
  const network = `network: { latency: 1ms..5ms, reorder: ${reorder} }`;
  const { scenario: { setup } } = readScenario(
    `protocol: counting\nnodes: [a, b]\n${network}\n`, counting,
  );
  const world: World = start(heldSetup(setup), []);
  const actions = released(world, setup.network);
  expect(actions.filter(({ type }) => type === 'network')).toHaveLength(reorder ? 1 : 2);
  expect(actions.at(-1)!.type).toBe(reorder ? 'deliver' : 'network');
  for (let next = world.next(); next !== undefined; next = world.next()) step(world, next);
  expect(world.time).toBeLessThan(100_000);
  if (!reorder) expect(world.node('a')!.state).toEqual({ got: [3, 4, 7, 8] });
  if (!reorder) expect(world.node('b')!.state).toEqual({ got: [1, 2, 5, 6, 9, 10] });
});

test('what is in flight when a link begins to keep its order is not overtaken', () => {
  const network = 'network: { latency: 1s..1s, reorder: true }';
  const { scenario: { setup } } = readScenario(
    `protocol: counting\nnodes: [a, b]\n${network}\n`, counting,
  );
  const world: World = start(setup, []);
  const rule = { latency: [1_000, 1_000] as const, reorder: false };
  step(world, { type: 'network', at: 0, rule });
  step(world, { type: 'crash', at: 0, node: 'a' });
  step(world, { type: 'restart', at: 0, node: 'a' });
  const arrive = world.queue.items.filter((one) => one.type === 'deliver').map(({ at }) => at);
  // Those of the first boot were sent by the old rule, those of the second by the new one.
  expect(arrive).toEqual([1_000_000, 1_000_000, 1_000_000, 1_000_000]);
});
