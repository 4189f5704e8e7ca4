/** The ledger: where a run of the job has its effect, such as a payment. */
import { role } from '../../protocol/define.ts';
import type { Ledger } from './state.ts';

export const ledger = role<Ledger>({
  doc: 'Applies the effect of each run; an effect whose key it knows is not applied again.',
  init: () => ({ effects: [], keys: {} }),
  noDiskFaults: 'this node stands for a whole database, whose disks are not modelled',
  durable: ['effects', 'keys'],
  messages: {
    Apply(node, { run, key }, by, connection) {
      const { state } = node;
      // The key is stored with the effect, in one step, so neither can be lost alone.
      if (key !== null && state.keys[key]) node.event('EffectRepeated', { key, by });
      else {
        state.effects.push({ run, by });
        if (key !== null) state.keys[key] = true;
        node.event('EffectApplied', { run, by });
      }
      node.send(connection, { type: 'Applied', run });
    },
  },
  timers: {},
  lookDocs: { value: 'What jobs have really done: a run that is here twice was executed twice.' },
  look: ({ effects }) => ({
    value: effects.map(({ run, by }) => `run ${run} by ${by}`).join(', '),
  }),
});
