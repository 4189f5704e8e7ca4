// Step 1: a coordinator asks for votes, and the participants vote.
import { defineProtocol, operation, role } from 'lockstep';

interface Coordinator {
  state: { yes: string[] };
  receives: { Vote: { yes: boolean } };
  sends: { Prepare: object };
  timers: object;
  events: object;
  options: object;
}

const coordinator = role<Coordinator>({
  doc: 'Asks the participants whether they can commit.',
  init: () => ({ yes: [] }),
  messages: {
    Vote(node, { yes }, from) {
      if (yes) node.state.yes.push(from);
    },
  },
  timers: {},
  operations: {
    commit: operation<Coordinator>()({
      doc: 'Asks every participant for its vote; answers asked.',
      parameters: {},
      run(node, _arguments, id) {
        for (const to of node.nodes('participant')) node.send(to, { type: 'Prepare' });
        node.reply(id, 'asked');
      },
    }),
  },
});

interface Participant {
  state: { phase: 'working' | 'prepared' };
  receives: Coordinator['sends'];
  sends: Coordinator['receives'];
  timers: object;
  events: { Voted: { yes: boolean } };
  options: object;
}

const participant = role<Participant>({
  doc: 'Does a part of the work, and votes on whether to commit it.',
  init: () => ({ phase: 'working' }),
  messages: {
    Prepare(node, _message, from) {
      node.state.phase = 'prepared';
      node.event('Voted', { yes: true });
      node.send(from, { type: 'Vote', yes: true });
    },
  },
  timers: {},
});

export default defineProtocol({
  name: 'two-phase-commit',
  doc: 'Several nodes commit a transaction, or none does.',
  source: 'samples/write-your-own, step 1.',
  events: { Voted: 'A participant has voted.' },
  roles: { coordinator, participant },
  defaultRole: 'participant',
  invariants: {},
});
