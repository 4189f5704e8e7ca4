/** What a handler asked of its node and cannot have: each of these throws at the handler's line. */
import { shown } from '../data/shown.ts';
import type { Cast, Plan } from '../plan.ts';

export function refuseChange(name: string): never {
  const instead =
    name === 'state' ? 'changed in place: write node.state.field = …' : 'given: it stays as it is';
  throw new Error(`node.${name} is ${instead}`);
}

/** A message that cannot be sent: to nobody, without a type, or of a type that nobody handles. */
export function refuseMessage(plan: Plan, from: string, to: unknown, message: unknown): never {
  const { type } = (message ?? {}) as { type?: unknown };
  const receiver = plan.cast[plan.indexOf.get(to as string) ?? -1] as Cast | undefined;
  const isMessage = typeof message === 'object' && message !== null && typeof type === 'string';
  if (!isMessage) {
    const example = Object.keys(receiver?.messages ?? {})[0] ?? 'Hello';
    const write = `write node.send(to, { type: '${example}', … })`;
    if (typeof message !== 'object' || message === null) {
      throw new Error(`${from} sends ${shown(message, 60)}, which is no message: ${write}`);
    }
    const what = type === undefined ? 'has no type' : `has the type ${shown(type, 60)}`;
    throw new Error(`${from} sends ${shown(message, 60)}, which ${what}: ${write}`);
  }
  if (receiver === undefined) {
    const nodes = plan.cast.map((cast) => cast.id).join(', ');
    throw new Error(`${from} sends ${type} to ${shown(to, 60)}, but the nodes are ${nodes}`);
  }
  const types = Object.keys(receiver.messages).join(', ') || 'no message';
  const why = `role ${receiver.roleName} has no handler for ${type}; it handles ${types}`;
  throw new Error(`${from} sends ${type} to ${receiver.id}, but ${why}`);
}

export function refuseEvent(declared: Iterable<string>, name: unknown): never {
  const events = [...declared].join(', ') || 'none';
  const what = typeof name === 'string' ? name : shown(name, 60);
  throw new Error(`the protocol declares no event ${what} in its \`events\`; it has ${events}`);
}

export function refuseFields(name: string, fields: unknown): never {
  const write = `write node.event('${name}', { field: value })`;
  throw new Error(`the fields of the event ${name} are ${shown(fields, 60)}: ${write}`);
}

export function refuseTimer({ roleName, timerNames }: Cast, name: unknown): never {
  const names = timerNames.join(', ') || 'none';
  throw new Error(`role ${roleName} has no timer ${shown(name, 60)}; it has ${names}`);
}

export function refuseKey(name: string, key: unknown): never {
  const write = `write a text, such as String(${shown(key, 20)})`;
  throw new Error(`the key of timer ${name} is ${shown(key, 60)}: ${write}`);
}

/** A duration that is none, or a range that is none. */
export function refuseDuration(name: string, after: unknown): never {
  const write = 'write microseconds, such as milliseconds(50), or a range [shortest, longest]';
  const is = `timer ${name} cannot be set to ${shown(after, 60)}`;
  if (Array.isArray(after) && after.length === 2 && after[0] > after[1]) {
    throw new Error(`${is}: the range ends before it begins: write [${after[1]}, ${after[0]}]`);
  }
  throw new Error(`${is}: ${write}`);
}

export function refuseBound(bound: unknown): never {
  const range = 'it is a whole number from 1 on, and the answer lies below it';
  throw new Error(`node.random(${shown(bound, 60)}): ${range}`);
}

export function refuseOperation(word: string, operation: unknown): never {
  const given = 'the operation is the third thing that `run` is given';
  throw new Error(`node.${word}(${shown(operation, 60)}, …) answers no operation: ${given}`);
}
