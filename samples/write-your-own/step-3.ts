// Step 3: a node that waits too long gives up. And the invariant: all nodes commit, or none does.
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
  receives: { Vote: { yes: boolean } };
  sends: { Prepare: object; Commit: object; Abort: object };
  timers: { votesDue: void };
  events: { Decided: { outcome: 'committed' | 'aborted' } };
  options: object;
}

const coordinator = role<Coordinator>({
  doc: 'Asks the participants whether they can commit, and decides.',
  init: () => ({ phase: 'idle', yes: [], asked: null }),
  messages: {
    Vote(node, { yes }, from) {
      const { state } = node;
      if (state.phase !== 'voting') return;
      if (!yes) return decide(node, 'aborted');
      if (!state.yes.includes(from)) state.yes.push(from);
      if (state.yes.length === node.nodes('participant').length) decide(node, 'committed');
    },
  },
  timers: {
    votesDue: (node) => decide(node, 'aborted'),
  },
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
  state: { phase: 'working' | 'prepared' | 'committed' | 'aborted' };
  receives: Coordinator['sends'];
  sends: Coordinator['receives'];
  timers: { decisionDue: void };
  events: { Voted: { yes: boolean }; Finished: { outcome: 'committed' | 'aborted' } };
  options: { vote: string };
}

const participant = role<Participant>({
  doc: 'Does a part of the work, votes on whether to commit it, and follows the decision.',
  options: {
    vote: { kind: 'choice', default: 'yes', choices: ['yes', 'no'], doc: 'How it votes.' },
  },
  init: () => ({ phase: 'working' }),
  messages: {
    Prepare(node, _message, from) {
      if (node.state.phase !== 'working') return;
      const yes = node.options.vote === 'yes';
      node.event('Voted', { yes });
      node.send(from, { type: 'Vote', yes });
      if (!yes) return finish(node, 'aborted');
      node.state.phase = 'prepared';
      node.setTimer('decisionDue', milliseconds(1_000));
    },
    Commit: (node) => finish(node, 'committed'),
    Abort: (node) => finish(node, 'aborted'),
  },
  timers: {
    decisionDue: (node) => finish(node, 'aborted'),
  },
});

function finish(node: Node<Participant>, outcome: 'committed' | 'aborted'): void {
  const { state } = node;
  if (state.phase === 'committed' || state.phase === 'aborted') return;
  state.phase = outcome;
  node.cancelTimer('decisionDue');
  node.event('Finished', { outcome });
}

export default defineProtocol({
  name: 'two-phase-commit',
  doc: 'Several nodes commit a transaction, or none does.',
  source: 'samples/write-your-own, step 3.',
  events: {
    Voted: 'A participant has voted.',
    Decided: 'The coordinator has decided.',
    Finished: 'A participant has committed or aborted its part.',
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
