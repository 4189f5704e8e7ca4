/** A branch: it sends and receives money, and records its part of a snapshot meanwhile. */
// Chandy and Lamport, "Distributed Snapshots: Determining Global States of Distributed Systems"
// (1985), §3. No branch stops, and no clock is read: a marker on each channel separates what was
// sent before the sender recorded its state from what was sent after.
import { operation, role } from '../../protocol/define.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import { arrived, nextNumber, noMessages } from '../shared/numbered-links.ts';
import { type AnyMessage, type Branch, options, type Recording } from './state.ts';

type BranchNode = Node<Branch>;

export const branch = role<Branch>({
  doc: 'Has money, transfers it to other branches, and takes snapshots of all money.',
  joins: 'the channels are fixed: a snapshot waits for a marker on each',
  options,
  init: ({ options: { balance } }) => ({
    balance, recordings: {}, begun: {}, count: 0, links: noMessages(),
  }),
  durable: ['balance', 'recordings', 'begun', 'count', 'links'],
  noDiskFaults: 'its state survives a crash as a whole: the algorithm is not about disks',

  messages: {
    Transfer: (node, message, from) => arrive(node, message, from),
    Marker: (node, message, from) => arrive(node, message, from),
    Recorded: (node, { snapshot, sum }, from) => collect(node, snapshot, sum, from),
  },
  timers: {
    markers: (node, snapshot) => sendMarkers(node, snapshot),
  },

  operations: {
    transfer: operation<Branch>()({
      doc: 'Sends money to another branch; answers OK, and fails if there is not enough.',
      parameters: { to: 'node', amount: 'integer' },
      fault: ({ amount }) => (amount > 0 ? undefined : 'the amount must be positive'),
      run(node, { to, amount }, id) {
        const { state } = node;
        if (to === node.id) return node.fail(id, 'the money is here already');
        if (amount > state.balance) return node.fail(id, `the balance is ${state.balance}`);
        state.balance -= amount;
        const number = nextNumber(state.links, to);
        node.event('TransferSent', { to, number, amount });
        node.send(to, { type: 'Transfer', amount, number });
        node.reply(id, 'OK');
      },
    }),
    snapshot: operation<Branch>()({
      doc: 'Takes a snapshot; answers the sum of all money in it, on its way or in a branch.',
      parameters: {},
      run(node, _none, id) {
        const { state, peers } = node;
        const snapshot = `${node.id}.${++state.count}`;
        state.begun[snapshot] = { missing: [node.id, ...peers], sum: 0, operation: id };
        record(node, snapshot);
        finishIfClosed(node, snapshot);
      },
    }),
  },

  lookDocs: {
    value: 'The money of this branch; what is on its way is in neither branch.',
    '…': 'Of this snapshot: the balance that it recorded, and money that came in after that.',
  },
  look: ({ balance, recordings }) => ({
    value: balance,
    facts: Object.fromEntries(
      Object.entries(recordings).map(([snapshot, one]) => [snapshot, recordingText(one)]),
    ),
  }),
});

function recordingText({ balance, channels, open }: Frozen<Recording>): string {
  const onTheWay = Object.entries(channels).filter(([, amounts]) => amounts.length > 0);
  const text = onTheWay.map(([from, amounts]) => `, ${amounts.join('+')} from ${from}`).join('');
  return `${balance}${text}${open.length > 0 ? `, records ${open.join(' ')}` : ''}`;
}

/** Marker-sending rule: record the state, then "one marker along each channel" before all else. */
function record(node: BranchNode, snapshot: string): void {
  const { state, peers, options: { markerDelay } } = node;
  const channels = Object.fromEntries(peers.map((id) => [id, []]));
  state.recordings[snapshot] = { balance: state.balance, channels, open: [...peers] };
  node.event('StateRecorded', { snapshot, balance: state.balance });
  if (markerDelay === 0) sendMarkers(node, snapshot);
  else node.setTimer('markers', markerDelay, snapshot);
}

function sendMarkers(node: BranchNode, snapshot: string): void {
  for (const to of node.peers) {
    const number = nextNumber(node.state.links, to);
    node.send(to, { type: 'Marker', snapshot, number });
  }
}

function arrive(node: BranchNode, message: Frozen<AnyMessage>, from: NodeId): void {
  for (const one of arrived(node, from, message)) handle(node, one, from);
}

function handle(node: BranchNode, message: Frozen<AnyMessage>, from: NodeId): void {
  if (message.type === 'Transfer') return receive(node, message, from);
  const { snapshot } = message;
  const { recordings } = node.state;
  // Marker-receiving rule: the first marker makes the branch record its state; the channel of that
  // marker is empty. Of each other channel, it is what arrived since.
  if (recordings[snapshot] === undefined) record(node, snapshot);
  const recording = recordings[snapshot];
  recording.open = recording.open.filter((id) => id !== from);
  node.event('ChannelRecorded', { snapshot, from, amounts: [...recording.channels[from]] });
  finishIfClosed(node, snapshot);
}

function receive(
  node: BranchNode,
  { amount, number }: Frozen<AnyMessage & { type: 'Transfer' }>,
  from: NodeId,
): void {
  const { state } = node;
  state.balance += amount;
  node.event('TransferReceived', { from, number, amount });
  for (const { open, channels } of Object.values(state.recordings)) {
    if (open.includes(from)) channels[from].push(amount);
  }
}

/** The part of this branch is complete: its sum goes to the branch that began the snapshot. */
function finishIfClosed(node: BranchNode, snapshot: string): void {
  const { balance, channels, open } = node.state.recordings[snapshot];
  if (open.length > 0) return;
  const sum = Object.values(channels).flat().reduce((total, amount) => total + amount, balance);
  const [initiator] = snapshot.split('.');
  if (initiator === node.id) collect(node, snapshot, sum, node.id);
  else node.send(initiator, { type: 'Recorded', snapshot, sum });
}

function collect(node: BranchNode, snapshot: string, sum: number, from: NodeId): void {
  const begun = node.state.begun[snapshot];
  if (!begun.missing.includes(from)) return;
  begun.missing = begun.missing.filter((id) => id !== from);
  begun.sum += sum;
  if (begun.missing.length > 0) return;
  node.event('SnapshotTaken', { snapshot, sum: begun.sum });
  node.reply(begun.operation, begun.sum);
}
