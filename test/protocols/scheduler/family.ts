/** The random schedules of the job scheduler: short leases and runs, so that few actions have many. */
import { type Family, withOptions } from '../consensus/schedule.ts';

/** Marked after the effect, and with keys: then a run happens once. */
export const jobFamily: Family = {
  actions: 250,
  faults: 60,
  operations: 0,
  losses: [0, 0, 0.05],
  between: ['scheduler', 'store'],
  nodes(dice) {
    const options = {
      ttl: dice.one([300_000, 600_000]), period: 200_000, workTime: dice.one([20_000, 100_000]),
      retryAfter: 50_000, marks: 'after', keys: true,
    };
    return [
      { id: 'store', role: 'store', options: {} },
      { id: 'ledger', role: 'ledger', options: {} },
      ...['A', 'B', 'C'].slice(0, dice.one([2, 3])).map((id) => {
        return { id, role: 'scheduler', options: { ...options } };
      }),
    ];
  },
  operation: () => undefined,
};

/** Marked before the effect, and without keys: then a run happens at most once. */
export const carelessFamily = withOptions(jobFamily, 'scheduler', { marks: 'before', keys: false });
