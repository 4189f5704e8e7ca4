/** Why a run went on after the last step of its scenario. */
import type { World } from '../kernel/world.ts';
import type { Micros, NodeId, OperationId } from '../protocol/types.ts';
import { progressAt } from './driver.ts';
import type { Scenario } from './scenario.ts';
import type { Count } from './stall.ts';

/** Plain data, for the report of a run. */
export interface Aftermath {
  /** How long the run went on. */
  readonly for: Micros;
  /** The `settle` of the scenario, if it ended the run: the next action would be later. */
  readonly settle?: Micros;
  /** The timers that fired, most often first; those in the background keep no run going. */
  readonly timers: readonly Count[];
  /** The operations that were still not answered at the end. */
  readonly open: readonly { operation: OperationId; node: NodeId; name: string }[];
}

/** Undefined if messages alone kept the run going, or if the scenario has an `until`. */
export function aftermath(scenario: Scenario, world: World): Aftermath | undefined {
  const { steps, until, settle } = scenario;
  const { index, began, after, quiescent, stall } = progressAt(scenario, world, false);
  const lasted = world.time - began;
  const isOver = index === steps.length && stall.found === null;
  if (steps.length === 0 || until !== undefined || !isOver || lasted <= 0) return undefined;
  const open = world.nodes.flatMap(({ id: node, operations }) =>
    operations.map(({ id, name }) => ({ operation: id, node, name })),
  );
  if (after.length === 0 && open.length === 0) return undefined;
  const timers = [...after].sort((a, b) => b.times - a.times);
  const isCut = !quiescent && world.next() !== undefined;
  return { for: lasted, ...(isCut && { settle }), timers, open };
}
