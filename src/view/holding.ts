/**
 * Which node holds each lock, lease or leadership at one moment, and which nodes believe that they
 * do. It knows only what roles show (`holder`, `authority`, `lease`, and `standing` with `epoch`).
 */
import { compareEpochs } from '../kernel/data/epoch-order.ts';
import { leasesOf } from '../kernel/data/leases.ts';
import { isOff, type Moment, type NodeMoment } from '../kernel/seam/moment.ts';
import type { HolderLook } from '../protocol/look.ts';
import type { Look } from '../protocol/types.ts';
import type { Micros } from './contract.ts';

/** One thing that is held, such as a lock. */
export interface Holding {
  /** Such as the name of the lock, or `leader`. */
  readonly of: string;
  /** Set if nodes elect who is this: what they call their epochs, such as `term`. */
  readonly elected?: string;
  /** Null if no node decides: then only the beliefs count. */
  readonly authority: Authority | null;
  /** The nodes that believe they hold it, in the order of the scenario. */
  readonly beliefs: readonly Belief[];
}

export interface Authority {
  /** The nodes that decide, or whose copy of the decision counts. */
  readonly nodes: readonly string[];
  /** Whether any of them has a running process. */
  readonly isUp: boolean;
  /** Empty if it is free. Several only if it is shared, or if the authority is divided. */
  readonly holders: readonly Hold[];
}

/** A holder, as the authority has it. */
export interface Hold {
  /** As the authority calls it. */
  readonly name: string;
  /** The node that goes by this name; null if there is none. */
  readonly node: string | null;
  readonly token: number | string | null;
  readonly isShared: boolean;
  /** When the authority ends it, if it is not extended. */
  readonly end: End | null;
  readonly next: readonly string[];
}

/** What a node believes of itself. */
export interface Belief {
  readonly node: string;
  readonly token: number | string | null;
  /** Whether the authority has it as the holder, too; true if no node decides. */
  readonly isHeld: boolean;
  readonly isShared: boolean;
  /** Whether its process is paused: it believes, and cannot act. */
  readonly isPaused: boolean;
  /** When its time is over by its own clock, if it has one. */
  readonly end: End | null;
}

/** The end of a lease. */
export interface End {
  /** On the clock of the node that has noted it. */
  readonly own: Micros;
  /** The virtual time at which that clock shows this, if it is not set. */
  readonly at: Micros;
  /** Whether that clock is past it. */
  readonly isOver: boolean;
}

/** What a node shows, read once: `look` runs an author's code. */
export interface Shown {
  readonly node: NodeMoment;
  readonly look: Look;
}

/** In the order in which nodes show them. */
export function holdings({ time, nodes }: Pick<Moment, 'time' | 'nodes'>): Holding[] {
  return holdingsOf(nodes.map((node) => ({ node, look: node.look })), time);
}

/** The same, for nodes that were read at or before this time and have not changed since. */
export function holdingsOf(shown: readonly Shown[], time: Micros): Holding[] {
  const names = new Set(shown.flatMap(({ look }) => {
    // What a node believes of others makes nothing held.
    const decides = look.authority !== undefined;
    return entriesOf(look).filter(({ own }) => decides || own === true).map(({ of }) => of);
  }));
  return [...[...names].map((of) => holdingOf(shown, of, time)), ...leaderships(shown)];
}

function entriesOf({ holder }: Look): readonly HolderLook[] {
  return holder === undefined ? [] : [holder].flat() as HolderLook[];
}

function holdingOf(shown: readonly Shown[], of: string, time: Micros): Holding {
  const own = shown.filter(({ node }) => !isOff(node.status)).flatMap((one) => {
    return entriesOf(one.look)
      .filter((entry) => entry.of === of && entry.own === true)
      .map((entry) => ({ ...one, entry }));
  });
  const known = new Map(own.map(({ node, entry }) => [entry.is, node.id]));
  const ids = shown.map(({ node }) => node.id);
  const nodeOf = (name: string) => known.get(name) ?? (ids.includes(name) ? name : null);
  const authority = authorityOf(shown, of, time, nodeOf);
  const beliefs = own.map(({ node, look, entry }) => {
    const { is, token = null, shared: isShared = false } = entry;
    const isHeld = authority?.holders.some((one) => isSame(one, is, token)) ?? true;
    const isPaused = node.status === 'paused';
    const end = endOf({ node, look }, of, time);
    return { node: node.id, token, isHeld, isShared, isPaused, end };
  });
  return { of, authority, beliefs };
}

/** A node that lost a lock and got it again holds it under another token. */
function isSame({ name, token }: Hold, is: string, own: number | null): boolean {
  return name === is && (token === null || own === null || token === own);
}

// The authority

/** What one node has recorded of one thing, and how new that is. */
interface RecordOf extends Shown {
  readonly version: number;
  readonly entries: readonly HolderLook[];
}

function authorityOf(
  shown: readonly Shown[],
  of: string,
  time: Micros,
  nodeOf: (name: string) => string | null,
): Authority | null {
  const records = shown.flatMap((one) => recordOf(one, of));
  if (records.length === 0) return null;
  const needed = Math.max(...records.flatMap(({ entries }) => entries).map(neededFor), 1);
  const deciding = needed > 1 ? named(records) : newest(records);
  const counts = new Map<string, { entry: HolderLook; from: Shown[] }>();
  for (const record of deciding) {
    for (const entry of record.entries) {
      // Each vote of a quorum ends by its own clock.
      const isOver = needed > 1 && endOf(record, of, time)?.isOver === true;
      if (entry.is === free || isOver) continue;
      const name = JSON.stringify([entry.is, entry.token ?? null]);
      const count = counts.get(name) ?? { entry, from: [] };
      counts.set(name, { entry, from: [...count.from, record] });
    }
  }
  const agreed = [...counts.values()].filter(({ from }) => from.length >= needed);
  const holders = agreed.map(({ entry, from }) => ({
    name: entry.is,
    node: nodeOf(entry.is),
    token: entry.token ?? null,
    isShared: entry.shared ?? false,
    end: endByQuorum(from, of, needed, time),
    next: entry.next ?? [],
  }));
  return {
    nodes: (holders.length > 0 ? named(deciding) : deciding).map(({ node }) => node.id),
    isUp: deciding.some(({ node }) => !isOff(node.status)),
    // What is over by the authority's clock is free, even before the authority acts on it.
    holders: holders.filter(({ end }) => end?.isOver !== true),
  };
}

function neededFor({ needed }: HolderLook): number {
  return needed ?? 1;
}

const free = 'none';

/** Nothing if this node does not decide. */
function recordOf({ node, look }: Shown, of: string): RecordOf[] {
  if (look.authority === undefined) return [];
  const { version: copy = 0 } = look.authority;
  const entries = entriesOf(look).filter((entry) => entry.of === of && entry.own !== true);
  const versions = entries.map(({ version }) => version ?? copy);
  return [{ node, look, entries, version: Math.max(copy, ...versions) }];
}

function named(records: readonly RecordOf[]): readonly RecordOf[] {
  return records.filter(({ entries }) => entries.length > 0);
}

function newest(records: readonly RecordOf[]): RecordOf[] {
  const version = Math.max(...records.map((one) => one.version));
  return records.filter((one) => one.version === version);
}

/** The hold ends with the vote that leaves fewer than are needed. */
function endByQuorum(
  from: readonly Shown[], of: string, needed: number, time: Micros,
): End | null {
  const ends = from.flatMap((one) => endOf(one, of, time) ?? []);
  if (ends.length < needed) return null;
  return ends.sort((a, b) => b.at - a.at)[needed - 1];
}

// Leases

function endOf({ node, look }: Shown, of: string, time: Micros): End | null {
  const lease = leasesOf(look).find((one) => one.of === of);
  if (lease === undefined) return null;
  const left = lease.until - node.clockAt(time);
  // Virtual time passes at another rate than the node's clock, if that drifts.
  const rate = (node.clockAt(time + second) - node.clockAt(time)) / second;
  const at = time + Math.round(left / (rate > 0 ? rate : 1));
  return { own: Math.round(lease.until), at, isOver: left <= 0 };
}

const second = 1_000_000;

// Leaders, which the nodes of a role elect among themselves

/**
 * A node that leads in an epoch (a term, a ballot) and shows nothing else that it holds. It is the
 * leader until a majority of its peers is in a later epoch; of two leaders, the later one is.
 */
function leaderships(shown: readonly Shown[]): Holding[] {
  // A server that has no peers leads without an election.
  const isAlone = ({ node: { role } }: Shown) =>
    shown.filter(({ node }) => node.role === role).length === 1;
  const leading = shown.filter((one) => isLeading(one) && !isAlone(one));
  const roles = new Set(leading.map(({ node }) => node.role));
  return [...roles].map((role) => {
    const peers = shown.filter(({ node }) => node.role === role);
    const leaders = leading.filter(({ node }) => node.role === role);
    return leadership(leaders, peers);
  });
}

function leadership(leaders: readonly Shown[], peers: readonly Shown[]): Holding {
  const [last] = [...leaders].sort((a, b) => compareEpochs(epochOf(b), epochOf(a)));
  const beyond = peers.filter((peer) => {
    return peer.look.epoch !== undefined && compareEpochs(epochOf(peer), epochOf(last)) > 0;
  });
  const rules = beyond.length <= peers.length / 2;
  const { id } = last.node;
  const hold: Hold = {
    name: id, node: id, token: epochOf(last), isShared: false, end: null, next: [],
  };
  const running = peers.filter(({ node }) => !isOff(node.status));
  const authority = {
    nodes: peers.map(({ node }) => node.id),
    isUp: running.length > peers.length / 2,
    holders: rules ? [hold] : [],
  };
  const beliefs = leaders.filter((one) => running.includes(one)).map((one) => ({
    node: one.node.id, token: epochOf(one), isHeld: rules && one === last, isShared: false,
    isPaused: one.node.status === 'paused', end: null,
  }));
  return { of: last.look.standing!, elected: last.look.epoch!.name, authority, beliefs };
}

function isLeading({ look }: Shown): boolean {
  const { tone, standing, epoch } = look;
  if (tone !== 'lead' || standing === undefined || epoch === undefined) return false;
  return entriesOf(look).every(({ own }) => own !== true);
}

function epochOf({ look }: Shown): number | string {
  return look.epoch!.value;
}
