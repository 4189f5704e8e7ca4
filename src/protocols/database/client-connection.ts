/** The client's connection: how it opens one, what it does when that ends, when it tries again. */
import type { ConnectionHandlers, ConnectionId, Ending } from '../../protocol/connection.ts';
import type { Node, OperationId, Range, Role } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';

/** What the client knows of its connection. */
export interface Connected {
  /** The newest connection; null while there is none. */
  connection: ConnectionId | null;
  /** Whether it is open: until then nothing has reached the server. */
  isOpen: boolean;
  /** The statement that waits for its answer. */
  statement: string;
  /** Whether the server is in a transaction of this client, as its last answer said. */
  inTransaction: boolean;
  /** Why a transaction was lost while no statement ran, until the next statement fails with it. */
  lost: string;
  /** The statement that is sent again on the next connection. */
  again: { readonly operation: OperationId; readonly statement: string } | null;
}

export interface ConnectionEvents {
  OutcomeUnknown: { statement: string; how: Ending };
  StatementRepeated: { statement: string };
}

export const connectionEvents: Record<keyof ConnectionEvents, string> = {
  OutcomeUnknown: 'A connection ended before a statement was answered: it may have been executed.',
  StatementRepeated: 'A client sends a statement again, which may have been executed already.',
};

export interface ConnectionOptions {
  reconnectAfter: Range;
  retryUnknown: boolean;
  keepalives_idle: number;
  keepalives_interval: number;
  keepalives_count: number;
  tcp_user_timeout: number;
}

/** The descriptions of a role's options. */
export type Described<Options extends object> = NonNullable<Role<{
  state: object;
  receives: object;
  sends: object;
  timers: object;
  events: object;
  options: Options;
}>['options']>;

// The names of the last four are those of libpq.
export const connectionOptions: Described<ConnectionOptions> = {
  reconnectAfter: {
    kind: 'range',
    default: between(milliseconds(50), milliseconds(150)),
    min: milliseconds(1),
    doc: 'How long it waits before it connects again: at least 1 ms, or it would do nothing else.',
  },
  retryUnknown: {
    kind: 'boolean',
    default: false,
    doc: 'Whether it sends a statement with an unknown outcome again, which may execute it twice.',
  },
  keepalives_idle: {
    kind: 'duration',
    default: seconds(7_200),
    min: seconds(1),
    max: seconds(32_767),
    doc: 'How long its connection is silent before TCP probes it: 1 to 32,767 seconds in Linux.',
  },
  keepalives_interval: {
    kind: 'duration',
    default: seconds(75),
    min: seconds(1),
    max: seconds(32_767),
    doc: 'How long its TCP waits for the answer to a probe: 1 to 32,767 seconds in Linux.',
  },
  keepalives_count: {
    kind: 'integer',
    default: 9,
    min: 1,
    max: 127,
    doc: 'After how many probes without an answer its connection is dead: 1 to 127 in Linux.',
  },
  tcp_user_timeout: {
    kind: 'duration',
    default: 0,
    min: 0,
    max: milliseconds(2_147_483_647),
    doc: 'How long what it sent may lack an acknowledgement; 0: about 15 minutes, as in Linux.',
  },
};

export function socketOf(options: Readonly<ConnectionOptions>): ReturnType<
  NonNullable<ConnectionHandlers<Node, ConnectionOptions>['socket']>
> {
  return {
    keepAlive: {
      idle: options.keepalives_idle,
      interval: options.keepalives_interval,
      count: options.keepalives_count,
    },
    userTimeout: options.tcp_user_timeout,
  };
}

export const notConnected: Connected = {
  connection: null, isOpen: false, statement: '', inTransaction: false, lost: '', again: null,
};

/** What became of a statement whose connection ended before its answer came. */
export interface Loss {
  /** Whether it may have been executed. */
  readonly unknown: boolean;
  /** The error that the application gets. */
  readonly reason: string;
}

/**
 * The server rolls back a transaction whose connection ends. So only a COMMIT, or a statement that
 * is a transaction by itself, may have had an effect; and only if the connection was open.
 */
export function lossOf(
  { isOpen, statement, inTransaction }: Connected,
  how: Ending,
): Loss {
  const what = `${endings[how]} before ${nameOf(statement)} was answered`;
  if (!isOpen) {
    return { unknown: false, reason: `${endings[how]}: ${nameOf(statement)} was not sent` };
  }
  const unknown = !inTransaction || endsTransaction(statement);
  const effect = unknown
    ? 'it may have been executed, or not'
    : 'its transaction is rolled back';
  return { unknown, reason: `${what}: ${effect}` };
}

export const endings: Readonly<Record<Ending, string>> = {
  closed: 'the server closed the connection',
  reset: 'the connection was reset',
  'timed out': 'the connection timed out',
  refused: 'the connection was refused',
};

function endsTransaction(statement: string): boolean {
  return /\b(commit|end)\b/i.test(statement);
}

/** A statement in a message: its first word, if it is long. */
function nameOf(statement: string): string {
  return statement.length <= 40 ? statement : `${statement.trim().split(/\s/, 1)[0]} …`;
}
