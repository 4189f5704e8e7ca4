/** A producer: it sends records to the leader with acks 0, 1 or all. */
import { operation, role } from '../../protocol/define.ts';
import type { Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { brokerOf, nextBroker } from './clients.ts';
import type {
  Acks, ErrorCode, LogRecord, Produce, ProduceResponse,
} from './partition/replica.ts';

export interface Sending {
  readonly serial: number;
  readonly value: LogRecord['value'];
  readonly operation: OperationId;
  retriesLeft: number;
  /** The last error; null if no broker answered. */
  error: ErrorCode | null;
}

export interface ProducerState {
  /** The number of the last record. It survives a crash, so that each record has its own. */
  serial: number;
  leader: NodeId | null;
  sending: Sending[];
}

export interface Producer {
  state: ProducerState;
  receives: { ProduceResponse: ProduceResponse };
  sends: { Produce: Produce };
  timers: { request: string; retry: string; delivery: string };
  events: {
    RecordSent: { serial: number; value: LogRecord['value']; to: NodeId };
    SendRetried: { serial: number; error: ErrorCode | 'REQUEST_TIMED_OUT' };
  };
  options: {
    acks: Acks;
    retries: number;
    requestTimeout: Micros;
    retryBackoff: Micros;
    deliveryTimeout: Micros;
  };
}

export const producerEvents: Record<keyof Producer['events'], string> = {
  RecordSent: 'A producer sent a record.',
  SendRetried: 'A producer will repeat a send that failed.',
};

type Client = Node<Producer>;

export const producer = role<Producer>({
  doc: 'A producer: it appends records to the partition, through the leader.',
  joins: true,
  options: {
    acks: {
      kind: 'choice',
      default: 'all',
      choices: ['0', '1', 'all'],
      doc: 'Whose append it waits for: none, the leader, or all replicas in sync.',
    },
    retries: {
      kind: 'integer',
      default: 2_147_483_647,
      min: 0,
      doc: 'How often it repeats a send that failed; a repetition may append the record again.',
    },
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
      doc: 'How long it waits before it repeats a send: retry.backoff.ms.',
    },
    deliveryTimeout: {
      kind: 'duration',
      default: seconds(120),
      min: milliseconds(1),
      doc: 'When it gives up a record, retries included: delivery.timeout.ms.',
    },
  },
  durable: ['serial'],
  init: () => ({ serial: 0, leader: null, sending: [] }),

  messages: {
    ProduceResponse(node, { serial, error, offset, leader }, from) {
      const sending = node.state.sending.find((one) => one.serial === serial);
      if (sending === undefined) return;
      if (error === null) return finish(node, sending, offset);
      if (error === 'NOT_LEADER_OR_FOLLOWER') node.state.leader = nextBroker(node, from, leader);
      again(node, sending, error);
    },
  },

  timers: {
    request(node, serial) {
      const sending = node.state.sending.find((one) => String(one.serial) === serial);
      if (sending === undefined) return;
      node.state.leader = nextBroker(node, brokerOf(node, node.state.leader), null);
      again(node, sending, null);
    },
    retry(node, serial) {
      const sending = node.state.sending.find((one) => String(one.serial) === serial);
      if (sending !== undefined) send(node, sending);
    },
    delivery(node, serial) {
      const sending = node.state.sending.find((one) => String(one.serial) === serial);
      if (sending !== undefined) finish(node, sending, sending.error ?? 'REQUEST_TIMED_OUT');
    },
  },

  operations: {
    send: operation<Producer>()({
      doc: 'Appends a record; answers its offset, −1 with acks=0, or the error that it gave up on.',
      parameters: { value: 'value' },
      run(node, { value }, id) {
        const { options: { retries: retriesLeft, acks, deliveryTimeout }, state } = node;
        const serial = ++state.serial;
        const sending: Sending = { serial, value, operation: id, retriesLeft, error: null };
        state.sending.push(sending);
        send(node, sending);
        if (acks === '0') finish(node, sending, -1);
        else node.setTimer('delivery', deliveryTimeout, String(serial));
      },
    }),
  },

  lookDocs: {
    leader: 'The broker that leads the partition, as it was told last.',
    sending: 'The records that it has sent, and that are neither acknowledged nor given up.',
    serial: 'Counts the records that it was given.',
  },
  look: ({ leader, sending, serial }) => ({
    tone: 'none',
    facts: { leader, sending: sending.map(({ value }) => String(value)).join(' '), serial },
  }),
  summary: { messages: { Produce: ({ value, acks }) => `${String(value)}, acks=${acks}` } },
});

function send(node: Client, { serial, value }: Sending): void {
  const { acks, requestTimeout } = node.options;
  const to = brokerOf(node, node.state.leader);
  node.event('RecordSent', { serial, value, to });
  node.send(to, { type: 'Produce', serial, acks, value });
  if (acks !== '0') node.setTimer('request', requestTimeout, String(serial));
}

/** Each of these errors may be gone the next time; without an answer, the record may be there. */
function again(node: Client, sending: Sending, error: ErrorCode | null): void {
  const { serial } = sending;
  sending.error = error;
  node.cancelTimer('request', String(serial));
  if (sending.retriesLeft === 0) return finish(node, sending, error ?? 'REQUEST_TIMED_OUT');
  sending.retriesLeft--;
  node.event('SendRetried', { serial, error: error ?? 'REQUEST_TIMED_OUT' });
  node.setTimer('retry', node.options.retryBackoff, String(serial));
}

function finish(node: Client, { serial, operation: id }: Sending, result: number | string): void {
  node.state.sending = node.state.sending.filter((one) => one.serial !== serial);
  node.cancelTimer('request', String(serial));
  node.cancelTimer('retry', String(serial));
  node.cancelTimer('delivery', String(serial));
  node.reply(id, result);
}
