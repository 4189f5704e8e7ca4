/** The next action of a nemesis: it begins a fault, ends it, begins the next one. */
import type { Action } from '../../kernel/action.ts';
import { draw, drawBetween, keyOf } from '../../kernel/keyed-draw.ts';
import type { Pending } from '../../kernel/pending.ts';
import type { Slot, World } from '../../kernel/world.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import type { Command, NemesisFault, Scenario } from '../scenario.ts';
import { type Due, type Nemesis, seedOf, type Undo } from './activity.ts';

export type NemesisCommand = Extract<Command, { type: 'nemesis' }>;

function commandOf({ steps }: Scenario, index: number): NemesisCommand {
  return steps[index].command as NemesisCommand;
}

export function beginNemesis(
  scenario: Scenario,
  world: World,
  index: number,
  at: Micros,
): Nemesis {
  const nextAt = at + interval(scenario, world, index, 0);
  return { type: 'nemesis', index, began: at, taken: 0, nextAt, undo: [] };
}

function interval(scenario: Scenario, world: World, index: number, taken: number): Micros {
  const key = keyOf(seedOf(world), 'nemesis', String(index), 'interval');
  return drawBetween(key, taken, ...commandOf(scenario, index).every);
}

/** `end` is when it must have restored everything; Infinity as long as that is not known. */
export function dueOfNemesis(
  scenario: Scenario,
  world: World,
  nemesis: Nemesis,
  end: Micros,
): Due | undefined {
  const at = Math.max(world.time, Math.min(nemesis.nextAt, end));
  const undo = nemesis.undo.find((one) => isNeeded(one, world));
  const { index: step } = nemesis;
  if (undo !== undefined) return { at, action: () => ({ ...undo, at, step }) };
  if (at >= end) return undefined;
  const targets = targetsOf(scenario, world, step);
  const running = targets.filter(({ status }) => status === 'running');
  const possible = commandOf(scenario, step).faults.filter((fault) =>
    fault === 'partition' ? targets.length > 1 : running.length > 0,
  );
  if (possible.length === 0) return undefined;
  return {
    at,
    action: () => ({ ...faultOf(world, nemesis, { possible, targets, running }, at), step }),
  };
}

/** Whether the fault is still there: the scenario may have ended it. */
function isNeeded(undo: Undo, world: World): boolean {
  switch (undo.type) {
    case 'restart':
      return world.node(undo.node)?.status === 'crashed';
    case 'resume':
      return world.node(undo.node)?.status === 'paused';
    case 'heal':
    case 'skew':
      return true;
  }
}

/** What a nemesis can do now. */
interface Choice {
  readonly possible: readonly NemesisFault[];
  readonly targets: readonly Slot[];
  readonly running: readonly Slot[];
}

function faultOf(
  world: World,
  { index, taken }: Nemesis,
  { possible, targets, running }: Choice,
  at: Micros,
): Action {
  const key = keyOf(seedOf(world), 'nemesis', String(index), String(taken));
  let ordinal = 0;
  const choose = (bound: number) => draw(key, ordinal++) % bound;
  const fault = possible[choose(possible.length)];
  if (fault === 'partition') return { type: 'partition', at, groups: split(targets, choose) };
  return faultOn(fault, running[choose(running.length)].id, at, choose);
}

/** A jump of up to a second, forwards or backwards. */
const jumpMax: Micros = 1_000_000;

function faultOn(
  fault: Exclude<NemesisFault, 'partition'>,
  node: NodeId,
  at: Micros,
  choose: (bound: number) => number,
): Action {
  if (fault !== 'clock') return { type: fault, at, node };
  const size = 1 + choose(jumpMax);
  return { type: 'skew', at, node, jump: choose(2) === 0 ? size : -size };
}

/** The nodes that it affects; by default, those that are not clients of a workload. */
function targetsOf(scenario: Scenario, world: World, index: number): readonly Slot[] {
  const { on } = commandOf(scenario, index);
  if (on !== undefined) return world.nodes.filter(({ id }) => on.includes(id));
  const clients = new Set(
    scenario.steps.flatMap(({ command }) => (command.type === 'repeat' ? command.clients : [])),
  );
  const others = world.nodes.filter(({ id }) => !clients.has(id));
  // A protocol whose servers run the operations themselves has no others.
  return others.length > 0 ? others : world.nodes;
}

/** Two groups of any size, drawn from the seed. */
function split(targets: readonly Slot[], choose: (bound: number) => number): NodeId[][] {
  const rest = targets.map(({ id }) => id);
  const size = 1 + choose(rest.length - 1);
  const group = Array.from({ length: size }, () => rest.splice(choose(rest.length), 1)[0]);
  return [group, rest];
}

/** Notes an action of the nemesis. */
export function noteNemesis(
  scenario: Scenario,
  world: World,
  nemesis: Nemesis,
  action: Action | Pending,
): void {
  if (!('step' in action) || action.step !== nemesis.index) return;
  const ended = nemesis.undo.findIndex((one) => isSame(one, action as Action));
  nemesis.undo = ended < 0 ? undoOf(action as Action) : nemesis.undo.slice(ended + 1);
  nemesis.taken++;
  // What ends a partition comes in two actions at once.
  const isBetween = ended >= 0 && nemesis.undo.length > 0;
  const { index, taken } = nemesis;
  nemesis.nextAt = world.time + (isBetween ? 0 : interval(scenario, world, index, taken));
}

function isSame(undo: Undo, action: Action): boolean {
  if (undo.type === 'heal') {
    return action.type === 'heal' && action.from?.join() === undo.from.join();
  }
  return undo.type === action.type && 'node' in action && undo.node === action.node;
}

function undoOf(action: Action): Undo[] {
  switch (action.type) {
    case 'crash':
      return [{ type: 'restart', at: 0, node: action.node }];
    case 'pause':
      return [{ type: 'resume', at: 0, node: action.node }];
    case 'skew':
      return [{ type: 'skew', at: 0, node: action.node, jump: -(action.jump ?? 0) }];
    case 'partition': {
      const [one, other] = action.groups;
      return [
        { type: 'heal', at: 0, from: one, to: other },
        { type: 'heal', at: 0, from: other, to: one },
      ];
    }
    default:
      return [];
  }
}
