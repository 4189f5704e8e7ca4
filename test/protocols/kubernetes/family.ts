/** The random schedules of the Kubernetes lease: short leases, so that few actions have many terms. */
import type { NodeSetup } from '../../../src/kernel/plan.ts';
import type { Family } from '../consensus/schedule.ts';
import type { Dice } from '../dice.ts';

export const leaseFamily: Family = {
  actions: 220,
  faults: 60,
  operations: 60,
  losses: [0, 0, 0.05],
  between: ['candidate', 'apiServer'],
  nodes(dice: Dice): NodeSetup[] {
    const candidates = ['A', 'B', 'C'].slice(0, dice.one([2, 3])).map((id) => {
      const options = {
        leaseDuration: dice.one([1_000_000, 1_000_000, 3_000_000]),
        renewDeadline: dice.one([600_000, 800_000]),
        retryPeriod: dice.one([100_000, 200_000]),
        releaseOnCancel: dice.chance(0.5), releaseChecksHolder: true,
        workEndsAfter: dice.one([0, 300_000]), restartAfter: 100_000,
      };
      return { id, role: 'candidate', options };
    });
    return [
      { id: 'api', role: 'apiServer', options: {} },
      ...candidates,
      { id: 'db', role: 'storage', options: {} },
    ];
  },
  operation(dice, { world }) {
    const { id: node } = dice.one(world.nodes.filter(({ role }) => role === 'candidate'));
    if (dice.chance(0.15)) return { node, operation: 'stop' };
    return { node, operation: 'write', args: { name: 'x', value: dice.below(100) } };
  },
};
