/** The settings of servers and clients, and which of them belong to which replication. */
import type { OptionsFault, Role } from '../../protocol/types.ts';
import { milliseconds, seconds } from '../../protocol/units.ts';
import { guarantees } from './sessions.ts';
import type { Client, Server } from './state.ts';

const replication = {
  kind: 'choice',
  default: 'single',
  choices: ['single'],
  doc: 'How the registers are replicated. Write it under `options`, for servers and clients alike.',
} as const;

export const serverOptions: NonNullable<Role<Server>['options']> = {
  replication,
};

export const clientOptions: NonNullable<Role<Client>['options']> = {
  replication,
  near: {
    kind: 'node', default: null, role: 'server',
    doc: 'The server next to the client, to which it sends its requests; by default the first one.',
  },
  session: {
    kind: 'list', of: 'string', default: [], choices: guarantees, distinct: true,
    doc: 'The guarantees that the session of this client has, whichever servers it uses: ' +
      'read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads.',
  },
  timeout: {
    kind: 'duration', default: seconds(1), min: milliseconds(1), max: seconds(3_600),
    doc: 'How long the client waits for an answer; then it does not know what became of a write.',
  },
};

/** Option → its default, and the replications that have it. */
interface Belonging {
  readonly default: unknown;
  readonly to: readonly string[];
}

/** The server's options that not every replication has. */
const ofServers: Readonly<Record<string, Belonging>> = {};

/** The client's options that not every replication has. */
const ofClients: Readonly<Record<string, Belonging>> = {
  session: { default: '', to: [] },
};

/** A setting that has no effect under a replication is refused. */
function misplaced(
  options: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, Belonging>>,
): OptionsFault | undefined {
  for (const [name, { default: standard, to }] of Object.entries(table)) {
    if (String(options[name]) === String(standard)) continue;
    if (to.includes(String(options.replication))) continue;
    const whose = to.length === 0 ? 'no replication has it' : `it is of ${to.join(' and ')}`;
    const why = `\`${name}\` has no effect with \`replication: ${options.replication}\`: ${whose}`;
    return { options: [name, 'replication'], why };
  }
  return undefined;
}

export const serverFault = (options: Readonly<Server['options']>): OptionsFault | undefined =>
  misplaced({ ...options }, ofServers);

export const clientFault = (options: Readonly<Client['options']>): OptionsFault | undefined =>
  misplaced({ ...options }, ofClients);
