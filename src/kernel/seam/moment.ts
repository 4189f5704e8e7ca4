/**
 * One moment of a cluster, read-only. Stacks, variables and panels read this and nothing else, so
 * that they also work for a recorded trace, or a live system behind a proxy. `World` implements it.
 * Except for its few methods all of it is plain data.
 */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Admission } from '../../protocol/look.ts';
import type { Json, Look, Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { ParameterSpec } from '../../protocol/values.ts';
import type { Action, MessageName } from '../action.ts';

export interface Moment {
  /** Virtual time in microseconds since the start of the run. */
  readonly time: Micros;
  /** How many actions led here. */
  readonly step: number;
  /** In the scenario's order; a node's place here is its `index`. */
  readonly nodes: readonly NodeMoment[];
  /** In order of arrival; last come those that wait for a paused node. */
  readonly messages: readonly MessageMoment[];
  /** The action that comes next unless another is chosen; undefined if nothing is pending. */
  readonly upcoming: Upcoming | undefined;
  /** Whether any link is cut. */
  readonly hasCuts: boolean;
  /** Whether no message passes from one node to another; nodes by their indexes. */
  isCut(from: number, to: number): boolean;
  node(id: NodeId): NodeMoment | undefined;
  /** The message of that name, if it is in flight. */
  message(name: MessageName): MessageMoment | undefined;
  /** The handler that an action would run if it were taken now; undefined if it would run none. */
  handler(action: Action | Upcoming): HandlerMoment | undefined;
  /** The parameters of an operation, by name; empty if the node does not offer it. */
  parameters(node: NodeId, operation: string): Readonly<Record<string, ParameterSpec>>;
  /** Whether the protocol calls a message a refusal: a vote denied, a write fenced off. */
  refuses(body: MessageMoment['body']): boolean;
  /** Whether the protocol calls a message a heartbeat. */
  isHeartbeat(body: MessageMoment['body']): boolean;
  /** How the protocol words its messages and events. */
  readonly wording: Wording;
}

/** What a protocol says of its messages and events. */
export interface Wording {
  /** The fields that are not shown as bare numbers. */
  readonly units: Readonly<Record<string, ShownUnit>>;
  /** The same for arguments of operations: a field of a message may have the name of one. */
  readonly argumentUnits: Readonly<Record<string, ShownUnit>>;
  /** The words for a message of a node; undefined if its role has none for this type. */
  message(from: NodeId, body: MessageMoment['body']): string | undefined;
  /** The words for the fields of an event; undefined if its role has none for this event. */
  event(event: EventMoment): string | undefined;
  /** The write that an event says was accepted or refused; undefined if it says nothing of one. */
  admission(event: EventMoment): Admission | undefined;
}

/** The unit of a duration or a time in microseconds, or how the number is written. */
export type ShownUnit = number | 'hexadecimal';

/** A handler of a role, about to run. */
export interface HandlerMoment {
  readonly kind: HandlerKind;
  /**
   * The message type, timer or operation; `start` for the boot of a node; `opened` or `ended` of a
   * connection.
   */
  readonly name: string;
  /** The index of the node that runs it. */
  readonly node: number;
  /** The name of that node, if the action adds it: the moment before does not have it. */
  readonly joining?: NodeId;
  /** What it receives, if it handles a message. */
  readonly message?: MessageMoment;
}

export type HandlerKind = 'message' | 'timer' | 'operation' | 'start' | 'connection';

/** A node that is down has not started yet; a crashed one has. */
export type NodeStatus = 'running' | 'paused' | 'crashed' | 'down';

/** Whether a node has no running process. A paused node has one. */
export function isOff(status: NodeStatus): boolean {
  return status === 'crashed' || status === 'down';
}

/** What a node is to its cluster; `problem` says why the role fails to show it. */
export interface Rank extends Pick<Look, 'standing' | 'epoch'> {
  readonly problem?: string;
}

export interface NodeMoment {
  readonly index: number;
  readonly id: NodeId;
  readonly role: string;
  readonly status: NodeStatus;
  /** Plain data. That of a crashed node is what it last was. */
  readonly state: Readonly<Record<string, unknown>>;
  /** The fields of the state that survive a crash. */
  readonly durable: readonly string[];
  /** The settings of its role, as the scenario gives them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the role shows of it: standing, epoch, a log. Empty if the role shows nothing. */
  readonly look: Look;
  /** The standing and the epoch alone, which conditions read at each step. */
  readonly rank: Rank;
  /** Timers that are set, soonest first. */
  readonly alarms: readonly TimerMoment[];
  /** Whether its host has power and is on the network. */
  readonly host: HostStatus;
  /** The connections that its host knows, oldest first. */
  readonly connections: readonly ConnectionMoment[];
  /** How its disk behaves, and the writes that have not reached it, oldest first. */
  readonly fsync: DiskMoment;
  /** How many messages and timers wait for it while it is paused. */
  readonly waiting: number;
  /** Client operations that it has accepted and not yet answered. */
  readonly operations: readonly OperationMoment[];
  /** How fast its wall clock gains: 0.0002 is 200 ppm. */
  readonly drift: number;
  /** The reading of its wall clock at a virtual time, in microseconds. */
  clockAt(time: Micros): Micros;
}

/** One end of a connection. The other may think otherwise. */
export interface ConnectionMoment {
  readonly id: ConnectionId;
  readonly peer: NodeId;
  /** `closing`: its process has closed it or ended, and its host still has to tell the peer. */
  readonly status: 'opening' | 'open' | 'closing';
  /** How many messages wait until they are sent again, and when that is; −1 for none. */
  readonly waiting: number;
  readonly againAt: Micros;
}

/** The disk of a node. What a handler sends after its write waits until that is on disk. */
export interface DiskMoment {
  /** How long an fsync takes. */
  readonly slow: Micros;
  /** Until when none ends; in the past if it is not stalled, beyond any run if it stays so. */
  readonly stalledUntil: Micros;
  readonly writes: readonly {
    /** The durable fields that it writes. */
    readonly fields: Readonly<Record<string, unknown>>;
    /** The step that wrote. */
    readonly cause: number;
    /** What waits for it. */
    readonly outputs: readonly unknown[];
  }[];
}

/** Of a host that is off or unplugged, other hosts hear nothing. */
export type HostStatus = 'on' | 'off' | 'unplugged';

export interface TimerMoment {
  readonly name: string;
  /** Tells timers of one name apart; empty for most. */
  readonly key: string;
  /** Virtual time at which it was set, and at which it fires. */
  readonly setAt: Micros;
  readonly at: Micros;
  /** What the handler receives; undefined if it was set without data. */
  readonly data: unknown;
}

/** A message in flight. It is itself the action of its delivery. */
export interface MessageMoment extends MessageName {
  readonly type: 'deliver';
  readonly fromIndex: number;
  readonly toIndex: number;
  readonly body: { readonly type: string; readonly [field: string]: Json };
  /** Virtual time at which it was sent, and at which it arrives. */
  readonly sentAt: Micros;
  readonly at: Micros;
  /** The step that sent it. */
  readonly cause: number;
  /** Why it never arrives; empty if it does, as far as is known. */
  readonly lost: '' | 'loss' | 'partition' | 'unplugged' | 'closed' | 'down' | 'dropped';
  /** The connection that it belongs to; empty for a datagram. */
  readonly connection: ConnectionId;
  /** Whether it is a signal of the connection itself, such as SYN or FIN. */
  readonly isSignal: boolean;
}

export interface OperationMoment {
  readonly id: OperationId;
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
  /** Virtual time at which it was invoked. */
  readonly at: Micros;
}

/** An action that is pending by itself: an arrival, a timer, or an action that was put off. */
export type Upcoming =
  | MessageMoment
  | {
      readonly type: 'fire';
      readonly at: Micros;
      readonly node: NodeId;
      readonly timer: string;
      readonly key: string;
    }
  | { readonly type: 'postponed'; readonly at: Micros; readonly action: Action };

/** A protocol event that a node reported. */
export interface EventMoment {
  readonly node: NodeId;
  readonly name: string;
  readonly fields: Readonly<Record<string, Json>>;
}

/** What the last action caused. */
export interface ProbeMoment {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly connection: ConnectionId;
  readonly answer: 'alive' | 'none' | 'reset';
}

export interface StepEffects {
  /** The index of the node that acted; −1 if none did. */
  readonly acted: number;
  /** The step that caused this one; 0 for the start, −1 for none. */
  readonly cause: number;
  /** The message that was delivered, lost, dropped, duplicated or delayed. */
  readonly message: MessageMoment | null;
  /** Whether that message failed to reach its receiver. */
  readonly lost: boolean;
  /** When it is sent again, because it belongs to a connection; −1 if it is not. */
  readonly again: Micros;
  /** Whether the receiver's host refused it with an RST: it does not know the connection. */
  readonly refused: boolean;
  /** The keep-alive probe that a host sent, and what came of it. */
  readonly probe: ProbeMoment | null;
  readonly sent: readonly MessageMoment[];
  readonly events: readonly EventMoment[];
  /** The client operation that it invoked; null if none. */
  readonly invoked: { readonly operation: OperationId; readonly name: string } | null;
  readonly replies: readonly {
    readonly operation: OperationId;
    readonly node: NodeId;
    readonly ok: boolean;
    readonly result: Json;
  }[];
  /** Timers set, with the virtual time at which they fire; −1 for those cancelled. */
  readonly timers: readonly {
    readonly node: NodeId;
    readonly timer: string;
    readonly key: string;
    readonly at: Micros;
  }[];
  /** What the handler threw. */
  readonly failure: {
    readonly node: NodeId;
    readonly message: string;
    readonly stack: string;
  } | null;
  /** The properties that this step violated. */
  readonly violations: readonly {
    readonly monitor: string;
    /** Its code and values belong to the layer that made the monitor. */
    readonly reason: { readonly code: string };
    readonly stack?: string;
  }[];
  /** Call stacks of `events` and `sent`, by the same index; empty unless they were recorded. */
  readonly eventStacks: readonly string[];
  readonly sentStacks: readonly string[];
}
