/** Views as the adapter would send them: clusters of any size, at a moment when much happens. */

import type { ClusterView, MessageView, NodeView } from '../../src/view/cluster/cluster-view.ts';
import type { Moment, Views } from '../../src/view/contract.ts';
import { sequenceToMermaid } from '../../src/view/sequence/mermaid.ts';
import {
  defaultSelection, type Participant, type SequenceItem, type SequenceView,
} from '../../src/view/sequence/sequence-view.ts';

/** A moment with the views of all panels. */
export interface Made {
  moment: Moment;
  views: Views;
}

export interface Shape {
  nodes: number;
  clients?: number;
  /** How many items the sequence holds. */
  items?: number;
  step?: number;
}

/** n1 leads term 3; others follow, one is a candidate, one is paused and one has crashed. */
export function makeView({ nodes, clients = 2, items = 30, step = 57 }: Shape): Made {
  const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  const clientIds = Array.from({ length: clients }, (_, index) => `c${index + 1}`);
  const participants = [
    ...ids.map((id, index) => ({
      id,
      about: [index === 0 ? 'leader' : 'follower', 'term 3'],
    })),
    ...clientIds.map((id) => ({ id, about: [] })),
  ];
  const sequence = makeItems(ids, clientIds, items, step);
  return {
    moment: {
      title: 'Replication while a follower is away',
      scenario: 'replication.scenario.yaml',
      branch: 0,
      step,
      steps: 184,
      time: 1_204_000,
      action: {
        command: 'deliver n1->n2#4',
        sentence: 'n2 receives AppendEntries from n1',
        isCommandEnough: false,
        events: [{ name: 'EntryAppended', fields: 'index 7, term 3' }],
        replies: [],
      },
      stop: { type: 'event', name: 'EntryAppended', node: 'n2', details: 'index 7, term 3' },
    },
    views: {
      cluster: makeCluster(ids, clientIds),
      sequence: { ...makeSequence(participants, sequence), before: 12 },
      history: { operations: [], before: 0, after: 0, verdicts: [] },
      spacetime: {
        lanes: [],
        branches: [],
        twin: '',
        compare: { type: 'nothing' },
        shared: 0,
      },
      logs: { first: 1, last: 0, from: 1, to: 0, groups: [] },
      roles: {
        roles: [], role: '', others: false, doc: '', states: [], transitions: [], off: [], since: 0, mermaid: '',
      },
      locks: { now: 1_204_000, known: 1_204_000, since: 0, locks: [], stores: [], left: 0 },
    },
  };
}

/** As the source makes it of these items, without anything chosen. */
export function makeSequence(participants: Participant[], items: SequenceItem[]): SequenceView {
  const steps = items.filter(({ future }) => !future).map(({ step }) => step);
  const types = items.flatMap((item) => (item.type === 'message' ? [item.messageType] : []));
  return {
    participants,
    items,
    before: 0,
    mermaid: sequenceToMermaid(participants, items),
    covered: { branch: 0, first: Math.min(1, ...steps), last: Math.max(0, ...steps) },
    choices: {
      nodes: participants.map(({ id }) => id),
      messages: [...new Set(types)].sort(),
      operations: [],
      requests: [],
      folded: 0,
    },
    selection: defaultSelection,
  };
}

function makeCluster(ids: string[], clients: string[]): ClusterView {
  return {
    nodes: [...ids.map((id, index) => makeNode(id, index, ids.length)), ...clients.map(makeClient)],
    messages: makeMessages(ids, clients),
    unseen: 0,
    lost: [],
    connections: [],
    cuts: [],
    islands: [],
    epochs: [{ name: 'term', doc: 'Each election begins a new term.' }],
    roles: [{
      name: 'replica', doc: 'A server.', values: { votedFor: 'The candidate that got its vote.' },
      standings: [{ name: 'follower', doc: 'It is passive.' }, { name: 'leader', doc: 'It replicates its log.' }],
    }],
    meanings: [{ event: 'EntryAppended', doc: 'A server appended an entry to its log.' }],
  };
}

function makeNode(id: string, index: number, count: number): NodeView {
  const bidder = count >= 5 && index === 2;
  const crashed = count >= 5 && index === 4;
  const paused = index === count - 1 && !crashed;
  const length = index === 0 ? 7 : Math.max(3, 7 - index);
  return {
    id,
    role: 'replica',
    area: 'peers',
    status: crashed ? 'crashed' : paused ? 'paused' : 'running',
    host: 'on',
    standing: index === 0 ? 'leader' : bidder ? 'candidate' : 'follower',
    tone: index === 0 ? 'lead' : bidder ? 'bid' : 'follow',
    epoch: { name: 'term', value: bidder ? 4 : 3 },
    stands: index === 0 || bidder ? 'out' : 'in',
    acted: index === 1,
    changes: index === 1 ? [{ type: 'epoch', from: 'term 2', to: 'term 3' }] : [],
    holds: [],
    shown: bidder ? [{ type: 'votes', granted: 1, needed: 3, changed: true }] : [],
    facts: [
      { name: 'votedFor', value: bidder ? id : 'n1', changed: false },
      { name: 'commitIndex', value: index === 0 ? '5' : '4', changed: index === 1 },
      { name: 'lastApplied', value: '4', changed: false },
    ],
    log: {
      entries: Array.from({ length: Math.min(5, length) }, (_, place) => {
        const entry = length - Math.min(5, length) + place + 1;
        return {
          index: entry,
          epoch: entry < 3 ? 1 : entry < 6 ? 2 : 3,
          label: entry === 6 ? 'no-op' : `x=${entry}`,
          committed: entry <= 5 - Math.min(index, 1),
          applied: entry <= 4,
          changed: index === 1 && entry === length,
        };
      }),
      before: Math.max(0, length - 5),
      committed: 5 - Math.min(index, 1),
      applies: true,
    },
    timers: [
      index === 0
        ? { name: 'heartbeat', left: 12_000, span: 50_000 }
        : { name: 'election', left: 131_000, span: 173_000 },
    ],
    clock: index === 1 ? { offset: 5_000, drift: 0.0002 } : { offset: 0, drift: 0 },
    waiting: paused ? 3 : 0,
  };
}

function makeClient(id: string): NodeView {
  return {
    id,
    role: 'client',
    area: 'clients',
    status: 'running',
    host: 'on',
    standing: '',
    tone: 'none',
    stands: 'in',
    acted: false,
    changes: [],
    holds: [],
    shown: [],
    facts: [{ name: 'waits for', value: 'put x=3', changed: false }],
    timers: [],
    clock: { offset: 0, drift: 0 },
    waiting: 0,
  };
}

function makeMessages(ids: string[], clients: string[]): MessageView[] {
  const sent = ids
    .slice(2)
    .map((to, index) =>
      makeMessage('n1', to, 'AppendEntries', 'term 3, entries 1', 0.25 + index * 0.12),
    );
  const answers = [makeMessage('n2', 'n1', 'AppendEntriesReply', 'term 3, success, match 7', 0)];
  const asked = clients
    .slice(0, 1)
    .map((id) => makeMessage(id, 'n1', 'ClientRequest', 'put x=4', 0.8));
  const all = [...asked, ...sent, ...answers];
  return all.map((message, index) => ({
    ...message,
    next: index === 0,
    fresh: message.from === 'n2',
    left: 2_000 + index * 3_000,
  }));
}

function makeMessage(
  from: string,
  to: string,
  type: string,
  details: string,
  progress: number,
): MessageView {
  const id = `${from}->${to}#4`;
  const words = { details, fields: `${details}, leaderId ${from}` };
  const marks = { refusal: false, next: false, fresh: false };
  return { id, from, to, type, ...words, ...marks, progress, left: 0 };
}

/** The same cluster divided: the first two nodes on one side, the others on the other. */
export function divide({ moment, views }: Made, left = ['n1', 'n2', 'c1']): Made {
  const right = views.cluster.nodes.map(({ id }) => id).filter((id) => !left.includes(id));
  const cuts = left.flatMap((from) =>
    right.flatMap((to) => [
      { from, to },
      { from: to, to: from },
    ]),
  );
  const cluster = { ...views.cluster, cuts, islands: [left, right] };
  return { moment, views: { ...views, cluster } };
}

const rounds = ['RequestVote', 'RequestVoteReply', 'AppendEntries', 'AppendEntriesReply'];

function makeItems(ids: string[], clients: string[], count: number, step: number): SequenceItem[] {
  return Array.from({ length: count }, (_, place) =>
    makeItem(ids, clients, step - count + 1 + place, step),
  );
}

/** What happened at a step: the same whenever the window shows it. */
function makeItem(ids: string[], clients: string[], step: number, now: number): SequenceItem {
  const when = { step, at: 1_000_000 + step * 1_500, current: step === now };
  if (step % 9 === 6) {
    const fields = `from ${step - 1} to ${step}, votedFor n1`;
    return { type: 'event', node: ids[step % ids.length]!, name: 'TermChanged', fields, ...when };
  }
  if (step % 29 === 12) {
    return { type: 'fault', nodes: ids.slice(0, 2), text: `pause ${ids[1]} for 15s`, ...when };
  }
  const asks = step % 29 === 2 && clients.length > 0;
  const peer = asks ? clients[0]! : (ids[1 + (step % (ids.length - 1))] ?? 'n1');
  const [from, to] = asks || step % 2 === 0 ? [peer, 'n1'] : ['n1', peer];
  return {
    type: 'message',
    id: `${from}->${to}#${step}`,
    from: from!,
    to: to!,
    messageType: asks ? 'ClientRequest' : rounds[step % 4]!,
    fields: `term 3, match ${step}`,
    label: asks ? `ClientRequest put x=${step}` : `${rounds[step % 4]} term 3, match ${step}`,
    outcome:
      step === now - 1
        ? 'in-flight'
        : step % 11 === 3
          ? 'lost'
          : step % 13 === 8
            ? 'refused'
            : 'delivered',
    ...when,
  };
}
