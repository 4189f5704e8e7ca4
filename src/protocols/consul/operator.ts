/** An operator of Consul, who can force-unlock: deletes keys, and destroys sessions of others. */
import { operation, role } from '../../protocol/define.ts';
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Frozen, Node, OperationId } from '../../protocol/types.ts';
import {
  clientSocket, connectionEnded, dialled, dialTimedOut, errorIn, type Exchange, type Failed,
  type HttpState, request, takeExchange,
} from './http.ts';
import type { ConsulCommand, ServerAnswers, ServerRequests } from './state.ts';

interface Operator {
  state: HttpState<Exchange>;
  receives: ServerAnswers;
  sends: ServerRequests;
  timers: { dial: ConnectionId };
  events: object;
  options: object;
}

export const operator = role<Operator>({
  doc: 'An operator with the `consul` command line: reads, writes and deletes keys of others.',
  joins: true,
  options: {},
  durable: ['serial'],
  init: () => ({ serial: 0, exchanges: [], idle: [] }),
  messages: {
    Reply(node, { serial, response }) {
      const exchange = takeExchange(node, serial);
      if (exchange === undefined) return;
      const { operation: id } = exchange;
      const error = errorIn(response);
      if (error !== undefined) node.fail(id, error);
      else if (typeof response !== 'object' || !('entry' in response)) node.reply(id, response);
      else if (response.entry === null) node.fail(id, 'no key exists at that path');
      else node.reply(id, { value: response.entry.value, session: response.entry.session });
    },
  },
  connection: {
    socket: clientSocket,
    opened: (node, _server, connection) => dialled(node, connection),
    ended: (node, _server, connection, how) =>
      failed(node, connectionEnded(node, connection, how)),
  },
  timers: { dial: (node, connection) => failed(node, dialTimedOut(node, connection)) },
  operations: {
    kv: operation<Operator>()({
      doc: '`kv get|put|delete KEY [VALUE]`: a put or delete ignores which session holds the key.',
      parameters: { subcommand: 'string', key: 'string', value: 'string?' },
      run(node, { subcommand, key, value }, id) {
        const command = kvCommand(subcommand, key, value);
        if (typeof command === 'string') node.fail(id, command);
        else request(node, { operation: id, command });
      },
    }),
    session: operation<Operator>()({
      doc: '`session destroy ID`: invalidates a session, which starts the lock-delay of its lock.',
      parameters: { subcommand: 'string', session: 'string' },
      run(node, { subcommand, session }, id: OperationId) {
        const flag = flagAmong(subcommand, session);
        if (flag !== undefined) return node.fail(id, flagRefused('session', flag));
        const command = { op: 'session destroy', session } as const;
        if (subcommand === 'destroy') request(node, { operation: id, command });
        else node.fail(id, notModelled(`session ${subcommand}`, 'destroy'));
      },
    }),
  },
});

function failed(node: Node<Operator>, failure: Failed<Exchange> | undefined): void {
  if (failure !== undefined) node.fail(failure.exchange.operation, failure.error);
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
  if (subcommand === 'put') return { op: 'put', key, value: value ?? '' };
  if (subcommand !== 'get' && subcommand !== 'delete') {
    return notModelled(`kv ${subcommand}`, 'get, put or delete');
  }
  if (value !== undefined) return `\`kv ${subcommand}\` takes no value, but was given ${value}`;
  if (subcommand === 'get') return { op: 'get', key, index: 0, wait: 0 };
  return { op: 'delete', key, modifyIndex: null };
}
