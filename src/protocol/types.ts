/** The types of a protocol: what its roles store, receive, send, time and report. */
import type { Alike } from './alike.ts';
import type { ConnectionCalls, ConnectionHandlers, ConnectionId } from './connection.ts';
import type { FieldUnit, Json, Micros, NodeId, OperationId, Range } from './data.ts';
import type { DiskCalls, Sync } from './disk.ts';
import type {
  ObservedAnswer, ObservedOperation, RecordedOperation, Specifications, Transactions,
} from './history.ts';
import type { Admits, LookOf } from './look.ts';
import type { ExplainedLook } from './standings.ts';
import type { TimerArguments } from './timer-arguments.ts';
import type { ArgumentsOf, OptionFor, ParameterSpec } from './values.ts';

export type { Json, Micros, NodeId, OperationId, Range } from './data.ts';

/** The types that make up a role. Declare one interface of this shape for each role. */
export interface RoleTypes {
  /** The fields of a node's state; plain data (see {@link Json}). */
  state: object;
  /** Message type → the fields of a message that a node of this role handles. */
  receives: object;
  /** Message type → the fields of a message that a node of this role sends. */
  sends: object;
  /** Timer name → the data that its handler receives; `void` for none. */
  timers: object;
  /** Event name → its fields. */
  events: object;
  /** Option name → the type of its value. */
  options: object;
}

/** A message: its type and its fields in one object. */
export type MessageOf<Bodies> = {
  [Type in keyof Bodies & string]: { readonly type: Type } & Frozen<Bodies[Type]>;
}[keyof Bodies & string];

/** The same value, read-only at every depth: a message is frozen when it is sent. */
export type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/**
 * The node that a handler runs on: its state, and every way to act on the world. A call that is not
 * possible (an unknown receiver, an invalid duration) throws at its line. An error that the handler
 * does not catch crashes the node. One call of a handler may send 10,000 messages, report 10,000
 * events and set 10,000 timers; one more throws, because such a handler would never end.
 */
export interface Node<R extends RoleTypes = RoleTypes>
  extends ConnectionCalls, DiskCalls<R['state'], R['timers']> {
  /** The node's name in the scenario. */
  readonly id: NodeId;
  /** The node's state, which a handler changes in place; plain data (see {@link Json}). */
  readonly state: R['state'];
  /** The scenario's settings for this node, completed with the role's defaults. */
  readonly options: Readonly<R['options']>;
  /** The other nodes of the same role that there were when this node was added or the run began. */
  readonly peers: readonly NodeId[];
  /** All nodes of a role that there were then, in the order of the scenario; empty if none. */
  nodes(role: string): readonly NodeId[];
  /** The node's own wall clock, in microseconds. It drifts, and it jumps when it is set. */
  now(): Micros;
  /**
   * A random integer from 0 to `bound - 1`, drawn from the seed, the node and the number of draws
   * so far. `bound` must be a positive integer.
   */
  random(bound: number): number;
  /**
   * Sends a message, whose type the receiver's role must handle. The message is frozen, and the
   * lists and objects in it are copied. A message to the node itself does not pass through the
   * network: it arrives at once, in a handler call of its own, unless the node crashes before.
   *
   * To a node of a role with which this one has connections, it goes over the newest of these, or
   * over the one that is named instead of the node. If that has ended, the message is lost.
   */
  send(to: NodeId | ConnectionId, message: MessageOf<R['sends']>): void;
  /**
   * Sets a timer that fires after `after` on the node's monotonic clock, or after a duration drawn
   * from the range `after`. Fractions of a microsecond are rounded. Its handler receives the data,
   * which is copied and frozen; a timer declared as `void` has none.
   *
   * Setting a timer again replaces it; timers with the same name and different keys are
   * independent. Data that is a string is also the key, so that a timer per session is
   * `node.setTimer('session', ttl, session)`, whether or not its handler needs to know which one.
   */
  setTimer<Name extends keyof R['timers'] & string>(
    name: Name,
    after: Micros | Range,
    ...given: TimerArguments<R['timers'][Name]>
  ): void;
  /** Cancels a timer; does nothing if it is not set. */
  cancelTimer(name: keyof R['timers'] & string, key?: string): void;
  /**
   * Reports a protocol event, at which a debugger can stop. The fields are copied; leave them out
   * if the event has none.
   */
  event<Name extends keyof R['events'] & string>(
    name: Name,
    ...fields: object extends R['events'][Name]
      ? [fields?: R['events'][Name]]
      : [fields: R['events'][Name]]
  ): void;
  /** Answers a client operation of this node. Only the first answer to an operation counts. */
  reply(operation: OperationId, result: Json): void;
  /**
   * Ends a client operation of this node as failed. Its outcome is then unknown, unless `noEffect`
   * of the operation says that it had no effect.
   */
  fail(operation: OperationId, reason: string): void;
}

/** What never changes about a node. */
export type Identity<R extends RoleTypes = RoleTypes> =
  Pick<Node<R>, 'id' | 'options' | 'peers' | 'nodes'>;

/** A client operation, which a scenario starts with a line such as `client put x 1`. */
export interface Operation<R extends RoleTypes, Parameters = Record<string, ParameterSpec>> {
  /** One sentence: what the operation does, and what its answer is. */
  doc: string;
  /** Parameter name → its kind, in the order of the arguments in a command. */
  parameters: Parameters;
  /** Returns why a command is refused before the scenario runs; `roleOf` gives a node's role. */
  fault?(args: ArgumentsOf<Parameters>, roleOf: (id: NodeId) => string): string | undefined;
  /**
   * Whether the operation had no effect when `node.fail` ended it with this reason: always (true),
   * or if it returns true. Otherwise its outcome is unknown in histories: it may have taken effect,
   * or may still do so, as after a timeout.
   */
  noEffect?: true | ((reason: string) => boolean);
  /**
   * Whether an answer of `node.reply` means that the outcome is unknown, such as `unknown` after a
   * timeout. An object with `outcome: 'unknown'` always does.
   */
  isUnknown?(answer: Json): boolean;
  /** Starts the operation on its node. It lasts until `node.reply` or `node.fail` ends it. */
  run(node: Node<R>, args: ArgumentsOf<Parameters>, operation: OperationId): void;
}

/** Settings that do not fit together: their names, and a sentence without its full stop. */
export interface OptionsFault {
  readonly options: readonly string[];
  readonly why: string;
}

/** How panels, thread names and conditions show a node of a role. */
export type Look = LookOf<Json>;

/**
 * Summarizes a message or an event by the fields that matter: `ballot 2.n1, value x`. Traces,
 * panels and call stacks show this text in place of all fields. It is shown as text on one line,
 * cut at 240 characters, and never affects a run.
 */
export interface Summary<R extends RoleTypes = RoleTypes> {
  /** Message type → a function that returns the words for such a message, without its type. */
  messages?: {
    [Type in keyof R['sends'] & string]?: (
      message: { readonly type: Type } & Frozen<R['sends'][Type]>,
    ) => string;
  };
  /** Event name → a function that returns the words for its fields. */
  events?: {
    [Name in keyof R['events'] & string]?: (fields: Frozen<R['events'][Name]>) => string;
  };
}

/** The program that a node runs. */
export interface Role<R extends RoleTypes = RoleTypes> extends Alike, ExplainedLook {
  /** One sentence: what a node of this role is for. */
  doc: string;
  /** The settings that a scenario may change, each with its default. */
  options?: { readonly [Name in keyof R['options']]: OptionFor<R['options'][Name]> };
  /** Returns which settings of a node do not fit together, and why; checked before a run. */
  optionsFault?(options: Readonly<R['options']>): OptionsFault | undefined;
  /** Returns the state of a node that boots for the first time. */
  init(node: { id: NodeId; options: Readonly<R['options']> }): R['state'];
  /** The fields of the state that survive a crash; `init` makes the others anew. */
  durable?: readonly (keyof R['state'] & string)[];
  /** When durable fields reach the disk: after each handler, in `sync()`, or lazily: see there. */
  sync?: Sync;
  /** Why `disk NODE slow` and `stall` are refused: other handlers would see what is not durable. */
  noDiskFaults?: string;
  /**
   * Whether a node of this role can be added during a run (`add n6`): true, or why not. It has all
   * nodes among its `peers` and `nodes`; the others do not have it, and learn of it by messages.
   */
  joins?: true | string;
  /** Runs whenever the node boots: at first, and after each crash. */
  start?(node: Node<R>): void;
  /** Message type → its handler. `connection` is where it came; empty for a datagram. */
  messages: {
    [Type in keyof R['receives'] & string]: (
      node: Node<R>,
      message: { readonly type: Type } & Frozen<R['receives'][Type]>,
      from: NodeId,
      connection: ConnectionId,
    ) => void;
  };
  /** What the role does at its end of a connection. */
  connection?: ConnectionHandlers<Node<R>, R['options']>;
  /** The handler of each timer that the role sets. */
  timers: {
    [Name in keyof R['timers'] & string]: (node: Node<R>, data: R['timers'][Name]) => void;
  };
  /** Timers that only keep things going, such as heartbeats: a run may end while they are set. */
  background?: readonly (keyof R['timers'] & string)[];
  /** Timers that count the ticks of their own process: they stand still while it is paused. */
  ticking?: readonly (keyof R['timers'] & string)[];
  /** What a scenario can ask of a node of this role. */
  // The parameters differ from operation to operation, so their common type is the widest.
  operations?: Record<string, Operation<R, any>>;
  /** Returns how a node is shown, which changes nothing. A breakpoint here is never hit. */
  look?(state: R['state'], node: Identity<R>): Look;
  /** Words for the messages that the role sends and the events that it reports. */
  summary?: Summary<R>;
}

/**
 * Role name → the types of that role, as `interface Roles { server: Server; worker: Worker }`.
 * `defineProtocol` infers them from `roles`. Without them, a node's state has no known fields.
 */
export type AnyRoles = Record<string, RoleTypes>;

/** A node as an invariant or a derived event sees it. */
export interface Observed<State = object, Role extends string = string> {
  readonly id: NodeId;
  readonly role: Role;
  /** Whether the node is running or paused; false after a crash. */
  readonly up: boolean;
  /** The node's state, which is read-only here: changing it throws. */
  readonly state: Readonly<State>;
}

/** A node of one of the roles. Testing `node.role === 'server'` narrows the type of its state. */
export type ObservedIn<Roles> = {
  [Name in keyof Roles & string]: Roles[Name] extends { state: infer State }
    ? Observed<State, Name>
    : never;
}[keyof Roles & string];

/** A protocol event that a node reported. Testing `event.name` narrows the type of its fields. */
export interface ObservedEvent<Name = string, Fields = any> {
  readonly node: NodeId;
  readonly name: Name;
  readonly fields: Frozen<Fields>;
}

/** An event that a node of one of the roles can report. */
export type EventIn<Roles> = string extends keyof Roles
  ? ObservedEvent
  : { [Name in keyof Roles]: EventOf<Roles[Name]> }[keyof Roles];

type EventOf<Types> = Types extends { events: infer Events }
  ? { [Name in keyof Events & string]: ObservedEvent<Name, Events[Name]> }[keyof Events & string]
  : never;

/** A message that was delivered. Testing `message.body.type` narrows the type of its body. */
export interface ObservedMessage<Body = { readonly type: string; readonly [field: string]: any }> {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly body: Body;
}

/** A message that a node of one of the roles can receive. */
export type MessageIn<Roles> = string extends keyof Roles
  ? ObservedMessage
  : { [Name in keyof Roles]: ReceivedBy<Roles[Name]> }[keyof Roles];

type ReceivedBy<Types> = Types extends { receives: infer Bodies }
  ? {
      [Type in keyof Bodies & string]: ObservedMessage<MessageOf<Pick<Bodies, Type>>>;
    }[keyof Bodies & string]
  : never;

/**
 * What an invariant or a derived event receives after each step. The lists and what is in them are
 * read-only; a memory may keep copies of them.
 */
export interface Observation<Memory = undefined, Roles = AnyRoles> {
  /** All nodes, in the order of the scenario. */
  readonly nodes: readonly ObservedIn<Roles>[];
  /** The node that acted in this step; undefined if none did (a partition, a lost message). */
  readonly acted: ObservedIn<Roles> | undefined;
  /** Virtual time, in microseconds since the start of the run. */
  readonly time: Micros;
  /** What `remember` returned at the start of the run; `check` and `look` change it in place. */
  readonly memory: Memory;
  /** The events that nodes reported in this step, in their order, without derived events. */
  readonly events: readonly EventIn<Roles>[];
  /** The message that the node that acted received in this step; undefined if it received none. */
  readonly message: MessageIn<Roles> | undefined;
  /** The client operation that was invoked in this step; undefined if none was. */
  readonly invoked: ObservedOperation | undefined;
  /** The client operations that were answered in this step, in their order. */
  readonly answers: readonly ObservedAnswer[];
  /**
   * All client operations of the run so far, in the order of their invocations. It is made when it
   * is read, at a cost that grows with its length: read it only in steps that need it, such as
   * those with `answers`.
   */
  readonly history: readonly RecordedOperation[];
}

/**
 * A property that must hold after every step. In `defineProtocol`, write the object itself: then
 * the compiler knows the states of the roles and the memory. Elsewhere, write
 * `invariant<Roles>()({ … })`.
 */
export interface Invariant<Memory = any, Roles = any> {
  /** One sentence: the property. */
  doc: string;
  /** Returns the memory that `check` keeps from step to step; plain data (see {@link Json}). */
  remember?(): Memory;
  /**
   * The condition of a property of the form "if … then …". `check` runs only after steps in which
   * it returns true. If it never does, the verdict says that the property was never tested.
   */
  when?(observation: Observation<Memory, Roles>): boolean;
  /** Returns nothing while the property holds, otherwise a sentence that says why it does not. */
  check(observation: Observation<Memory, Roles>): string | undefined;
}

/**
 * A protocol event that no single node can report, because it is about several nodes at once: two
 * workers believe that they hold the same lock. It is reported at the node that acted.
 */
export interface DerivedEvent<Memory = any, Roles = any> {
  /** Returns the memory that `look` keeps from step to step; plain data (see {@link Json}). */
  remember?(): Memory;
  /** Returns the fields of each event that happened in this step, in which a node acted. */
  look(observation: Observation<Memory, Roles>): readonly Readonly<Record<string, Json>>[];
  /** Returns the words for the fields of such an event, as in {@link Summary}. */
  summary?(fields: { readonly [field: string]: any }): string;
}

/** A protocol: the roles that nodes run, the events that they report, and what must hold. */
export interface Protocol {
  /** The name by which a scenario selects it. */
  name: string;
  /** One sentence: what the protocol is. */
  doc: string;
  /** Where it is defined: a paper and its section, or a manual page. */
  source: string;
  /** Event name → one sentence that says what happened. */
  events: Record<string, string>;
  /** Role name → the role. */
  roles: Record<string, Role<any>>;
  /**
   * Pairs of roles that talk over connections, as over TCP; the first opens them. Others exchange
   * datagrams. The kernel reports `ConnectionOpened` and `ConnectionEnded` at their nodes.
   */
  connections?: readonly (readonly [opener: string, acceptor: string])[];
  /** @internal What is modelled of a language that operations take: area → names. */
  modelled?: Readonly<Record<string, string>>;
  /** @internal Names of systems and samples by which people look for it. */
  aliases?: readonly string[];
  /** The role of a node for which a scenario names none. */
  defaultRole?: string;
  /** Event name → how the event is derived from all nodes. The name must be in `events` too. */
  derivedEvents?: Record<string, DerivedEvent>;
  /** Invariant name → the invariant. */
  invariants: Record<string, Invariant>;
  /**
   * What its operations do when they run one after the other: one specification, or several by
   * name. A scenario then expects that `history is linearizable`, or `history of NAME is …`.
   */
  specification?: Specifications;
  /** @internal Why it has no specification, to follow a colon. */
  noSpecification?: string;
  /**
   * How its operations make up transactions. A scenario then expects that `history is
   * serializable`, `snapshot-isolation`, or another model of transactions. Without it, operations
   * named `begin`, `commit`, `rollback`, `read`, `get`, `write` and `put` mean what they say.
   */
  transactions?: Transactions;
  /** Whether a message is a refusal, such as a denied vote: panels draw it differently. */
  refuses?(message: { readonly type: string; readonly [field: string]: any }): boolean;
  /** Whether a message is a heartbeat: the Sequence panel folds it if it brings nothing about. */
  isHeartbeat?(message: { readonly type: string; readonly [field: string]: any }): boolean;
  /** The write that an event says was accepted or refused: panels show it below the locks. */
  admits?: Admits;
  /**
   * Field name → its unit of time, or `hexadecimal`, wherever it appears in messages, events, state
   * and `look`: it is shown as `2s` or `0x2a`. Those named like duration options have microseconds.
   */
  units?: Record<string, FieldUnit | 'none'>;
}

/**
 * A protocol whose invariants and derived events know its roles: what `defineProtocol` receives.
 * The types are inferred from `roles` and from each `remember`.
 */
export interface ProtocolOf<Roles, Memories, Derived>
  extends Omit<Protocol, 'roles' | 'invariants' | 'derivedEvents'> {
  roles: { [Name in keyof Roles]: Roles[Name] extends RoleTypes ? Role<Roles[Name]> : never };
  derivedEvents?: { [Name in keyof Derived]: DerivedEvent<Derived[Name], NoInfer<Roles>> };
  invariants: { [Name in keyof Memories]: Invariant<Memories[Name], NoInfer<Roles>> };
}
