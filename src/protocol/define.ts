/**
 * The verbs with which a protocol file declares itself; each returns what it was given, checked by
 * the compiler.
 */
import type { Invariant, Operation, ParameterSpec, Protocol, Role, RoleTypes } from './types.ts';

export function defineProtocol(protocol: Protocol): Protocol {
  return protocol;
}

export function role<R extends RoleTypes>(definition: Role<R>): Role<R> {
  return definition;
}

/**
 * Curried, so that the role is named and the parameters are inferred: `operation<Client>()({ … })`.
 */
export function operation<R extends RoleTypes>() {
  return <const Parameters extends Record<string, ParameterSpec>>(
    definition: Operation<R, Parameters>,
  ): Operation<R, Parameters> => definition;
}

export function invariant<Memory>(definition: Invariant<Memory>): Invariant<Memory> {
  return definition;
}

/**
 * A value that never changes again, down to its leaves. The kernel shares it between moments
 * instead of copying it: worth saying of what a state holds by the thousand, such as log entries.
 */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key in value) frozen(value[key]);
  }
  return value;
}
