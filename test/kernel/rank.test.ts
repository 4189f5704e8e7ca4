/** Ranks are kept between steps: they must be those of the states, whatever happened. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inspectRank } from '../../src/kernel/look/look.ts';
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { leaseSetup } from './lease.ts';
import { choices, choose, seeds } from './schedules.ts';

/** The lease protocol, whose nodes show all of their state as their standing. */
function shown() {
  const setup = leaseSetup();
  const roles = Object.fromEntries(
    Object.entries(setup.protocol.roles).map(([name, role]) => [
      name,
      { ...role, look: (state: object) => ({ standing: JSON.stringify(state) }) },
    ]),
  );
  return { ...setup, protocol: { ...setup.protocol, roles } };
}

function expectTrue({ nodes }: World): void {
  for (const { rank, cast, state } of nodes) expect(rank).toEqual(inspectRank(cast, state).look);
}

test('the rank of a node is that of its state after every step, in forks too', () => {
  fc.assert(
    fc.property(choices, (picked) => {
      const world = start(shown());
      const effects = new Effects();
      expectTrue(world);
      for (const pick of picked) {
        const action = choose(world, pick);
        if (!action) continue;
        // A fork makes the next step copy the nodes that it touches; without one they change in place.
        const before = world.step % 3 === 0 ? world.fork() : undefined;
        step(world, action, effects);
        expectTrue(world);
        if (before) expectTrue(before);
      }
    }),
    { numRuns: seeds, seed: 1 },
  );
});
