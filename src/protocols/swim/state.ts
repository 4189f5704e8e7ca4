/** The state, messages, options and events of a SWIM member. */
import type { Micros, Node, NodeId, OperationId } from '../../protocol/types.ts';

/** A member that left said so itself; a dead one was declared so by another. */
export type Status = 'alive' | 'suspect' | 'dead' | 'left';

/** What is said of a member: §4.2's Alive, Suspect and Confirm, each with an incarnation number. */
export interface Update {
  readonly member: NodeId;
  readonly status: Status;
  readonly incarnation: number;
  /** The member that says so first: the accuser of a suspect or dead one. */
  readonly by: NodeId;
}

/** What a member knows of another one. */
export interface Known {
  status: Status;
  incarnation: number;
  /** When it learned of this status, by its own clock. */
  since: Micros;
}

/** An update that it passes on, and how often it has done so. */
export interface Rumour {
  readonly update: Update;
  sent: number;
  /** λ: how often it is sent, times ⌈log10(n + 1)⌉. */
  readonly limit: number;
}

/** The probe of this period. */
export interface Probe {
  readonly target: NodeId;
  readonly sequence: number;
  isAcked: boolean;
  /** How many members were told to ping the target, and how many said that they got no ack. */
  helpers: number;
  nacks: number;
}

/** A ping for another member. */
export interface Relay {
  readonly prober: NodeId;
  /** The prober's number. */
  readonly sequence: number;
  readonly target: NodeId;
}

export interface Suspicion {
  readonly incarnation: number;
  readonly since: Micros;
  /** With no confirmation, and with enough of them. Both are the same without `lifeguard`. */
  readonly longest: Micros;
  readonly shortest: Micros;
  /** How many confirmations shorten it to the shortest. */
  readonly needed: number;
  /** The members that suspect it, the first accuser first. */
  accusers: NodeId[];
}

export interface MemberState {
  /** How often it has booted. It survives a crash; the incarnation does not. */
  boots: number;
  incarnation: number;
  hasLeft: boolean;
  members: Record<NodeId, Known>;
  /** How many protocol periods it has begun, and how long each is when it is healthy. */
  periods: number;
  readonly period: Micros;
  /** The members that it has not probed yet in this round. */
  round: NodeId[];
  probe: Probe | null;
  /** The number of its last ping. */
  sequence: number;
  relays: Record<number, Relay>;
  rumours: Rumour[];
  /** Null without the option `suspicion`. */
  suspicions: Record<NodeId, Suspicion> | null;
  /** Lifeguard's local health score: 0 is healthy; 7, the worst, makes periods 8 times as long. */
  health: number;
  /** The operation that joins, and the member through which it does. */
  joining: { readonly operation: OperationId; readonly seed: NodeId; attempts: number } | null;
}

/** A member of the list that two members exchange. */
export interface Listed {
  readonly member: NodeId;
  readonly status: Status;
  readonly incarnation: number;
}

export interface Messages {
  Ping: { sequence: number; updates: readonly Update[] };
  PingReq: { sequence: number; target: NodeId; updates: readonly Update[] };
  Ack: { sequence: number; updates: readonly Update[] };
  /** Lifeguard: a member that pinged for another got no ack. */
  Nack: { sequence: number; updates: readonly Update[] };
  Gossip: { updates: readonly Update[] };
  /** The whole list; `incarnation` is the sender's own. */
  PushPull: { incarnation: number; members: readonly Listed[] };
  PushPullReply: { incarnation: number; members: readonly Listed[] };
}

export interface MemberEvents {
  MemberJoined: { member: NodeId; incarnation: number };
  ProbeFailed: { member: NodeId; helpers: number };
  ProbeSaved: { member: NodeId; by: NodeId };
  MemberSuspected: { member: NodeId; incarnation: number; by: NodeId };
  SuspicionConfirmed: { member: NodeId; by: NodeId; confirmations: number };
  MemberDied: { member: NodeId; incarnation: number; by: NodeId };
  MemberReturned: { member: NodeId; incarnation: number; was: Status };
  MemberLeft: { member: NodeId; incarnation: number };
  AccusationRefuted: { incarnation: number; accusedAs: Status; by: NodeId };
  HealthChanged: { score: number };
}

export interface MemberOptions {
  bootstrap: boolean;
  protocolPeriod: Micros;
  pingTimeout: Micros;
  indirectProbes: number;
  suspicion: boolean;
  suspicionMult: number;
  retransmitMult: number;
  updatesPerMessage: number;
  gossipInterval: Micros;
  gossipNodes: number;
  gossipToTheDead: Micros;
  pushPullInterval: Micros;
  reconnectInterval: Micros;
  refutation: boolean;
  deathIsFinal: boolean;
  lifeguard: boolean;
}

export interface Member {
  state: MemberState;
  receives: Messages;
  sends: Messages;
  timers: {
    period: void;
    pingTimeout: number;
    relay: number;
    suspicion: NodeId;
    gossip: void;
    pushPull: void;
    reconnect: void;
    join: void;
  };
  events: MemberEvents;
  options: MemberOptions;
}

export type SwimNode = Node<Member>;

/** How many members there are as far as it knows, with itself; neither dead ones nor those gone. */
export function groupSize({ members }: Readonly<MemberState>): number {
  let size = 1;
  for (const id in members) if (isPresent(members[id])) size++;
  return size;
}

export function isPresent(known: Readonly<Known> | undefined): boolean {
  return known?.status === 'alive' || known?.status === 'suspect';
}

/** The members that it may choose from, in the order of the list. */
export function present({ members }: Readonly<MemberState>): NodeId[] {
  return Object.keys(members).filter((id) => isPresent(members[id]));
}

export const memberEvents: Record<keyof MemberEvents, string> = {
  MemberJoined: 'A member learned of another one, which it did not know.',
  ProbeFailed: 'A member got no ack to its ping in time, and has others ping for it (§3.1).',
  ProbeSaved: 'A ping through another member was answered, where the direct one was not (§3.1).',
  MemberSuspected: 'A member suspects another one, which may still refute that (§4.2).',
  SuspicionConfirmed: 'With lifeguard: another member suspects the same one, independently.',
  MemberDied: 'A member declared another one dead, or learned of such a declaration (§4.2).',
  MemberReturned: 'A suspected or dead member is alive with a higher incarnation number (§4.2).',
  MemberLeft: 'A member learned that another one left by itself.',
  AccusationRefuted: 'A member learned that it is suspected or dead, and raised its incarnation.',
  HealthChanged: 'With lifeguard: a member trusts its own probes less, or more, than before.',
};
