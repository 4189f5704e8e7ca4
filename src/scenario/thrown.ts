/** `expect: throws …`: which errors of handlers a scenario expects. */
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { NodeId } from '../protocol/types.ts';
import type { EvaluationFailure } from './conditions/errors.ts';
import type { Expression } from './conditions/condition.ts';
import { scopeAt } from './conditions/scope.ts';

/** An error of a handler: a part of its message, its node, and a condition when it is thrown. */
export interface ThrowPattern {
  readonly message?: string;
  readonly node?: NodeId;
  readonly where?: Expression;
}

/** Whether the last step threw such an error, or why the condition has no value. */
export function matchesThrow(
  { message, node, where }: ThrowPattern,
  world: World,
  effects: Effects,
): boolean | EvaluationFailure {
  const { failure } = effects;
  if (failure === null) return false;
  if (message !== undefined && !failure.message.includes(message)) return false;
  if (node !== undefined && node !== failure.node) return false;
  return where === undefined || where.test(scopeAt(world).on(null, effects.message, failure.node));
}
