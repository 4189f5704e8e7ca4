/** The options of a SWIM member: the defaults are those of memberlist for a local network. */
import type { Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import type { Member } from './state.ts';

export const options: NonNullable<Role<Member>['options']> = {
  bootstrap: {
    kind: 'boolean',
    default: true,
    doc: 'Whether it knows the nodes of the scenario from the start; if not, it has to join.',
  },
  protocolPeriod: {
    kind: 'duration',
    default: seconds(1),
    min: milliseconds(1),
    doc: 'T′: how often it probes a member (§3.1); `ProbeInterval`.',
  },
  pingTimeout: {
    kind: 'duration',
    default: milliseconds(500),
    min: milliseconds(1),
    below: 'protocolPeriod',
    doc: 'How long it waits for an ack before others ping for it; `ProbeTimeout`.',
  },
  indirectProbes: {
    kind: 'integer',
    default: 3,
    min: 0,
    doc: 'k: how many members ping for it (§3.1); `IndirectChecks`. 0: it has none do so.',
  },
  suspicion: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a member is suspected before it is declared dead (§4.2).',
  },
  suspicionMult: {
    kind: 'integer',
    default: 4,
    min: 1,
    doc: 'A suspicion lasts for this many periods, times max(1, log10 n); `SuspicionMult`.',
  },
  retransmitMult: {
    kind: 'integer',
    default: 4,
    min: 1,
    doc: 'λ: an update is sent λ⌈log10(n + 1)⌉ times (§4.1); `RetransmitMult`.',
  },
  updatesPerMessage: {
    kind: 'integer',
    default: 8,
    min: 1,
    doc: 'How many updates a message carries at most, because packets are small (§4.1).',
  },
  gossipInterval: {
    kind: 'duration',
    default: milliseconds(200),
    min: 0,
    doc: 'How often it sends updates besides those on pings and acks. 0: never, as in the paper.',
  },
  gossipNodes: {
    kind: 'integer',
    default: 3,
    min: 1,
    doc: 'To how many members it sends them each time; `GossipNodes`.',
  },
  gossipToTheDead: {
    kind: 'duration',
    default: seconds(30),
    min: 0,
    doc: 'For how long after its death a member is still sent updates, so that it may refute.',
  },
  pushPullInterval: {
    kind: 'duration',
    default: seconds(30),
    min: 0,
    doc: 'How often it exchanges the whole list with a member. 0: never, as in the paper.',
  },
  reconnectInterval: {
    kind: 'duration',
    default: seconds(30),
    min: 0,
    doc: 'How often it tries to reach a dead member, as Serf does. 0: never.',
  },
  refutation: {
    kind: 'boolean',
    default: true,
    doc: 'Whether a member that is accused raises its incarnation (§4.2); false is a mistake.',
  },
  deathIsFinal: {
    kind: 'boolean',
    default: false,
    doc: 'Whether a death overrides every incarnation, as in the paper; in memberlist it does not.',
  },
  lifeguard: {
    kind: 'boolean',
    default: false,
    doc: 'Whether it has memberlist\'s health score, nacks, and shorter confirmed suspicions.',
  },
};
