/** A process that shares one resource with all others, by the five rules of Lamport's paper. */
// "Time, Clocks, and the Ordering of Events in a Distributed System" (1978), pages 561 and 562.
// There is no central process, and no process may fail: each must answer for any to go on.
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import { arrived, nextNumber, noMessages } from '../shared/numbered-links.ts';
import { type AnyMessage, options, type Participant, type Request } from './state.ts';

type ParticipantNode = Node<Participant>;

export const participant = role<Participant>({
  doc: 'Requests the resource, and gets it once its request is the first of all.',
  joins: 'the processes are fixed: each must hear from all others',
  options,
  init: () => ({
    clock: 0, queue: [], heard: {}, own: null, operation: null, holds: false, links: noMessages(),
  }),
  durable: ['clock', 'queue', 'heard', 'own', 'operation', 'holds', 'links'],
  noDiskFaults: 'its state survives a crash as a whole: the algorithm is not about disks',

  messages: {
    Request: (node, message, from) => arrive(node, message, from),
    Acknowledgement: (node, message, from) => arrive(node, message, from),
    Release: (node, message, from) => arrive(node, message, from),
  },
  timers: {},

  operations: {
    lock: operation<Participant>()({
      doc: 'Requests the resource; answers granted when this process has it.',
      parameters: {},
      noEffect: true,
      run(node, _none, id) {
        if (node.state.own !== null) return node.fail(id, 'this process has requested it already');
        node.state.operation = id;
        request(node);
      },
    }),
    unlock: operation<Participant>()({
      doc: 'Releases the resource; answers released.',
      parameters: {},
      noEffect: true,
      run(node, _none, id) {
        if (!node.state.holds) return node.fail(id, 'this process does not have the resource');
        release(node);
        node.reply(id, 'released');
      },
    }),
  },

  standings: {
    idle: {
      doc: 'It has no request in the queue.',
      to: {
        waiting: 'requests the resource: rule 1',
        holder: 'requests it, and need not wait for the others',
      },
    },
    waiting: {
      doc: 'Its request is in the queue of each process that has received it (rules 1 and 2).',
      to: { holder: 'its request is first, and all have answered: rule 5' },
    },
    holder: {
      doc: 'It is granted the resource (rule 5).',
      to: { idle: 'releases the resource: rule 3' },
    },
  },
  lookDocs: {
    clock: 'Its Lamport clock: each message moves it beyond the time of the sender.',
    queue: 'The requests that it knows, by time; the first of them gets the resource.',
  },
  look: ({ clock, queue, own, holds }, { id }) => ({
    standing: holds ? 'holder' : own === null ? 'idle' : 'waiting',
    tone: holds ? 'lead' : own === null ? 'none' : 'bid',
    ...(holds && { holder: { of: 'the resource', is: id, own: true } }),
    facts: { clock, queue: queue.map(({ time, of }) => `${time}:${of}`).join(' ') },
  }),
  summary: {
    messages: {
      Request: ({ time }) => `time ${time}`,
      Acknowledgement: ({ time }) => `time ${time}`,
      Release: ({ time }) => `time ${time}`,
    },
  },
});

/** Rule 1: "Pi sends the message Tm:Pi requests resource to every other process". */
function request(node: ParticipantNode): void {
  const { state } = node;
  const own = { time: tick(node), of: node.id };
  state.own = own;
  state.queue = sorted([...state.queue, own]);
  node.event('ResourceRequested', { time: own.time });
  sendAll(node, 'Request', own.time);
  enterIfFirst(node);
}

/** Rule 3: it removes its request from its queue "and sends a release message to every other". */
function release(node: ParticipantNode): void {
  const { state } = node;
  state.queue = state.queue.filter(({ of }) => of !== node.id);
  Object.assign(state, { own: null, holds: false });
  const time = tick(node);
  node.event('ResourceReleased', { time });
  sendAll(node, 'Release', time);
}

function arrive(node: ParticipantNode, message: Frozen<AnyMessage>, from: NodeId): void {
  for (const one of arrived(node, from, message)) handle(node, one, from);
}

function handle(node: ParticipantNode, { type, time }: Frozen<AnyMessage>, from: NodeId): void {
  const { state } = node;
  state.clock = Math.max(state.clock, time);
  state.heard[from] = time;
  if (type === 'Request') {
    // Rule 2: it "places it on its request queue and sends a (timestamped) acknowledgment".
    state.queue = sorted([...state.queue, { time, of: from }]);
    node.event('RequestQueued', { of: from, time });
    const acknowledgement = { time: tick(node), number: nextNumber(state.links, from) };
    node.send(from, { type: 'Acknowledgement', ...acknowledgement });
  } else if (type === 'Release') {
    // Rule 4: it "removes any Tm:Pi requests resource message from its request queue".
    state.queue = state.queue.filter(({ of }) => of !== from);
  }
  enterIfFirst(node);
}

/** Rule 5: (i) its request is before all others, (ii) a later message came from each process. */
function enterIfFirst(node: ParticipantNode): void {
  const { state, peers, options: { waitsForReplies } } = node;
  const { own } = state;
  if (own === null || state.holds) return;
  if (state.queue[0].of !== node.id) return;
  if (waitsForReplies && !peers.every((id) => (state.heard[id] ?? 0) > own.time)) return;
  state.holds = true;
  node.event('ResourceGranted', { time: own.time });
  if (state.operation !== null) node.reply(state.operation, 'granted');
  state.operation = null;
}

/** By timestamp; of equal ones, the process with the smaller name is first: a total order. */
function sorted(queue: readonly Request[]): Request[] {
  return [...queue].sort((a, b) => a.time - b.time || (a.of < b.of ? -1 : 1));
}

function tick(node: ParticipantNode): number {
  node.state.clock += 1;
  return node.state.clock;
}

function sendAll(node: ParticipantNode, type: 'Request' | 'Release', time: number): void {
  for (const to of node.peers) {
    const number = nextNumber(node.state.links, to);
    node.send(to, { type, time, number });
  }
}
