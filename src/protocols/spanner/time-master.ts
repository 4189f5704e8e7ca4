/** A time master (§3): a machine with a GPS receiver or an atomic clock, which others poll. */
import { role } from '../../protocol/define.ts';
import type { Micros } from '../../protocol/types.ts';

export interface TimeMaster {
  state: object;
  receives: { AskTime: { askedAt: Micros } };
  sends: { MasterTime: { askedAt: Micros; time: Micros } };
  timers: object;
  events: object;
  options: object;
}

export const timeMaster = role<TimeMaster>({
  doc: 'A time master, whose clock others are set by. It is exact unless the scenario sets it.',
  joins: 'the others would not poll it: they know the time masters from the start of the run',
  init: () => ({}),
  messages: {
    AskTime: (node, { askedAt }, from) =>
      node.send(from, { type: 'MasterTime', askedAt, time: node.now() }),
  },
  timers: {},
});
