/** The functions that declare a protocol. They return their argument; the compiler checks it. */
import type { Invariant, Operation, ParameterSpec, Protocol, Role, RoleTypes } from './types.ts';

/** Declares a protocol. A protocol file exports one. */
export function defineProtocol(protocol: Protocol): Protocol {
  return protocol;
}

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

/** Declares an invariant; the type of its memory is inferred from `remember`. */
export function invariant<Memory>(definition: Invariant<Memory>): Invariant<Memory> {
  return definition;
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
