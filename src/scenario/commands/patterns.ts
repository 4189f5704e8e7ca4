/** Event patterns: whether a reported event matches one, and how a pattern is written. */
import type { Effects, EventRecord } from '../../kernel/effects.ts';
import type { World } from '../../kernel/world.ts';
import type { EvaluationFailure } from '../conditions/errors.ts';
import type { EventPattern } from '../scenario.ts';
import { scopeAt } from '../conditions/scope.ts';

/** True, false, or why the condition has no value. */
export function matchesEvent(
  pattern: EventPattern,
  record: EventRecord,
  world: World,
  effects: Effects,
): boolean | EvaluationFailure {
  if (!isAt(pattern, record)) return false;
  if (pattern.where === undefined) return true;
  return pattern.where.test(scopeAt(world).on(record, effects.message));
}

/** Whether the event has the name and the node of the pattern, whatever its fields are. */
export function isAt({ name, node }: EventPattern, record: EventRecord): boolean {
  return record.name === name && (node === undefined || record.node === node);
}

/** The index of the first event that matches and is not in `used`; −1 if there is none. */
export function findEvent(
  pattern: EventPattern,
  world: World,
  effects: Effects,
  used: readonly number[] = [],
): number {
  const { events } = effects;
  for (let i = 0; i < events.length; i++) {
    if (!used.includes(i) && matchesEvent(pattern, events[i], world, effects) === true) return i;
  }
  return -1;
}

/** `LeaderElected at n1 where event.term > 1` */
export function patternText(pattern: EventPattern): string {
  const at = pattern.node === undefined ? '' : ` at ${pattern.node}`;
  const where = pattern.where === undefined ? '' : ` where ${pattern.where.text}`;
  return `${pattern.name}${at}${where}`;
}
