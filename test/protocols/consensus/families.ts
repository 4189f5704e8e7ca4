/** The schedules of each consensus protocol: its clusters and the operations of its clients. */
import type { Json } from '../../../src/protocol/types.ts';
import type { Dice } from '../dice.ts';
import { type Family, nodes } from './schedule.ts';

export const multiPaxosFamily: Family = {
  disks: true,
  actions: 400,
  faults: 40,
  operations: 60,
  losses: [0, 0.05, 0.2],
  between: ['replica', 'replica'],
  nodes(dice: Dice) {
    const electionTimeout = dice.one([[150_000, 300_000], [60_000, 120_000]]);
    const slotsPerCatchUp = dice.one([1, 20]);
    const replicas = ['n1', 'n2', 'n3', 'n4', 'n5'].slice(0, dice.one([3, 3, 3, 4, 5]));
    return [
      ...nodes('replica', replicas, { electionTimeout, slotsPerCatchUp }),
      ...nodes('client', ['c1', 'c2']),
    ];
  },
  operation: (dice) => ({ node: dice.one(['c1', 'c2']), ...keyValueOperation(dice) }),
};

/** Raft with servers that join and leave; n4 and n5 are not members at first. */
export const membershipFamily: Family = {
  disks: true,
  actions: 500,
  faults: 30,
  operations: 50,
  losses: [0, 0.02, 0.1],
  nodes(dice: Dice) {
    const members = ['n1', 'n2', 'n3'];
    const preVote = dice.chance(0.3);
    const options = { members, preVote, checkQuorum: dice.chance(0.3) };
    return [
      ...nodes('replica', ['n1', 'n2', 'n3', 'n4', 'n5'], options),
      ...nodes('client', ['c1', 'c2']),
    ];
  },
  operation(dice) {
    const node = dice.one(['c1', 'c2']);
    if (dice.chance(0.5)) return { node, ...keyValueOperation(dice) };
    const operation = dice.one(['addServer', 'addServer', 'removeServer']);
    return { node, operation, args: { server: dice.one(['n1', 'n2', 'n3', 'n4', 'n5']) } };
  },
};

/** The cure: the naive election violates its invariants in nearly every schedule. */
export const majorityFamily: Family = {
  disks: true,
  actions: 250,
  faults: 50,
  operations: 60,
  losses: [0, 0.05, 0.2],
  between: ['replica', 'replica'],
  nodes(dice: Dice) {
    const elects = { elects: 'majority' };
    const replicas = ['n1', 'n2', 'n3', 'n4'].slice(0, dice.one([2, 3, 3, 4]));
    const witnesses = replicas.length === 2 || dice.chance(0.3) ? ['w1'] : [];
    return [
      ...nodes('replica', replicas, elects),
      ...nodes('witness', witnesses, elects),
      ...nodes('client', ['c1', 'c2']),
    ];
  },
  operation: (dice) => ({ node: dice.one(['c1', 'c2']), ...keyValueOperation(dice) }),
};

function keyValueOperation(dice: Dice): { operation: string; args: Record<string, Json> } {
  const key = dice.one(['x', 'y']);
  const value = dice.below(5);
  return dice.one<{ operation: string; args: Record<string, Json> }>([
    { operation: 'put', args: { key, value } },
    { operation: 'put', args: { key, value } },
    { operation: 'cas', args: { key, value, expected: dice.below(5) } },
    { operation: 'get', args: { key } },
  ]);
}

export const paxosFamily: Family = {
  disks: true,
  actions: 300,
  faults: 80,
  operations: 40,
  // When many messages are lost, votes for several values exist before one is chosen.
  losses: [0.02, 0.2, 0.4, 0.5],
  between: ['proposer', 'acceptor'],
  nodes(dice: Dice) {
    const distinguished = dice.chance(0.2);
    const retryAfter = dice.one([[100_000, 200_000], [10_000, 60_000]]);
    const backoff = dice.one([[10_000, 100_000], [0, 10_000]]);
    const acceptors = ['a1', 'a2', 'a3', 'a4', 'a5'].slice(0, dice.one([3, 3, 3, 3, 4, 5]));
    return [
      ...nodes('proposer', ['p1', 'p2', 'p3'].slice(0, dice.one([2, 3])), {
        distinguished, retryAfter, backoff,
      }),
      ...nodes('acceptor', acceptors),
      ...nodes('learner', ['l1']),
    ];
  },
  operation(dice, { world }) {
    if (dice.chance(0.2)) return { node: 'l1', operation: 'learn' };
    const proposers = world.nodes.filter(({ role }) => role === 'proposer');
    const { id } = dice.one(proposers);
    return { node: id, operation: 'propose', args: { value: dice.one([id, `${id}-2`, false, 0]) } };
  },
};
