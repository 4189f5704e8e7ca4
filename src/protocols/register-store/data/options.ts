/** The settings of servers and clients, and which of them belong to which replication. */
import type { OptionsFault, Role } from '../../../protocol/types.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import { causalOptions } from '../causal/causal-options.ts';
import { gossipFault, gossipOptions } from '../gossip/gossip-options.ts';
import { replications } from '../replications.ts';
import { askedBy, byDefault, guarantees } from './sessions.ts';
import type { Client, Server } from './state.ts';

const replication = {
  kind: 'choice',
  default: 'single',
  choices: Object.keys(replications),
  doc: 'How the registers are replicated. Write it under `options`, for servers and clients alike.',
} as const;

export const serverOptions: NonNullable<Role<Server>['options']> = {
  replication,
  synchronousFollowers: {
    kind: 'integer', default: 0, min: 0, max: 100,
    doc: 'leader: how many followers must have a write before the client is answered. 0 is ' +
      'asynchronous replication: a write may reach the followers after its answer.',
  },
  shipEvery: {
    kind: 'duration', default: 0, min: 0, max: seconds(3_600),
    doc: 'leader: how long it collects writes before it sends them to its followers; 0: each at ' +
      'once.',
  },
  copies: {
    kind: 'integer', default: 0, min: 0, max: 100,
    doc: 'quorum: N, how many servers have a copy of each register, the first ones of the ' +
      'scenario. 0: all of them.',
  },
  readQuorum: {
    kind: 'integer', default: 0, min: 0, max: 100,
    doc: 'quorum: R, how many copies a read asks for. 0: a majority of the copies.',
  },
  writeQuorum: {
    kind: 'integer', default: 0, min: 0, max: 100,
    doc: 'quorum: W, how many servers must store a write. 0: a majority of the copies.',
  },
  writeBack: {
    kind: 'boolean', default: false,
    doc: 'quorum: whether a read stores what it found at W servers before it is answered, so ' +
      'that no later read finds an older value.',
  },
  readRepair: {
    kind: 'boolean', default: false,
    doc: 'quorum: whether a coordinator updates stale copies, after the read was answered.',
  },
  sloppy: {
    kind: 'boolean', default: false,
    doc: 'quorum: whether servers without a copy stand in for those that do not answer, and ' +
      'later deliver what those missed. It needs `copies`, and more servers than that.',
  },
  standInAfter: {
    kind: 'duration', default: milliseconds(50), min: milliseconds(1), max: seconds(3_600),
    doc: 'quorum with sloppy: true: how long a server may be silent before another one stands in.',
  },
  handOffEvery: {
    kind: 'duration', default: milliseconds(200), min: milliseconds(1), max: seconds(3_600),
    doc: 'quorum with sloppy: true: how often a server tries to deliver what it keeps for others.',
  },
  giveUpAfter: {
    kind: 'duration', default: milliseconds(500), min: milliseconds(1), max: seconds(3_600),
    doc: 'quorum: how long a coordinator waits for a quorum.',
  },
  repeatEvery: {
    kind: 'duration', default: milliseconds(100), min: milliseconds(1), max: seconds(3_600),
    doc: 'leader and quorum: how long a server waits for an answer before it repeats a message.',
  },
  ...causalOptions,
  ...gossipOptions,
};

export const clientOptions: NonNullable<Role<Client>['options']> = {
  replication,
  near: {
    kind: 'node', default: null, role: 'server',
    doc: 'The server next to the client; by default the first one. Under quorum it coordinates ' +
      'the requests of this client.',
  },
  readFrom: {
    kind: 'choice', default: 'nearest',
    choices: ['nearest', 'any', 'in-turn', 'leader', 'follower'],
    doc: 'The server that a read goes to: the nearest one, any one (drawn for each read), each ' +
      'in turn (the first request of the client to the first server, the second to the second), ' +
      'the leader, or any follower.',
  },
  writeTo: {
    kind: 'choice', default: 'nearest', choices: ['nearest', 'any', 'in-turn'],
    doc: 'causal: to which server a write goes, as with `readFrom`.',
  },
  session: {
    kind: 'list', of: 'string', default: [byDefault], choices: [byDefault, ...guarantees],
    distinct: true,
    doc: 'What the session of this client is guaranteed, whichever servers it uses: ' +
      'read-your-writes (a read of what it wrote returns this or a newer value), ' +
      'monotonic-reads (no read returns an older value than one before), monotonic-writes (no ' +
      'server applies a write of it before its earlier ones) and writes-follow-reads (no server ' +
      'applies a write of it before what it had read). With causal, vectors see to it: reads and ' +
      'writes wait at a server for what they need. By default: all four with causal, none with ' +
      'leader.',
  },
  sessionBy: {
    kind: 'choice', default: 'routing', choices: ['routing', 'versions'],
    doc: 'leader, how: by routing, it reads at the leader what it wrote (read-your-writes), and ' +
      'stays with the server of its first read (monotonic-reads). By versions, it reads at any ' +
      'server, which holds the read until it has applied what the session wrote or read.',
  },
  timeout: {
    kind: 'duration', default: seconds(1), min: milliseconds(1), max: seconds(3_600),
    doc: 'How long the client waits for an answer; then it does not know what became of a write.',
  },
};

/** Option → the replications that have it; all of them, if it is absent. */
type Belonging = Readonly<Record<string, readonly string[]>>;

const ofServers: Belonging = {
  synchronousFollowers: ['leader'],
  shipEvery: ['leader'],
  copies: ['quorum'],
  readQuorum: ['quorum'],
  writeQuorum: ['quorum'],
  writeBack: ['quorum'],
  readRepair: ['quorum'],
  sloppy: ['quorum'],
  standInAfter: ['quorum'],
  handOffEvery: ['quorum'],
  giveUpAfter: ['quorum'],
  repeatEvery: ['leader', 'quorum'],
  waitForDependencies: ['causal'],
  convergent: ['causal'],
  syncInterval: ['causal'],
  gossipInterval: ['gossip'],
  type: ['gossip'],
  conflict: ['gossip'],
};

const ofClients: Belonging = {
  near: ['leader', 'quorum', 'causal', 'gossip'],
  readFrom: ['leader', 'quorum', 'causal', 'gossip'],
  writeTo: ['causal'],
  session: ['leader', 'causal'],
  sessionBy: ['leader'],
};

export function serverFault(options: Readonly<Server['options']>): OptionsFault | undefined {
  const { copies, readQuorum, writeQuorum, sloppy } = options;
  const fault = misplaced(options.replication, { ...options }, serverOptions, ofServers) ??
    gossipFault(options);
  if (fault !== undefined) return fault;
  if (sloppy && copies === 0) {
    return { options: ['sloppy'], why: '`sloppy` needs `copies`, and more servers than that' };
  }
  const times = ['standInAfter', 'handOffEvery'] as const;
  if (!sloppy && times.some((name) => options[name] !== serverOptions[name].default)) {
    const why = '`standInAfter` and `handOffEvery` have no effect without `sloppy: true`';
    return { options: times, why };
  }
  const [name, size] = readQuorum > writeQuorum
    ? ['readQuorum', readQuorum] : ['writeQuorum', writeQuorum];
  if (copies === 0 || Number(size) <= copies) return undefined;
  const why = `\`${name}\` is ${size}, and a register has ${copies} copies`;
  return { options: [String(name), 'copies'], why };
}

export function clientFault(options: Readonly<Client['options']>): OptionsFault | undefined {
  const fault = misplaced(options.replication, { ...options }, clientOptions, ofClients);
  return fault ?? readFault(options) ?? sessionFault(options);
}

/** `` `leader`, `quorum` and `gossip` `` */
function listed(names: readonly string[]): string {
  const shown = names.map((name) => `\`${name}\``);
  return [shown.slice(0, -1).join(', '), shown.at(-1)].filter((part) => part !== '').join(' and ');
}

/** A setting that has no effect under a replication is refused. */
function misplaced(
  chosen: string,
  options: Readonly<Record<string, unknown>>,
  specs: Readonly<Record<string, { readonly default: unknown }>>,
  table: Belonging,
): OptionsFault | undefined {
  for (const [name, owners] of Object.entries(table)) {
    if (owners.includes(chosen) || String(options[name]) === String(specs[name].default)) continue;
    const why = `\`${name}\` has no effect with \`replication: ${chosen}\``;
    const whose = `it is a setting of ${listed(owners)}`;
    return { options: [name, 'replication'], why: `${why}: ${whose}` };
  }
  return undefined;
}

function readFault({ replication: chosen, readFrom, writeTo, near }: Client['options']) {
  if (chosen !== 'leader' && (readFrom === 'leader' || readFrom === 'follower')) {
    const why = `\`readFrom: ${readFrom}\` needs \`replication: leader\``;
    return { options: ['readFrom'], why };
  }
  if (chosen === 'causal' && near !== null && ![readFrom, writeTo].includes('nearest')) {
    const why = '`near` has no effect if neither `readFrom` nor `writeTo` is `nearest`';
    return { options: ['near'], why };
  }
  if (chosen !== 'leader' || near === null || readFrom === 'nearest') return undefined;
  const why = `\`near\` has no effect with \`readFrom: ${readFrom}\`: writes go to the leader`;
  return { options: ['near'], why };
}

function sessionFault(options: Client['options']) {
  const { session, sessionBy, replication: chosen } = options;
  if (session.length > 1 && session.includes(byDefault)) {
    const why = `\`session\` is \`${byDefault}\` or a list of guarantees, not both`;
    return { options: ['session'], why };
  }
  if (chosen !== 'leader') return undefined;
  if (askedBy(options).length === 0) {
    if (sessionBy === 'routing') return undefined;
    return { options: ['sessionBy'], why: '`sessionBy` has no effect without `session`' };
  }
  const ofWrites = ['monotonic-writes', 'writes-follow-reads'];
  const implied = session.find((one) => ofWrites.includes(one));
  if (implied === undefined) return undefined;
  const why = `\`${implied}\` has no effect with \`replication: leader\`: the leader orders all ` +
    'writes, and followers apply them in this order';
  return { options: ['session'], why };
}
