/** Snapshots of a system that goes on meanwhile (Chandy and Lamport 1985), of a bank's money. */
import { defineProtocol } from '../../protocol/define.ts';
import { branch } from './branch.ts';
import { invariants, miscounted, unknownTotal } from './invariants.ts';
import { events } from './state.ts';

export const chandyLamport = defineProtocol({
  name: 'chandy-lamport',
  aliases: ['snapshot', 'marker'],
  doc: 'Branches of a bank that take a consistent snapshot of all money while it moves.',
  source: 'Chandy, Lamport: Distributed Snapshots: Determining Global States, ACM TOCS 1985',
  noSpecification:
    'a snapshot is a consistent cut, which no single moment of the run may have had',
  events,
  roles: { branch },
  derivedEvents: {
    MoneyMiscounted: {
      remember: unknownTotal,
      look: miscounted,
      summary: ({ snapshot, sum, total }) => `${snapshot} has ${sum} of ${total}`,
    },
  },
  invariants,
});
