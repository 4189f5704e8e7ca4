/** SWIM: group membership that detects failures by probes and spreads updates by infection. */
// Sections are of the paper. What it leaves open, and what practice added, is as in memberlist.
import { defineProtocol, operation, role } from '../../protocol/define.ts';
import { pick, shuffle } from '../../protocol/patterns.ts';
import type { NodeId } from '../../protocol/types.ts';
import { gossip, spread, takeUpdates, transmitLimit } from './dissemination.ts';
import {
  exchangeWithAny, giveUpJoin, join, joined, merge, pushPull, reconnect, replyWithList, tryToJoin,
} from './exchange.ts';
import { invariants } from './invariants.ts';
import { options } from './options.ts';
import { beginPeriod, hearAll, pingThroughOthers, probing, relayFailed } from './probe.ts';
import {
  type Known, type Member, memberEvents, type MemberState, present, type Status, type SwimNode,
} from './state.ts';
import { opinions } from './opinions.ts';
import { summary } from './summary.ts';
import { declareDead, ownUpdate } from './updates.ts';

const member = role<Member>({
  doc: 'A member of the group: it probes the others, and tells what it learns about them.',
  joins: true,
  options,
  durable: ['boots'],
  init: ({ options: { suspicion, protocolPeriod: period } }): MemberState => ({
    boots: 0, incarnation: 0, hasLeft: false, members: {}, periods: 0, period, round: [],
    probe: null, sequence: 0, relays: {}, rumours: [], suspicions: suspicion ? {} : null, health: 0,
    joining: null,
  }),

  start(node) {
    const { state, options: { bootstrap, ...given } } = node;
    state.boots++;
    if (bootstrap) {
      for (const peer of node.peers) {
        state.members[peer] = { status: 'alive', incarnation: 0, since: node.now() };
      }
      // The others may hold it dead: it learns that from a list, and refutes it.
      if (state.boots > 1 && node.peers.length > 0) pushPull(node, pick(node, node.peers));
    }
    // The periods of members are not in step (§3.1).
    node.setTimer('period', [0, given.protocolPeriod]);
    if (given.pushPullInterval > 0) node.setTimer('pushPull', [0, given.pushPullInterval]);
    if (given.reconnectInterval > 0) node.setTimer('reconnect', [0, given.reconnectInterval]);
  },

  messages: {
    ...probing,
    Gossip: (node, { updates }) => hearAll(node, updates),
    PushPull: replyWithList,
    PushPullReply(node, { members }, from) {
      merge(node, members, from);
      joined(node, from);
    },
  },

  timers: {
    period: beginPeriod,
    pingTimeout: pingThroughOthers,
    relay: relayFailed,
    suspicion: declareDead,
    gossip,
    pushPull: exchangeWithAny,
    reconnect,
    join: tryToJoin,
  },
  background: ['period', 'pingTimeout', 'relay', 'gossip', 'pushPull', 'reconnect'],

  operations: {
    join: operation<Member>()({
      doc: 'Joins the group through one of its members. Answers OK when it has that one\'s list.',
      parameters: { seed: 'node' },
      fault: ({ seed }, roleOf) =>
        (roleOf(seed) === 'member' ? undefined : `${seed} is not a member of a group`),
      run(node, { seed }, id) {
        if (seed === node.id) node.fail(id, `${seed} cannot join through itself`);
        else if (node.state.joining !== null) node.fail(id, `${node.id} is joining already`);
        else join(node, seed, id);
      },
    }),
    leave: operation<Member>()({
      doc: 'Leaves the group: it tells some members, which tell the others. Answers OK.',
      parameters: {},
      run(node, _none, id) {
        if (node.state.hasLeft) node.fail(id, `${node.id} has left the group already`);
        else leave(node);
        node.reply(id, 'OK');
      },
    }),
    members: operation<Member>()({
      doc: 'Answers whom it holds alive, suspected, dead and gone.',
      parameters: {},
      run: (node, _none, id) => node.reply(id, byStatus(node.state.members)),
    }),
  },

  standings: {
    member: {
      doc: 'It probes the others and answers their pings (SWIM, DSN 2002, §3).',
      to: { left: 'leaves of its own accord' },
    },
    left: { doc: 'It has told the group that it leaves.', to: { member: 'joins again' } },
  },
  epochDoc: 'A member raises its incarnation to refute that it is suspected (§4.2).',
  others: opinions,
  lookDocs: {
    alive: 'How many other members it holds to be alive.',
    probes: 'The member that it has pinged in this period, and that has not answered yet.',
    suspect: 'Members that did not answer: it holds them to be dead unless they refute it soon.',
    dead: 'Members that it holds to be dead, whether that is true or not.',
    left: 'Members that said that they leave.',
    health: 'How slow it may be itself: above 0, it gives others more time to answer.',
  },
  look(state) {
    const { hasLeft, incarnation, health, members, probe } = state;
    const { alive = [], ...others } = byStatus(members);
    return {
      standing: hasLeft ? 'left' : 'member',
      tone: hasLeft ? 'none' : 'follow',
      epoch: { name: 'incarnation', value: incarnation },
      others: Object.fromEntries(Object.entries(members).map(([id, { status }]) => [id, status])),
      facts: {
        // Of a process that has ended, not even its own entry is left.
        ...(alive.length > 0 && { alive: alive.length }),
        ...(probe !== null && !probe.isAcked && { probes: probe.target }),
        ...Object.fromEntries(Object.entries(others).map(([name, ids]) => [name, ids.join(', ')])),
        ...(health > 0 ? { health } : {}),
      },
    };
  },
  summary,
});

/** It tells as many members as an update is sent to, and answers pings as before. */
function leave(node: SwimNode): void {
  const { state } = node;
  giveUpJoin(node, `${node.id} left the group`);
  state.hasLeft = true;
  node.cancelTimer('period');
  spread(node, ownUpdate(node, 'left'));
  const told = shuffle(node, present(state)).slice(0, transmitLimit(node));
  for (const one of told) node.send(one, { type: 'Gossip', updates: takeUpdates(node) });
}

function byStatus(members: Readonly<Record<NodeId, Known>>): { [S in Status]?: NodeId[] } {
  const listed: { [S in Status]?: NodeId[] } = {};
  for (const [id, { status }] of Object.entries(members)) (listed[status] ??= []).push(id);
  return listed;
}

export const swim = defineProtocol({
  name: 'swim',
  aliases: ['serf', 'memberlist'],
  doc: 'Group membership: probes find failures, suspicion and incarnations avoid false ones.',
  source: 'Das, Gupta, Motivala: SWIM, DSN 2002; hashicorp/memberlist (LAN defaults); Lifeguard',
  noSpecification:
    'each member answers from its own list, and the lists agree only in the end',
  events: {
    ...memberEvents,
    FalseDeath: 'A member declared another one dead, which is running.',
  },
  roles: { member },
  defaultRole: 'member',
  derivedEvents: {
    FalseDeath: {
      look({ nodes, events }) {
        const found = events.find(({ name, node, fields }) =>
          name === 'MemberDied' && fields.by === node);
        if (found === undefined) return [];
        const { member: dead } = found.fields as { member: NodeId };
        const isUp = nodes.some(({ id, up, state }) =>
          id === dead && up && !(state as MemberState).hasLeft);
        return isUp ? [{ member: dead, by: found.node }] : [];
      },
    },
  },
  invariants,
});
