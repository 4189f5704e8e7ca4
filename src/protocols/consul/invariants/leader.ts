/** What Consul's leader promises: of lock-delays, sessions, its lease, and consistent reads. */
import { invariant } from '../../../protocol/define.ts';
import type {
  DerivedEvent, Invariant, Micros, NodeId, Observation, ObservedMessage,
} from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import { appliedIn, emptyLedger, isServer, type Ledger, note } from './applied.ts';

const delayIsKept = invariant({
  doc: 'A leader appends no acquisition of a key that is in its lock-delay.',
  check({ acted, events }) {
    if (!isServer(acted) || acted.state.standing !== 'leader') return undefined;
    for (const { name, fields } of events) {
      if (name !== 'EntryAppended' || fields.command.op !== 'acquire') continue;
      const { key, session } = fields.command;
      if (!(key in acted.state.delayed)) continue;
      return (
        `${acted.id} lets ${session} acquire ${key} in its lock-delay: the last holder may still ` +
        'be at work.'
      );
    }
    return undefined;
  },
});

/** Clocks drift by much less; a shorter time means a broken clock. */
const tolerance = 0.01;

interface Delays extends Ledger {
  /** Each key with its lock-delay, when the invalidation was applied, and how long the log was. */
  delays: Record<string, {
    readonly since: Micros; readonly delay: Micros; readonly logged: number;
    /** The servers that have crashed since. */
    crashed: NodeId[];
  }>;
}

/**
 * This is measured in virtual time, so that a server's clock cannot shorten it. What the log had
 * already when the delay began is not stopped by it, because a leader checks it before the log. A
 * server of a cluster that restarts and is elected has forgotten it.
 */
const delayLasts = invariant<Delays>({
  doc: 'A lock is refused for its lock-delay, unless a server of a cluster restarted and leads.',
  remember: noDelays,
  check(observation) {
    for (const { key, session, after, lockDelay, forgottenBy } of earlyAcquired(observation)) {
      if (forgottenBy !== '') continue;
      return (
        `${session} acquired ${key} ${asDuration(after)} after the holder's session was ` +
        `invalidated, but the lock-delay is ${asDuration(lockDelay)}: the last holder may still ` +
        'be at work.'
      );
    }
    return undefined;
  },
});

/** What the invariant excuses: Consul allows it, and clients are surprised. */
export const acquiredInLockDelay: DerivedEvent<Delays> = {
  remember: noDelays,
  look(observation) {
    const found = earlyAcquired(observation).filter(({ forgottenBy }) => forgottenBy !== '');
    return found.map((fields) => ({ ...fields }));
  },
};

function noDelays(): Delays {
  return { ...emptyLedger(), delays: {} };
}

interface EarlyAcquired {
  readonly key: string;
  readonly session: string;
  /** How long after the invalidation, and how long the lock-delay is. */
  readonly after: Micros;
  readonly lockDelay: Micros;
  /** The leader, if it crashed within the lock-delay; otherwise empty. */
  readonly forgottenBy: NodeId;
}

/** The locks that were acquired in this step, within their lock-delay. */
function earlyAcquired(observation: Observation<Delays>): EarlyAcquired[] {
  const { acted, nodes, time, events, memory } = observation;
  if (!isServer(acted)) return [];
  const { delays } = memory;
  if (!acted.up) for (const key in delays) delays[key].crashed.push(acted.id);
  const found: EarlyAcquired[] = [];
  for (const entry of appliedIn(events)) {
    const { index, command, response, reported } = entry;
    const isHeld = command.op === 'acquire' && memory.keys[command.key]?.session;
    if (!note(memory, entry)) continue;
    for (const { name, fields } of reported) {
      if (name !== 'LockDelayed') continue;
      const logged = acted.state.log.length;
      delays[fields.key] = { since: time, delay: fields.delay, logged, crashed: [] };
    }
    if (command.op !== 'acquire' || isHeld || typeof response !== 'object') continue;
    if (response === null || !('acquired' in response) || !response.acquired) continue;
    const { key, session } = command;
    const delayed = delays[key];
    if (delayed === undefined) continue;
    delete delays[key];
    const after = time - delayed.since;
    const isCluster = nodes.filter(isServer).length > 1;
    const hasForgotten = isCluster && delayed.crashed.includes(acted.id);
    if (index <= delayed.logged || after >= delayed.delay * (1 - tolerance)) continue;
    const forgottenBy = hasForgotten ? acted.id : '';
    found.push({ key, session, after, lockDelay: delayed.delay, forgottenBy });
  }
  return found;
}

interface Renewed {
  readonly at: Micros;
  readonly ttl: Micros;
}

interface Renewals {
  /** Each server that leads, its term, and when it renewed each session last, in virtual time. */
  leaders: Record<NodeId, { term: number; sessions: Record<string, Renewed> }>;
}

/** The documentation calls a TTL "a lower bound". Twice of it tolerates a clock twice as fast. */
const sessionLasts = invariant<Renewals>({
  doc: 'A leader ends no session before its TTL has passed since it renewed it, in true time.',
  remember: () => ({ leaders: {} }),
  check({ acted, time, events, message, memory }) {
    if (!isServer(acted)) return undefined;
    const { establishedIn: term, sessions } = acted.state;
    let known = memory.leaders[acted.id];
    for (const { name, fields } of events) {
      if (name !== 'SessionExpired' || known === undefined) continue;
      const { session, client } = fields as { session: string; client: NodeId };
      const { at = 0, ttl = 0 } = known.sessions[session] ?? {};
      const passed = time - at;
      if (passed >= ttl * (1 - tolerance)) continue;
      return (
        `${session} of ${client} expired ${asDuration(passed)} after its last renewal, ` +
        `but its TTL is ${asDuration(ttl)}: ${client} may rely on the session for that long.`
      );
    }
    if (known?.term !== term) known = memory.leaders[acted.id] = { term, sessions: {} };
    if (term === 0) return undefined;
    const renewed = renewedBy(message);
    for (const session in sessions) {
      if (session in known.sessions && session !== renewed) continue;
      known.sessions[session] = { at: time, ttl: sessions[session].ttl };
    }
    return undefined;
  },
});

function renewedBy(message: ObservedMessage | undefined): string | undefined {
  const type = message?.body.type;
  if (type !== 'Request' && type !== 'Forward') return undefined;
  const { command } = message!.body;
  return command.op === 'session renew' ? command.session : undefined;
}

/** A leader that was deposed, or steps down, has no clock for sessions any more. */
const onlyLeaderExpires = invariant({
  doc: 'Only the leader of a term lets sessions expire.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { establishedIn, standing, currentTerm } = acted.state;
    if (establishedIn === 0 || (standing === 'leader' && currentTerm === establishedIn)) {
      return undefined;
    }
    return `${acted.id} still times sessions as the leader of term ${establishedIn}.`;
  },
});

/** How long it leads at most without them is its lease, and half a round trip. */
const leaderHasContact = invariant({
  doc: 'A leader that a majority has not answered within its lease steps down.',
  check({ acted, nodes }) {
    if (!isServer(acted) || !acted.up || acted.state.standing !== 'leader') return undefined;
    const { silent, currentTerm } = acted.state;
    const servers = nodes.filter(isServer).length;
    if (servers - silent.length > servers / 2) return undefined;
    return `${acted.id} leads term ${currentTerm}, though ${silent.join(' and ')} are silent.`;
  },
});

export interface Reads {
  /** The requests to read: client and number → the key, and its highest ModifyIndex then. */
  begun: Record<string, { key: string; latest: number; mode: string }>;
}

export interface OldRead {
  readonly by: NodeId;
  readonly client: NodeId;
  readonly key: string;
  readonly mode: string;
  readonly index: number;
  readonly latest: number;
}

/**
 * Returns the read that was answered in this step with less than any server had applied before the
 * read reached the first one. That was committed, and the read might have seen it.
 */
export function oldRead({ nodes, message, memory }: Observation<Reads>): OldRead | undefined {
  if (message === undefined) return undefined;
  const { from, to, body } = message;
  if (body.type === 'Request' && body.command.op === 'get') {
    const { key, mode } = body.command;
    let latest = 0;
    for (const node of nodes) {
      if (isServer(node)) latest = Math.max(latest, node.state.keys[key]?.modifyIndex ?? 0);
    }
    memory.begun[`${from} ${body.serial}`] = { key, latest, mode };
  }
  if (body.type !== 'Reply') return undefined;
  const began = memory.begun[`${to} ${body.serial}`];
  delete memory.begun[`${to} ${body.serial}`];
  const { response } = body;
  const isRead = typeof response === 'object' && 'entry' in response;
  if (began === undefined || !isRead) return undefined;
  const { index } = response;
  return index < began.latest ? { by: from, client: to, ...began, index } : undefined;
}

const consistentReads = invariant<Reads>({
  doc: 'A consistent read sees every change that a server had applied before the read began.',
  remember: () => ({ begun: {} }),
  check(observation) {
    const old = oldRead(observation);
    if (old?.mode !== 'consistent') return undefined;
    const { by, client, key, index, latest } = old;
    return `${by} answered ${client} with ${key} as of ${index}, which had changed at ${latest}.`;
  },
});

export const leaderInvariants: Record<string, Invariant> = {
  'the lock-delay is kept': delayIsKept,
  'the lock-delay lasts': delayLasts,
  'a session lasts for its TTL': sessionLasts,
  'only the leader lets sessions expire': onlyLeaderExpires,
  'a leader hears from a majority': leaderHasContact,
  'a consistent read sees what was applied before it': consistentReads,
};
