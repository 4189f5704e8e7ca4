/** The shapes that a protocol declares: what its roles keep, receive, send, time and report. */

/** A node's name in a scenario: `n1`, `redis`, `A`. */
export type NodeId = string;

/**
 * Names one client operation of a run: `client#3` is the third that node `client` was asked to do.
 */
export type OperationId = string;

/** A duration or a moment in whole microseconds. */
export type Micros = number;

/** A duration range `[shortest, longest]`, both included, in microseconds. */
export type Range = readonly [Micros, Micros];

/**
 * Plain data: all that state, messages, timers, events and results may hold; a Map, a Set, an
 * object of a class, a function, or what holds itself is refused. A field may be undefined, and a
 * number NaN or infinite, which JSON itself could not say.
 */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What a role is made of, as types. A role's interface names the message bodies that it receives
 * and sends, the timers that it sets, and the events that it reports, each name with its fields.
 */
export interface RoleTypes {
  state: object;
  receives: object;
  sends: object;
  /** Timer name → the data given when it is set (`void` for none). */
  timers: object;
  /** Event name → its fields. */
  events: object;
  options: object;
}

/** A message as it is sent: its type and its fields in one object. */
export type MessageOf<Bodies> = {
  [Type in keyof Bodies & string]: { readonly type: Type } & Frozen<Bodies[Type]>;
}[keyof Bodies & string];

/** What was sent never changes again, in the types too. */
export type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/**
 * What a handler works with: its node's state, and the only ways to act on the world. What cannot
 * be done throws at its line, and the node is down. One call of a handler sends at most 10,000
 * messages, and reports and sets as many events and timers: then it does not end.
 */
export interface Node<R extends RoleTypes = RoleTypes> {
  readonly id: NodeId;
  /** Plain data; a handler changes it in place. */
  readonly state: R['state'];
  /** The scenario's settings for this node, the role's defaults filled in. */
  readonly options: Readonly<R['options']>;
  /** The other nodes of the same role, in the scenario's order. */
  readonly peers: readonly NodeId[];
  /** All nodes of a role, in the scenario's order. */
  nodes(role: string): readonly NodeId[];
  /** The reading of the node's own wall clock: drifts, and jumps when it is set. */
  now(): Micros;
  /**
   * A whole number from 0 to `bound - 1`, the same for the same seed, node and ordinal. `bound` is
   * a whole number from 1 on.
   */
  random(bound: number): number;
  /**
   * Sends `message`, of a type that the receiver's role handles. It never changes again: it is
   * frozen, and the lists and objects in it are copied.
   */
  send(to: NodeId, message: MessageOf<R['sends']>): void;
  /**
   * Sets a timer on the node's monotonic clock, to fire after `after`, or after a moment drawn from
   * the range; fractions of a microsecond are rounded. Setting it again replaces it. Timers of one
   * name with different keys are different. `data` is copied, and frozen.
   */
  setTimer<Name extends keyof R['timers'] & string>(
    name: Name,
    after: Micros | Range,
    data?: R['timers'][Name],
    key?: string,
  ): void;
  cancelTimer(name: keyof R['timers'] & string, key?: string): void;
  /**
   * Reports that something happened that a person may want to stop at. Its fields are copied; they
   * may be left out where there are none.
   */
  event<Name extends keyof R['events'] & string>(
    name: Name,
    ...fields: object extends R['events'][Name]
      ? [fields?: R['events'][Name]]
      : [fields: R['events'][Name]]
  ): void;
  /** Answers a client operation of this node; a second answer to the same one is ignored. */
  reply(operation: OperationId, result: Json): void;
  /** Ends a client operation of this node without success: it certainly had no effect. */
  fail(operation: OperationId, reason: string): void;
  /** With `sync: 'manual'`, makes the durable fields safe against a crash as they stand now. */
  sync(): void;
}

/** A scenario setting of a role: its kind, its value when the scenario is silent, what it means. */
export type OptionSpec =
  | { kind: 'duration'; default: Micros; doc: string }
  | { kind: 'range'; default: Range; doc: string }
  | { kind: 'integer'; default: number; doc: string }
  | { kind: 'boolean'; default: boolean; doc: string }
  | { kind: 'choice'; default: string; choices: readonly string[]; doc: string };

/** What an operation's argument is; a `?` behind it says that it may be left out. */
export type ParameterKind = 'text' | 'value' | 'integer' | 'duration' | 'boolean' | 'node';
export type ParameterSpec = ParameterKind | `${ParameterKind}?`;

type Argument<Kind> = Kind extends 'integer' | 'duration'
  ? number
  : Kind extends 'boolean'
    ? boolean
    : Kind extends 'value'
      ? string | number | boolean
      : string;

/** The arguments that a handler receives, from the parameters that the operation declares. */
export type ArgumentsOf<Parameters> = {
  readonly [
    Name in keyof Parameters as Parameters[Name] extends `${string}?` ? never : Name
  ]: Argument<Parameters[Name]>;
} & {
  readonly [
    Name in keyof Parameters as Parameters[Name] extends `${string}?` ? Name : never
  ]?: Parameters[Name] extends `${infer Kind}?` ? Argument<Kind> : never;
};

/** Something that a client can be asked to do, as a scenario writes it: `client put x 1`. */
export interface Operation<R extends RoleTypes, Parameters = Record<string, ParameterSpec>> {
  /** One sentence: what it does and what its answer is. */
  doc: string;
  /** In the order in which they stand in a command. */
  parameters: Parameters;
  run(node: Node<R>, args: ArgumentsOf<Parameters>, operation: OperationId): void;
}

/** How panels and thread names show a node of a role; never read by the kernel. */
export interface Look {
  /** What the node is to its cluster: `leader`, `follower`, `holder`. */
  standing?: string;
  tone?: 'lead' | 'bid' | 'follow' | 'none';
  epoch?: { name: string; value: number };
  /** A few values worth a line each. */
  facts?: Record<string, Json>;
  log?: {
    /** The log itself, not a copy: the panel reads the window that it draws. */
    entries: readonly { readonly term: number; readonly command: Json }[];
    /** The index of `entries[0]`, as the protocol counts. */
    first: number;
    committed: number;
    applied: number;
  };
}

/** The program that a node runs. */
export interface Role<R extends RoleTypes = RoleTypes> {
  /** One sentence: what a node of this role is for. */
  doc: string;
  options?: { readonly [Name in keyof R['options']]: OptionSpec };
  /** The state of a node that never ran before. */
  init(node: { id: NodeId; options: Readonly<R['options']> }): R['state'];
  /** Fields of the state that survive a crash; the others begin anew. */
  durable?: readonly (keyof R['state'] & string)[];
  /** When durable fields reach the disk: at the end of each handler, or when it calls `sync`. */
  sync?: 'always' | 'manual';
  /** Runs when the node boots, at first and after each crash. */
  start?(node: Node<R>): void;
  messages: {
    [Type in keyof R['receives'] & string]: (
      node: Node<R>,
      message: { readonly type: Type } & Frozen<R['receives'][Type]>,
      from: NodeId,
    ) => void;
  };
  timers: {
    [Name in keyof R['timers'] & string]: (node: Node<R>, data: R['timers'][Name]) => void;
  };
  /**
   * Timers that only keep things going (heartbeats): a run may end while they are all that is left.
   */
  background?: readonly (keyof R['timers'] & string)[];
  // The parameters differ from operation to operation, so their common type is the widest.
  operations?: Record<string, Operation<R, any>>;
  look?(state: R['state']): Look;
}

/** A node as an invariant sees it. */
export interface Observed<State = any> {
  readonly id: NodeId;
  readonly role: string;
  readonly up: boolean;
  readonly state: Readonly<State>;
}

/** What an invariant is given after each step, to look at: a change of a node is refused. */
export interface Observation<Memory = undefined> {
  readonly nodes: readonly Observed[];
  /** The node that acted in this step; absent where none did (a partition, a lost message). */
  readonly acted: Observed | undefined;
  readonly time: Micros;
  /** What this invariant remembers of the run so far; it may change this in place, and no node. */
  readonly memory: Memory;
}

/**
 * A property of every moment: answers nothing while it holds, else a sentence that says why not.
 */
export interface Invariant<Memory = any> {
  doc: string;
  /** Plain data that the check keeps from step to step: what happened before, in a run. */
  remember?(): Memory;
  check(observation: Observation<Memory>): string | undefined;
}

/**
 * An event that no node can report, because it is about several at once: two believe that they hold
 * one lock. It is noted at the node whose step brought it about.
 */
export interface Fact<Memory = any> {
  /** Plain data that it keeps from step to step. */
  remember?(): Memory;
  /** After each step in which a node acted: the fields of each such event that came about in it. */
  look(observation: Observation<Memory>): readonly Readonly<Record<string, Json>>[];
}

export interface Protocol {
  name: string;
  /** One sentence: what it is. */
  doc: string;
  /** Where it is defined: paper and section, or manual page. */
  source: string;
  /** Event name → one sentence of documentation. */
  events: Record<string, string>;
  roles: Record<string, Role<any>>;
  /** The role of a node for which a scenario names none. */
  defaultRole?: string;
  /** Events of `events` that an onlooker reports, who sees all nodes. */
  facts?: Record<string, Fact>;
  invariants: Record<string, Invariant>;
  /**
   * Whether a message says no (a vote denied, a write fenced off): drawn apart from one that says
   * yes.
   */
  refuses?(message: { readonly type: string; readonly [field: string]: any }): boolean;
}
