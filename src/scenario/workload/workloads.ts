/** The workloads and the nemeses of a run: what they do next, and when they are over. */
import type { Action } from '../../kernel/action.ts';
import type { Effects } from '../../kernel/effects.ts';
import type { Pending } from '../../kernel/pending.ts';
import type { World } from '../../kernel/world.ts';
import type { Micros, OperationId } from '../../protocol/types.ts';
import { withinDefault } from '../commands/operation.ts';
import type { Scenario } from '../scenario.ts';
import type { Activity, ActivityNow, Due, Nemesis, Workload } from './activity.ts';
import { beginNemesis, dueOfNemesis, type NemesisCommand, noteNemesis } from './nemesis.ts';
import { workloadsOf } from './order.ts';
import {
  beginRepeat, dueOfRepeat, endOfRepeat, isWaiting, noteRepeat, repeatOf,
} from './repeat.ts';

/** The part of a scenario's progress that they keep. */
export interface Activities {
  activities: readonly Activity[];
}

/** The activities with the one that the step begins, if it begins one. */
export function withActivity(
  scenario: Scenario,
  world: World,
  { activities, index }: Activities & { readonly index: number },
  at: Micros,
): readonly Activity[] {
  const { type } = scenario.steps[index].command;
  if (type === 'repeat') return [...activities, beginRepeat(scenario, world, index, at)];
  if (type !== 'nemesis') return activities;
  return [...activities, beginNemesis(scenario, world, index, at)];
}

/** The first action of them all; the one that began first, if several are due at once. */
export function dueActivity(
  scenario: Scenario,
  world: World,
  { activities }: Activities,
): Due | undefined {
  let first: Due | undefined;
  for (const activity of activities) {
    const due =
      activity.type === 'repeat'
        ? dueOfRepeat(scenario, world, activity, invokedBy(activities) + 1)
        : dueOfNemesis(scenario, world, activity, endOfNemesis(scenario, activities, activity));
    if (due !== undefined && (first === undefined || due.at < first.at)) first = due;
  }
  return first;
}

function invokedBy(activities: readonly Activity[]): number {
  return activities.reduce((sum, one) => sum + (one.type === 'repeat' ? one.taken : 0), 0);
}

/** It ends after its time, or when the workloads that it accompanies invoke no more. */
function endOfNemesis(
  scenario: Scenario,
  activities: readonly Activity[],
  { index, began }: Nemesis,
): Micros {
  const { for: lasts } = scenario.steps[index].command as NemesisCommand;
  if (lasts !== undefined) return began + lasts;
  const ends = workloadsOf(scenario.steps, index).map((workload) => {
    const activity = activities.find((one) => one.index === workload);
    if (activity?.type !== 'repeat') return Infinity;
    return endOfRepeat(repeatOf(scenario, activity), activity);
  });
  return Math.max(...ends);
}

/** The workloads and nemeses that are not over. */
export function underWay(
  scenario: Scenario,
  { time }: World,
  { activities }: Activities,
): ActivityNow[] {
  return activities.flatMap((activity): ActivityNow[] => {
    const { type, index } = activity;
    if (type === 'nemesis') {
      const { undo, nextAt } = activity;
      const isOver = undo.length === 0 && endOfNemesis(scenario, activities, activity) <= time;
      return isOver ? [] : [{ type, index, undo, nextAt }];
    }
    const { clients, times } = repeatOf(scenario, activity);
    const waiting = activity.clients.filter(({ operation }) => operation !== '');
    const isOver = endOfRepeat(repeatOf(scenario, activity), activity) <= time;
    if (isOver && waiting.length === 0) return [];
    const bounded = times === undefined ? {} : { times };
    const invoked = activity.taken;
    const nodes = waiting.map(({ node }) => node);
    return [{ type, index, clients, invoked, ...bounded, waiting: nodes }];
  });
}

/** Notes an action. Returns the operations of workloads that it ended. */
export function noteActivities(
  scenario: Scenario,
  world: World,
  { activities }: Activities,
  action: Action | Pending,
  effects: Effects,
): readonly OperationId[] {
  if (activities.length === 0) return none;
  const ended: OperationId[] = [];
  for (const activity of activities) {
    if (activity.type === 'nemesis') noteNemesis(scenario, world, activity, action);
    else ended.push(...noteRepeat(scenario, world, activity, action, effects));
  }
  return ended;
}

const none: readonly OperationId[] = [];

export function workloadAt({ activities }: Activities, index: number): Workload | undefined {
  const found = activities.find((one) => one.index === index);
  return found?.type === 'repeat' ? found : undefined;
}

/** When the step of a workload is over, by time alone; and whether it has failed then. */
export function overAt(
  scenario: Scenario,
  workload: Workload,
): { readonly at: Micros; readonly failed: boolean } {
  const end = endOfRepeat(repeatOf(scenario, workload), workload);
  const { lastAt } = workload;
  if (end === Infinity) return { at: lastAt + withinDefault, failed: true };
  // An operation that is not answered by then has an unknown outcome.
  const at = isWaiting(workload) ? Math.max(end, lastAt) + withinDefault : Math.max(end, lastAt);
  return { at, failed: false };
}
