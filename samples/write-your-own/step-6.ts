// Step 6: a participant that asks and gets no answer is blocked, and is shown as blocked.
import {
  defineProtocol, milliseconds, type Node, type NodeId, operation, type OperationId,
  role,
} from 'lockstep';

interface Coordinator {
  state: {
    phase: 'idle' | 'voting' | 'committed' | 'aborted';
    yes: NodeId[];
    asked: OperationId | null;
  };
  receives: { Vote: { yes: boolean }; Inquire: object };
  sends: { Prepare: object; Commit: object; Abort: object };
  timers: { votesDue: void };
  events: { Decided: { outcome: 'committed' | 'aborted' } };
  options: object;
}

const coordinator = role<Coordinator>({
  doc: 'Asks the participants whether they can commit, and decides.',
  init: () => ({ phase: 'idle', yes: [], asked: null }),
  durable: ['phase'],
  start(node) {
    // The votes received before the crash are lost, and no participant was told to commit.
    if (node.state.phase === 'voting') decide(node, 'aborted');
  },
  messages: {
    Vote(node, { yes }, from) {
      const { state } = node;
      if (state.phase !== 'voting') return;
      if (!yes) return decide(node, 'aborted');
      if (!state.yes.includes(from)) state.yes.push(from);
      if (state.yes.length === node.nodes('participant').length) decide(node, 'committed');
    },
    Inquire(node, _message, from) {
      const { phase } = node.state;
      if (phase === 'voting') return;
      // No participant can have committed a transaction that was never begun.
      node.send(from, { type: phase === 'committed' ? 'Commit' : 'Abort' });
    },
  },
  timers: {
    votesDue: (node) => decide(node, 'aborted'),
  },
  look: ({ phase, yes }) => ({ standing: phase, facts: { yes } }),
  operations: {
    commit: operation<Coordinator>()({
      doc: 'Asks every participant for its vote; answers committed or aborted.',
      parameters: {},
      run(node, _arguments, id) {
        if (node.state.phase !== 'idle') return node.fail(id, 'a vote has already been taken');
        node.state.phase = 'voting';
        node.state.asked = id;
        node.setTimer('votesDue', milliseconds(500));
        for (const to of node.nodes('participant')) node.send(to, { type: 'Prepare' });
      },
    }),
  },
});

function decide(node: Node<Coordinator>, outcome: 'committed' | 'aborted'): void {
  const { state } = node;
  state.phase = outcome;
  node.cancelTimer('votesDue');
  node.event('Decided', { outcome });
  const type = outcome === 'committed' ? 'Commit' : 'Abort';
  for (const to of node.nodes('participant')) node.send(to, { type });
  if (state.asked !== null) node.reply(state.asked, outcome);
  state.asked = null;
}

interface Participant {
  state: { phase: 'working' | 'prepared' | 'committed' | 'aborted'; inquiries: number };
  receives: Coordinator['sends'];
  sends: Coordinator['receives'];
  timers: { ask: void };
  events: {
    Voted: { yes: boolean };
    Finished: { outcome: 'committed' | 'aborted' };
    Blocked: { inquiries: number };
  };
  options: { vote: string };
}

const participant = role<Participant>({
  doc: 'Does a part of the work, votes on whether to commit it, and follows the decision.',
  options: {
    vote: { kind: 'choice', default: 'yes', choices: ['yes', 'no'], doc: 'How it votes.' },
  },
  init: () => ({ phase: 'working', inquiries: 0 }),
  durable: ['phase'],
  start(node) {
    if (node.state.phase === 'prepared') node.setTimer('ask', milliseconds(1_000));
  },
  messages: {
    Prepare(node, _message, from) {
      if (node.state.phase !== 'working') return;
      const yes = node.options.vote === 'yes';
      node.event('Voted', { yes });
      node.send(from, { type: 'Vote', yes });
      if (!yes) return finish(node, 'aborted');
      node.state.phase = 'prepared';
      node.setTimer('ask', milliseconds(1_000));
    },
    Commit: (node) => finish(node, 'committed'),
    Abort: (node) => finish(node, 'aborted'),
  },
  timers: {
    ask(node) {
      node.state.inquiries += 1;
      if (isBlocked(node.state)) node.event('Blocked', { inquiries: node.state.inquiries });
      for (const to of node.nodes('coordinator')) node.send(to, { type: 'Inquire' });
      node.setTimer('ask', milliseconds(1_000));
    },
  },
  // A run may end although a participant still asks.
  background: ['ask'],
  look: (state) => ({
    standing: isBlocked(state) ? 'blocked' : state.phase,
    tone: isBlocked(state) ? 'bid' : state.phase === 'committed' ? 'lead' : 'none',
  }),
});

/** It has promised to commit if so decided, so it can neither commit nor abort by itself. */
function isBlocked({ phase, inquiries }: Participant['state']): boolean {
  return phase === 'prepared' && inquiries >= 3;
}

function finish(node: Node<Participant>, outcome: 'committed' | 'aborted'): void {
  const { state } = node;
  if (state.phase === 'committed' || state.phase === 'aborted') return;
  state.phase = outcome;
  node.cancelTimer('ask');
  node.event('Finished', { outcome });
}

export default defineProtocol({
  name: 'two-phase-commit',
  doc: 'Several nodes commit a transaction, or none does.',
  source: 'samples/write-your-own, step 6.',
  events: {
    Voted: 'A participant has voted.',
    Decided: 'The coordinator has decided.',
    Finished: 'A participant has committed or aborted its part.',
    Blocked: 'A participant that voted yes asks for the decision, and gets no answer.',
  },
  roles: { coordinator, participant },
  defaultRole: 'participant',
  invariants: {
    'all or none': {
      doc: 'No node commits what another aborted.',
      check({ nodes }) {
        const committed = nodes.find(({ state }) => state.phase === 'committed');
        const aborted = nodes.find(({ state }) => state.phase === 'aborted');
        if (!committed || !aborted) return undefined;
        return `${committed.id} has committed, and ${aborted.id} has aborted`;
      },
    },
  },
});
