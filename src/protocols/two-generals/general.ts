/** A general: it orders an attack or receives the order, and acknowledges what it receives. */
// Message 0 is the order, message 1 its acknowledgement, 2 the acknowledgement of that, and so on,
// up to the number `acknowledgements`. A general attacks if the last message that can come to it
// has come: what else should it wait for? So the sender of the very last message attacks whether or
// not that message arrives, and its receiver does not attack without it. If the last message made
// no difference, one could do without it, and the one before would be the last.
import { operation, role } from '../../protocol/define.ts';
import type { Micros, Node } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';

export interface GeneralState {
  /** Whether this general has given the order itself. */
  ordered: boolean;
  /** The number of the last message that it received; null for none. */
  got: number | null;
  /** The number of the last message that can come to it; null if none can. */
  awaits: number | null;
  did: 'attack' | 'stay' | null;
}

export interface General {
  state: GeneralState;
  receives: { Messenger: { number: number } };
  sends: { Messenger: { number: number } };
  timers: { dawn: void };
  events: {
    MessengerSent: { number: number };
    LastMessengerSent: { number: number };
    Attacks: { got: number | null };
    StaysBack: { got: number | null; awaits: number | null };
  };
  options: { acknowledgements: number; dawn: Micros };
}

export const events: Record<keyof General['events'], string> = {
  MessengerSent: 'A general sent a messenger: with the order, or with an acknowledgement.',
  LastMessengerSent: 'A general sent the last messenger: no acknowledgement of it is agreed on.',
  Attacks: 'Dawn has come, and a general attacks.',
  StaysBack: 'Dawn has come, and a general does not attack: it lacks a message, or the order.',
};

export const general = role<General>({
  doc: 'Attacks at dawn if it has the last message that can come to it.',
  joins: 'there are two generals',
  options: {
    acknowledgements: {
      kind: 'integer', default: 1, min: 0, max: 10_000,
      doc: 'How many acknowledgements are agreed on; the same for both, and sent before dawn.',
    },
    dawn: {
      kind: 'duration', default: seconds(60), min: 1,
      doc: 'When they attack, by the clock of each, which is exact here.',
    },
  },
  init: () => ({ ordered: false, got: null, awaits: null, did: null }),
  durable: ['ordered', 'got', 'awaits', 'did'],
  noDiskFaults: 'a general writes nothing down that is late',
  start(node) {
    if (node.state.did === null) {
      node.setTimer('dawn', Math.max(0, node.options.dawn - node.now()));
    }
  },

  messages: {
    Messenger(node, { number }) {
      const { state, options: { acknowledgements } } = node;
      if (state.got !== null && state.got >= number) return;
      state.got = number;
      state.awaits = lastOf(acknowledgements, number % 2);
      if (number < acknowledgements) send(node, number + 1);
    },
  },

  timers: {
    dawn(node) {
      const { state } = node;
      const { got, awaits } = state;
      const isOrdered = state.ordered || got !== null;
      state.did = isOrdered && (awaits === null || got === awaits) ? 'attack' : 'stay';
      if (state.did === 'attack') node.event('Attacks', { got });
      else node.event('StaysBack', { got, awaits });
    },
  },

  operations: {
    order: operation<General>()({
      doc: 'Orders an attack at dawn, and sends a messenger; answers sent.',
      parameters: {},
      run(node, _none, id) {
        const { state, options: { acknowledgements } } = node;
        if (state.ordered || state.got !== null) return node.fail(id, 'it is ordered already');
        if (state.did !== null) return node.fail(id, 'dawn is over');
        state.ordered = true;
        // Odd messages come to the general that ordered; with no acknowledgement, none does.
        state.awaits = acknowledgements === 0 ? null : lastOf(acknowledgements, 1);
        send(node, 0);
        node.reply(id, 'sent');
      },
    }),
  },

  // Gray, Notes on Data Base Operating Systems (1978): the two generals paradox.
  standings: {
    waiting: {
      doc: 'It knows of no attack.',
      to: {
        informed: 'it orders the attack, or a messenger arrives',
        stay: 'dawn, and it knows of no attack',
      },
    },
    informed: {
      doc: 'It knows of the attack, and waits for dawn.',
      to: {
        attack: 'dawn, and the last message that it awaits is here',
        stay: 'dawn, and a message that it awaits is missing',
      },
    },
    attack: { doc: 'It has attacked.' },
    stay: { doc: 'It has stayed back.' },
  },
  lookDocs: {
    got: 'The last message that reached it.',
    awaits: 'The message without which it does not attack.',
  },
  look: ({ ordered, got, awaits, did }) => ({
    standing: did ?? (ordered || got !== null ? 'informed' : 'waiting'),
    tone: did === 'attack' ? 'lead' : 'none',
    facts: { got: got ?? 'no message', awaits: awaits ?? 'no message' },
  }),
  summary: { messages: { Messenger: ({ number }) => (number === 0 ? 'order' : `ack ${number}`) } },
});

/** The largest number up to `last` that is odd, or even. */
function lastOf(last: number, parity: number): number {
  return last % 2 === parity ? last : last - 1;
}

function send(node: Node<General>, number: number): void {
  const [other] = node.peers;
  node.event('MessengerSent', { number });
  if (number === node.options.acknowledgements) node.event('LastMessengerSent', { number });
  node.send(other, { type: 'Messenger', number });
}
