/** An operator of Consul: reads and writes keys, force-unlocks, and reports the health of nodes. */
import { operation, role } from '../../protocol/define.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Frozen, Json, Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';
import type { ConsulCommand, Health, KeyRead, ReadMode } from './api.ts';
import {
  clientSocket, connectionEnded, dialled, dialTimedOut, errorIn, type Exchange, type Failed,
  httpOptions, type HttpState, idleTimedOut, request, takeExchange,
} from './http.ts';
import { isWrite, type ServerAnswers, type ServerRequests } from './state.ts';
import { requestText } from './summary.ts';

interface OperatorExchange extends Exchange {
  /** How the answer to a read is shown. */
  readonly form: 'command line' | 'api';
}

interface Operator {
  state: HttpState<OperatorExchange>;
  receives: ServerAnswers;
  sends: ServerRequests;
  timers: { dial: ConnectionId; idle: ConnectionId };
  events: {
    ServerChanged: { from: NodeId; to: NodeId };
    OutcomeUnknown: { operation: OperationId; error: string };
  };
  options: { endpoint: NodeId | null };
}

type OperatorNode = Node<Operator>;

export const operatorEvents = {
  OutcomeUnknown: 'A write failed, and its client cannot know whether it was executed.',
};

export const operator = role<Operator>({
  doc: 'An operator with the `consul` command line and the HTTP API, who sees keys of others.',
  joins: true,
  options: httpOptions,
  durable: ['serial'],
  init: () => ({ server: null, serial: 0, exchanges: [], idle: [] }),
  messages: {
    Reply(node, { serial, response }) {
      const exchange = takeExchange(node, serial);
      if (exchange === undefined) return;
      const { operation: id } = exchange;
      const error = errorIn(response);
      const isUnknown = typeof response === 'object' && 'error' in response && response.unknown;
      if (error !== undefined) failed(node, { exchange, error, isUnknown: isUnknown === true });
      else if (typeof response !== 'object' || !('entry' in response)) node.reply(id, response);
      else showRead(node, exchange, response);
    },
  },
  connection: {
    socket: clientSocket,
    opened: (node, _server, connection) => dialled(node, connection),
    ended: (node, peer, connection, how) =>
      failed(node, connectionEnded(node, peer, connection, how)),
  },
  timers: {
    dial: (node, connection) => failed(node, dialTimedOut(node, connection)),
    idle: idleTimedOut,
  },
  background: ['idle'],
  operations: {
    kv: operation<Operator>()({
      doc: '`kv get|put|delete KEY [VALUE]`: a put or delete ignores which session holds the key.',
      parameters: { subcommand: 'string', key: 'string', value: 'string?' },
      run(node, { subcommand, key, value }, id) {
        const command = kvCommand(subcommand, key, value);
        if (typeof command === 'string') node.fail(id, command);
        else send(node, id, command, 'command line');
      },
    }),
    session: operation<Operator>()({
      doc: '`session destroy ID`: invalidates a session, which starts the lock-delay of its lock.',
      parameters: { subcommand: 'string', session: 'string' },
      run(node, { subcommand, session }, id: OperationId) {
        const flag = flagAmong(subcommand, session);
        if (flag !== undefined) return node.fail(id, flagRefused('session', flag));
        if (subcommand === 'destroy') send(node, id, { op: 'session destroy', session });
        else node.fail(id, notModelled(`session ${subcommand}`, 'destroy'));
      },
    }),
    read: operation<Operator>()({
      doc: 'GET /v1/kv/KEY: mode is default, consistent or stale; with an index it blocks.',
      noEffect: true,
      parameters: { key: 'string', mode: 'string?', index: 'integer?', wait: 'duration?' },
      run(node, { key, mode = 'default', index, wait }, id) {
        const why = whyNoRead(mode, index, wait);
        if (why !== undefined) return node.fail(id, why);
        const get = { op: 'get', key, mode: mode as ReadMode, index: index ?? 0 } as const;
        send(node, id, { ...get, wait: wait ?? defaultWait });
      },
    }),
    write: operation<Operator>()({
      doc: 'PUT /v1/kv/KEY: with cas=INDEX only if the key has that ModifyIndex (0: if it is new).',
      noEffect: true,
      parameters: { key: 'string', value: 'string', cas: 'integer?' },
      run(node, { key, value, cas }, id) {
        if (cas !== undefined && cas < 0) node.fail(id, `an index must be 0 or more, not ${cas}`);
        else send(node, id, { op: 'put', key, value, modifyIndex: cas ?? null });
      },
    }),
    check: operation<Operator>()({
      doc: 'Reports a check of a node, such as `serfHealth`, as passing, warning or critical.',
      parameters: { node: 'node', check: 'string', status: 'string' },
      run(node, { node: of, check, status }, id) {
        const isKnown = healths.includes(status);
        if (!isKnown) node.fail(id, `a check is ${healths.join(', ')}, not ${status}`);
        else send(node, id, { op: 'check', node: of, check, status: status as Health });
      },
    }),
    catalog: operation<Operator>()({
      doc: '`catalog register|deregister NODE`: a node that is deregistered loses its sessions.',
      parameters: { subcommand: 'string', node: 'node' },
      run(node, { subcommand, node: of }, id) {
        if (subcommand === 'register' || subcommand === 'deregister') {
          send(node, id, { op: subcommand, node: of });
        } else node.fail(id, notModelled(`catalog ${subcommand}`, 'register or deregister'));
      },
    }),
  },
  summary: { messages: { Request: requestText } },
});

const healths: readonly string[] = ['passing', 'warning', 'critical'];
const modes: readonly string[] = ['default', 'consistent', 'stale'];

/** A query that names no wait blocks for five minutes. */
const defaultWait: Micros = 300_000_000;

function whyNoRead(mode: string, index?: number, wait?: Micros): string | undefined {
  if (!modes.includes(mode)) return `the mode of a read is ${modes.join(', ')}, not ${mode}`;
  if (index !== undefined && index < 1) return `a read blocks from index 1 on, not ${index}`;
  if (wait === undefined) return undefined;
  if (index === undefined) return 'a wait has no effect without an index: give both';
  if (wait <= 0) return 'a wait of 0s is taken for the default of 5m: omit it';
  return wait > 2 * defaultWait ? 'the server blocks a query for at most 10 minutes' : undefined;
}

function send(
  node: OperatorNode,
  id: OperationId,
  command: Frozen<ConsulCommand>,
  form: OperatorExchange['form'] = 'api',
): void {
  request<OperatorExchange>(node, { operation: id, command, form });
}

function showRead(
  node: OperatorNode,
  { operation: id, form }: OperatorExchange,
  { entry, index, knownLeader }: Frozen<KeyRead>,
): void {
  const value = entry?.value ?? null;
  const session = entry?.session ?? null;
  if (form === 'api') {
    const known: Record<string, Json> = knownLeader === undefined ? {} : { knownLeader };
    node.reply(id, { value, session, index, ...known });
  } else if (entry === null) node.fail(id, 'no key exists at that path');
  else node.reply(id, { value, session });
}

function failed(node: OperatorNode, failure: Failed<OperatorExchange> | undefined): void {
  if (failure === undefined) return;
  const { exchange: { operation: id, command }, error, isUnknown } = failure;
  if (!isUnknown || !isWrite(command)) return node.fail(id, error);
  node.event('OutcomeUnknown', { operation: id, error });
  node.reply(id, { error, outcome: 'unknown' });
}

/** A word that begins with `-` before the first argument is a flag of the command. */
function flagAmong(subcommand: string, argument: string): string | undefined {
  return [subcommand, argument].find((word) => word.startsWith('-'));
}

function flagRefused(command: string, flag: string): string {
  return `Lockstep's Consul does not model flags of \`${command}\`: leave ${flag} out`;
}

function notModelled(command: string, modelled: string): string {
  return `Lockstep's Consul does not model \`${command}\`: use ${modelled}`;
}

/** The request of a `kv` command, or why it is refused. */
function kvCommand(
  subcommand: string,
  key: string,
  value: string | undefined,
): Frozen<ConsulCommand> | string {
  const flag = flagAmong(subcommand, key);
  if (flag !== undefined) return flagRefused('kv', flag);
  if (subcommand === 'put' && (value === '-' || value?.startsWith('@'))) {
    return `Lockstep's Consul does not model values from stdin or files: replace ${value}`;
  }
  if (subcommand === 'put') return { op: 'put', key, value: value ?? '', modifyIndex: null };
  if (subcommand !== 'get' && subcommand !== 'delete') {
    return notModelled(`kv ${subcommand}`, 'get, put or delete');
  }
  if (value !== undefined) return `\`kv ${subcommand}\` takes no value, but was given ${value}`;
  if (subcommand === 'get') return { op: 'get', key, mode: 'default', index: 0, wait: 0 };
  return { op: 'delete', key, modifyIndex: null };
}
