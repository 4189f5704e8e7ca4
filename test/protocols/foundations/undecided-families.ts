/** The random schedules of Ben-Or's consensus, and of the two generals. */
import type { Json } from '../../../src/protocol/types.ts';
import { type Family, nodes } from '../consensus/schedule.ts';

export const benOrFamily: Family = {
  actions: 200,
  faults: 30,
  operations: 60,
  losses: [0, 0, 0.02, 0.1],
  nodes(dice) {
    const five = dice.chance(0.3);
    const names = ['p1', 'p2', 'p3', 'p4', 'p5'].slice(0, five ? 5 : 3);
    const undecided = dice.one(['coin', 'coin', 'adopt']);
    return nodes('participant', names, { tolerates: five ? 2 : 1, undecided });
  },
  operation(dice, { world }) {
    const idle = world.nodes.filter(({ up, state }) => up && (state as { value?: Json }).value === null);
    if (idle.length === 0) return undefined;
    return { node: dice.one(idle).id, operation: 'propose', args: { value: dice.below(2) } };
  },
};

export const generalsFamily: Family = {
  actions: 60,
  faults: 0,
  // Dawn comes at the end: the order is given before.
  operations: 700,
  losses: [0, 0.2, 0.5],
  nodes: (dice) => nodes('general', ['A', 'B'], { acknowledgements: dice.below(6), dawn: 500_000 }),
  operation: () => ({ node: 'A', operation: 'order' }),
};

/** No message is lost. */
export const luckyGenerals: Family = { ...generalsFamily, losses: [0] };
