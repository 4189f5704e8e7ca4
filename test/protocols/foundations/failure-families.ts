/** The random schedules of requests that are repeated, and of a store that crashes in mid-write. */
import { type Family, nodes } from '../consensus/schedule.ts';

export const requestFamily: Family = {
  actions: 120,
  faults: 60,
  operations: 150,
  losses: [0, 0.1, 0.3],
  nodes: (dice) => [
    ...nodes('server', ['server'], {
      remembers: dice.one(['keys', 'last']), workTime: dice.one([0, 0, 150_000]),
    }),
    ...nodes('client', ['c1', 'c2'], { attempts: dice.one([1, 3]) }),
  ],
  operation: (dice) => ({
    node: dice.one(['c1', 'c2']), operation: dice.one(['add', 'set']), args: { amount: dice.below(9) },
  }),
};

/** Crashes only matter here; values never repeat. */
export const logFamily: Family = {
  actions: 120,
  faults: 300,
  operations: 150,
  losses: [0],
  nodes: (dice) => nodes('store', ['db'], { pages: dice.one([1, 2, 3]) }),
  operation: (_dice, { world }) => ({ node: 'db', operation: 'write', args: { value: world.step } }),
};
