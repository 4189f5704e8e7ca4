/** The random schedules of mutual exclusion and of snapshots: messages overtake each other. */
import { type Family, nodes } from '../consensus/schedule.ts';

const processes = ['p1', 'p2', 'p3'];
const branches = ['b1', 'b2', 'b3'];

/** Few schedules lose messages: a lost one blocks its link, and then nothing happens. */
const losses = [0, 0, 0, 0.02];

export const mutexFamily: Family = {
  actions: 150,
  faults: 30,
  operations: 150,
  losses,
  nodes: () => nodes('participant', processes),
  operation: (dice) => ({
    node: dice.one(processes), operation: dice.one(['lock', 'unlock', 'unlock']),
  }),
};

export const snapshotFamily: Family = {
  actions: 150,
  faults: 30,
  operations: 150,
  losses,
  nodes: () => nodes('branch', branches),
  operation(dice) {
    const node = dice.one(branches);
    if (dice.chance(0.2)) return { node, operation: 'snapshot' };
    const to = dice.one(branches.filter((id) => id !== node));
    return { node, operation: 'transfer', args: { to, amount: 1 + dice.below(20) } };
  },
};
