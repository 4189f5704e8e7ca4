/** The random schedules of the store with clocks: few keys, and wall clocks that are far apart. */
import { type Family, nodes, withOptions } from '../consensus/schedule.ts';

export const clockFamily: Family = {
  actions: 100,
  faults: 60,
  operations: 200,
  losses: [0, 0.1, 0.3],
  nodes(dice) {
    const clock = dice.one(['lamport', 'vector', 'hybrid']);
    return nodes('replica', ['n1', 'n2', 'n3'], { stamps: clock, syncInterval: 50_000 }).map((one) => ({
      ...one, clock: { offset: 1_000 * (dice.below(200) - 100) },
    }));
  },
  operation: (dice) => ({
    node: dice.one(['n1', 'n2', 'n3']),
    operation: 'put',
    args: { key: dice.one(['x', 'y']), value: dice.below(9) },
  }),
};

export const familyOfClock = (clock: string): Family => withOptions(clockFamily, 'replica', { stamps: clock });
