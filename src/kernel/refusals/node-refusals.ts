/** Finds out what exactly is wrong with what a handler passed to its node, and throws that. */
import { shown } from '../data/shown.ts';
import type { Cast, Plan } from '../plan.ts';
import { refuse } from './refused.ts';

/** A message without a receiver, without a type, or of a type that its receiver does not handle. */
export function refuseMessage(plan: Plan, from: string, to: unknown, message: unknown): never {
  const receiver = plan.cast[plan.indexOf.get(to as string) ?? -1] as Cast | undefined;
  const example = Object.keys(receiver?.messages ?? {})[0] ?? 'Hello';
  const found = shown(message, 60);
  if (typeof message !== 'object' || message === null) {
    refuse({ type: 'not a message', from, found, example });
  }
  const { type } = message as { type?: unknown };
  if (typeof type !== 'string') {
    const typeFound = type === undefined ? undefined : shown(type, 60);
    refuse({ type: 'message type', from, found, typeFound, example });
  }
  if (receiver === undefined) {
    const nodes = plan.cast.map(({ id }) => id);
    refuse({ type: 'unknown receiver', from, message: type, found: shown(to, 60), nodes });
  }
  const { id, roleName: role, messages } = receiver;
  const handled = Object.keys(messages);
  refuse({ type: 'unhandled message', from, message: type, to: id, role, handled });
}

export function refuseEvent(declared: Iterable<string>, name: unknown): never {
  const found = typeof name === 'string' ? name : shown(name, 60);
  refuse({ type: 'undeclared event', found, declared: [...declared] });
}

export function refuseFields(event: string, fields: unknown): never {
  refuse({ type: 'event fields', event, found: shown(fields, 60) });
}

export function refuseTimer({ roleName, timerNames }: Cast, name: unknown): never {
  const found = shown(name, 60);
  refuse({ type: 'unknown timer', role: roleName, found, timers: timerNames });
}

export function refuseKey(timer: string, key: unknown): never {
  refuse({ type: 'timer key', timer, found: shown(key, 60) });
}

/** An invalid duration, or an invalid range of durations. */
export function refuseDuration(timer: string, after: unknown): never {
  if (Array.isArray(after) && after.length === 2) {
    const [shortest, longest] = after as unknown[];
    if (typeof shortest === 'number' && typeof longest === 'number' && shortest > longest) {
      refuse({ type: 'timer range', timer, shortest, longest });
    }
  }
  refuse({ type: 'timer duration', timer, found: shown(after, 60) });
}

export function refuseBound(bound: unknown): never {
  refuse({ type: 'random bound', found: shown(bound, 60) });
}

/** A connection to something that is not a node, or whose role accepts none from this one. */
export function refuseConnection(plan: Plan, from: string, to: unknown): never {
  const sender = plan.cast[plan.indexOf.get(from)!];
  const receiver = plan.cast[plan.indexOf.get(to as string) ?? -1] as Cast | undefined;
  if (receiver === undefined) {
    const nodes = plan.cast.map(({ id }) => id);
    refuse({ type: 'unknown receiver', from, message: 'a SYN', found: shown(to, 60), nodes });
  }
  const roles = [sender.roleName, receiver.roleName] as const;
  refuse({ type: 'no connection', from, to: receiver.id, roles });
}

export function refuseSocket(found: unknown): never {
  refuse({ type: 'socket options', found: shown(found, 60) });
}

export function refuseOperation(verb: 'reply' | 'fail', operation: unknown): never {
  refuse({ type: 'unknown operation', verb, found: shown(operation, 60) });
}
