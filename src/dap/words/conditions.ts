/** What is wrong with a condition that is being typed, wherever it is meant for. */
import type { ConditionProblem } from '../../explore/find/request.ts';

export function conditionText({ column, why }: ConditionProblem): string {
  return `Column ${column}: ${why}.`;
}
