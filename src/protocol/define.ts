/** The functions that declare a protocol. They return their argument; the compiler checks it. */
import type {
  AnyRoles, DerivedEvent, Invariant, Operation, Protocol, ProtocolOf, Role, RoleTypes,
} from './types.ts';
import type { ParameterSpec } from './values.ts';

/**
 * Declares a protocol. A protocol file exports one. Invariants and derived events that are written
 * inside it know the states, messages and events of its roles.
 */
export function defineProtocol<Roles, Memories, Derived>(
  protocol: ProtocolOf<Roles, Memories, Derived>,
): Protocol {
  const declared = protocol as Protocol;
  if (declared.connections === undefined) return declared;
  return { ...declared, events: { ...declared.events, ...connectionEvents } };
}

/** What the kernel reports of connections: the events of each protocol that has some. */
const connectionEvents = {
  ConnectionOpened: 'A connection is open at this node.',
  ConnectionEnded: 'A connection ended at this node: closed, reset, timed out or refused.',
};

/** Declares a role, the program that a node runs: `role<Server>({ … })`. */
export function role<R extends RoleTypes>(definition: Role<R>): Role<R> {
  return definition;
}

/**
 * Declares a client operation of a role: `operation<Client>()({ … })`. The empty call names the
 * role, so that the compiler can infer the types of the arguments from `parameters`.
 */
export function operation<R extends RoleTypes>() {
  return <const Parameters extends Record<string, ParameterSpec>>(
    definition: Operation<R, Parameters>,
  ): Operation<R, Parameters> => definition;
}

/**
 * Declares an invariant outside `defineProtocol`: `invariant<Roles>()({ … })`, where
 * `interface Roles { server: Server }` names the types of each role. The type of its memory is
 * inferred from `remember`. `invariant({ … })` knows no roles: it must test what it reads.
 */
export function invariant<Roles>(): <Memory>(definition: Invariant<Memory, Roles>) => Invariant;
export function invariant<Memory>(definition: Invariant<Memory, AnyRoles>): Invariant;
export function invariant(definition?: Invariant): unknown {
  return definition ?? ((one: Invariant) => one);
}

/** Declares a derived event outside `defineProtocol`: `derivedEvent<Roles>()({ … })`. */
export function derivedEvent<Roles>() {
  return <Memory>(definition: DerivedEvent<Memory, Roles>): DerivedEvent => definition;
}

/**
 * Freezes a value at every depth and returns it. The kernel shares frozen values between steps
 * instead of copying them, so freeze what a state holds by the thousand, such as log entries.
 */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key in value) frozen(value[key]);
  }
  return value;
}
