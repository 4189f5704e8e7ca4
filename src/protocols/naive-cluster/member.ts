/** A node of the cluster: with data, or a witness, which votes and keeps none. */
import { role } from '../../protocol/define.ts';
import { broadcast } from '../../protocol/patterns.ts';
import type { Frozen, Node, NodeId, Role } from '../../protocol/types.ts';
import { keyValueStore } from '../raft/key-value-store.ts';
import { answerStored, becomeFollower, execute, sendData } from './leading.ts';
import { countAnswers, countVote, requestVotes, vote, waitForLeader } from './majority.ts';
import { type Member, options, type Store } from './state.ts';
import { dataDocs, memberDocs, memberLook, memberStandings, memberSummary } from './summary.ts';
import { electsByMajority, isOlder, others } from './version.ts';
import { electFirstVisible, lose, see } from './visible.ts';

export function member(doc: string, keepsData: boolean): Role<Member> {
  return role<Member>({
    doc,
    joins: 'the others would not count it: a majority is of the nodes that were there at first',
    options,
    durable: ['term', 'votedFor', 'version', 'data'],
    init: () => ({
      term: 0, votedFor: null, version: { term: 0, number: 0 },
      data: keepsData ? { ...keyValueStore.init(), writes: [] } : null,
      standing: 'follower', leaderId: null, visible: [], votes: [], stored: {}, answered: [],
      waiting: [],
    }),
    start(node) {
      sayHello(node);
      if (electsByMajority(node)) waitForLeader(node);
      // Who is there is known only after a while.
      else node.setTimer('election', node.options.suspectAfter);
    },

    messages: {
      Hello: (node, _hello, from) => see(node, from),

      Store(node, message, from) {
        see(node, from);
        if (electsByMajority(node)) storeOfTerm(node, message, from);
        else storeOfFirst(node, message, from);
      },

      Stored(node, { term, version }, from) {
        const { state } = node;
        see(node, from);
        if (term > state.term) return becomeFollower(node, term, 'there is a later term');
        if (state.standing !== 'leader' || term !== state.term) return;
        if (!state.answered.includes(from)) state.answered.push(from);
        const known = state.stored[from];
        if (known === undefined || isOlder(known, version)) state.stored[from] = version;
        answerStored(node);
      },

      RequestVote: (node, message, from) => vote(node, message, from),
      Vote: (node, message, from) => countVote(node, message, from),

      ClientRequest(node, message, from) {
        const { standing, leaderId: leaderHint } = node.state;
        if (standing === 'leader') return execute(node, message, from);
        node.event('ClientRedirected', { clientId: from, leaderHint });
        node.send(from, {
          type: 'ClientResponse', serial: message.serial, status: 'NOT_LEADER', response: null,
          leaderHint,
        });
      },
    },

    timers,
    background: ['hello', 'suspect', 'election', 'quorum'],

    look: memberLook,
    lookDocs: keepsData ? dataDocs : memberDocs,
    standings: memberStandings,
    summary: memberSummary,
  });
}

const timers: Role<Member>['timers'] = {
  hello(node) {
    if (node.state.standing === 'leader') sendData(node);
    sayHello(node);
  },
  suspect(node, other) {
    lose(node, other);
    if (electsByMajority(node)) return;
    electFirstVisible(node);
    answerStored(node);
  },
  election(node) {
    if (electsByMajority(node)) return requestVotes(node);
    electFirstVisible(node);
    node.setTimer('election', node.options.helloInterval);
  },
  quorum: countAnswers,
};

function sayHello(node: Node<Member>): void {
  const { term, version } = node.state;
  broadcast(node, { type: 'Hello', term, version }, others(node));
  node.setTimer('hello', node.options.helloInterval);
}

/** With the cure: only the leader of the current term, or of a later one, may replace the data. */
function storeOfTerm(node: Node<Member>, message: Frozen<Store>, from: NodeId): void {
  const { state } = node;
  const { term, version } = message;
  if (term < state.term) {
    return node.send(from, { type: 'Stored', term: state.term, version: state.version });
  }
  if (term > state.term || state.standing !== 'follower') {
    becomeFollower(node, term, `${from} leads term ${term}`);
  }
  state.leaderId = from;
  waitForLeader(node);
  if (isOlder(state.version, version)) replaceData(node, message);
  node.send(from, { type: 'Stored', term, version: state.version });
}

/** Naive: the data of the first node that it can see is right, whatever its own may be. */
function storeOfFirst(node: Node<Member>, message: Frozen<Store>, from: NodeId): void {
  const { state } = node;
  electFirstVisible(node);
  if (state.leaderId !== from || state.standing === 'leader') return;
  const { number } = message.version;
  if (number !== state.version.number || !isSame(state.data, message.data)) {
    replaceData(node, message);
  }
  node.send(from, { type: 'Stored', term: 0, version: message.version });
}

function isSame(own: Frozen<Store['data']> | null, other: Frozen<Store['data']>): boolean {
  if (own === null || own.writes.length !== other.writes.length) return own === null;
  return own.writes.every((write, i) => write === other.writes[i]);
}

function replaceData(node: Node<Member>, { version, data }: Frozen<Store>): void {
  const { state } = node;
  state.version = version;
  if (state.data !== null) state.data = data as NonNullable<typeof state.data>;
}
