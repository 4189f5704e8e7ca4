/** A consumer: it reads committed records in their order, and remembers its position. */
import { operation, role } from '../../protocol/define.ts';
import type { Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { brokerOf, nextBroker } from './clients.ts';
import type { ConsumerResponse, FromClients } from './partition/replica.ts';

export interface ConsumerState {
  /** The offset of the next record. It survives a crash: the consumer commits it at each poll. */
  position: number;
  /** The number of the last poll. */
  serial: number;
  leader: NodeId | null;
  polling: OperationId | null;
}

export interface Consumer {
  state: ConsumerState;
  receives: { ConsumerResponse: ConsumerResponse };
  sends: Pick<FromClients, 'ConsumerFetch'>;
  timers: { request: void; retry: void };
  events: {
    RecordsRead: { offset: number; count: number };
    OffsetReset: { from: number; to: number };
  };
  options: { requestTimeout: Micros; retryBackoff: Micros };
}

export const consumerEvents: Record<keyof Consumer['events'], string> = {
  RecordsRead: 'A consumer read committed records, or found none.',
  OffsetReset: 'The position of a consumer is behind the end of the log: it continues there.',
};

type Client = Node<Consumer>;

export const consumer = role<Consumer>({
  doc: 'A consumer: it polls the leader for the records below the high watermark.',
  joins: true,
  options: {
    requestTimeout: {
      kind: 'duration',
      default: seconds(30),
      min: milliseconds(1),
      doc: 'How long it waits for an answer: request.timeout.ms.',
    },
    retryBackoff: {
      kind: 'duration',
      default: milliseconds(100),
      min: milliseconds(1),
      doc: 'How long it waits before it asks another broker: retry.backoff.ms.',
    },
  },
  durable: ['position', 'serial'],
  init: () => ({ position: 0, serial: 0, leader: null, polling: null }),

  messages: {
    ConsumerResponse(node, message, from) {
      const { state } = node;
      const { serial, error, offset, records, logEndOffset, leader } = message;
      if (serial !== state.serial || state.polling === null) return;
      if (error === 'NOT_LEADER_OR_FOLLOWER') {
        state.leader = nextBroker(node, from, leader);
        node.cancelTimer('request');
        return node.setTimer('retry', node.options.retryBackoff);
      }
      if (error === null) {
        state.position = offset + records.length;
        node.event('RecordsRead', { offset, count: records.length });
      } else {
        // An unclean election took records away that it has read: auto.offset.reset=latest.
        state.position = logEndOffset;
        node.event('OffsetReset', { from: offset, to: logEndOffset });
      }
      const operationId = state.polling;
      state.polling = null;
      node.cancelTimer('request');
      node.reply(operationId, records.map(({ value }) => value));
    },
  },

  timers: {
    request(node) {
      const { state } = node;
      state.leader = nextBroker(node, brokerOf(node, state.leader), null);
      poll(node);
    },
    retry: poll,
  },

  operations: {
    poll: operation<Consumer>()({
      doc: 'Answers the committed records from its position on, and moves that behind them.',
      parameters: {},
      run(node, _args, id) {
        const { state } = node;
        if (state.polling !== null) return node.fail(id, `${node.id} already polls`);
        state.polling = id;
        poll(node);
      },
    }),
  },

  lookDocs: {
    position: 'The offset that it reads next.',
    leader: 'The broker that leads the partition, as it was told last.',
  },
  look: ({ position, leader }) => ({ tone: 'none', facts: { position, leader } }),
  summary: {
    messages: { ConsumerFetch: ({ offset }) => `from offset ${offset}` },
    events: { RecordsRead: ({ offset, count }) => `${count} from offset ${offset}` },
  },
});

function poll(node: Client): void {
  const { state } = node;
  const serial = ++state.serial;
  node.send(brokerOf(node, state.leader), {
    type: 'ConsumerFetch', serial, offset: state.position,
  });
  node.setTimer('request', node.options.requestTimeout);
}
