/** Snapshots of a system that goes on meanwhile (Chandy and Lamport 1985), of a bank's money. */
import { defineProtocol } from '../../protocol/define.ts';
import { branch } from './branch.ts';
import { invariants, moneyAtFirst, type Total } from './invariants.ts';
import { events } from './state.ts';

export const chandyLamport = defineProtocol({
  name: 'chandy-lamport',
  aliases: ['snapshot', 'marker'],
  doc: 'Branches of a bank that take a consistent snapshot of all money while it moves.',
  source: 'Chandy, Lamport: Distributed Snapshots: Determining Global States, ACM TOCS 1985',
  events,
  roles: { branch },
  derivedEvents: {
    MoneyMiscounted: {
      remember: (): Total => ({ total: null }),
      look({ nodes, events: reported, memory }) {
        memory.total ??= moneyAtFirst(nodes, reported);
        return reported.flatMap((event) => {
          if (event.name !== 'SnapshotTaken' || event.fields.sum === memory.total) return [];
          return [{ snapshot: event.fields.snapshot, sum: event.fields.sum, total: memory.total }];
        });
      },
      summary: ({ snapshot, sum, total }) => `${snapshot} has ${sum} of ${total}`,
    },
  },
  invariants,
});
