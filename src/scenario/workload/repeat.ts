/** The next operation of a `repeat`: which client invokes it, when, and with which arguments. */
import { draw, drawBetween, keyOf } from '../../kernel/keyed-draw.ts';
import type { Action } from '../../kernel/action.ts';
import type { Effects } from '../../kernel/effects.ts';
import type { Pending } from '../../kernel/pending.ts';
import type { World } from '../../kernel/world.ts';
import type { Micros, NodeId, OperationId } from '../../protocol/types.ts';
import type { Command, Scenario } from '../scenario.ts';
import { type Due, seedOf, type Workload, type WorkloadClient } from './activity.ts';

export type Repeat = Extract<Command, { type: 'repeat' }>;

export function repeatOf({ steps }: Scenario, { index }: Workload): Repeat {
  return steps[index].command as Repeat;
}

export function beginRepeat(
  scenario: Scenario,
  world: World,
  index: number,
  at: Micros,
): Workload {
  const { clients, every } = scenario.steps[index].command as Repeat;
  return {
    type: 'repeat', index, began: at, taken: 0, lastAt: at, gaveUp: -1,
    clients: clients.map((node) => {
      // Clients do not begin in step.
      const key = keyOf(seedOf(world), 'workload', String(index), node);
      return { node, nextAt: at + drawBetween(key, 0, 0, every[1]), operation: '', invokedAt: at };
    }),
  };
}

/** When it has invoked its last operation; Infinity as long as that is not known. */
export function endOfRepeat(repeat: Repeat, { taken, lastAt, began, gaveUp }: Workload): Micros {
  if (gaveUp >= 0) return gaveUp;
  if (repeat.times !== undefined && taken >= repeat.times) return lastAt;
  return repeat.for === undefined ? Infinity : began + repeat.for;
}

export function isWaiting({ clients }: Workload): boolean {
  return clients.some(({ operation }) => operation !== '');
}

/** `serial` numbers the operations of all workloads of the run, from 1 on. */
export function dueOfRepeat(
  scenario: Scenario,
  world: World,
  workload: Workload,
  serial: number,
): Due | undefined {
  const repeat = repeatOf(scenario, workload);
  if (endOfRepeat(repeat, workload) <= world.time) return undefined;
  if (repeat.times !== undefined && workload.taken >= repeat.times) return undefined;
  let first: { client: WorkloadClient; at: Micros } | undefined;
  for (const client of workload.clients) {
    const at = readyAt(repeat, client, world);
    if (at < (first?.at ?? endOfRepeat(repeat, workload))) first = { client, at };
  }
  if (first === undefined) return undefined;
  const { client: { node }, at } = first;
  return { at, action: () => invocation(scenario, world, workload, { node, at, serial }) };
}

function invocation(
  scenario: Scenario,
  world: World,
  workload: Workload,
  { node, at, serial }: { node: NodeId; at: Micros; serial: number },
): Action {
  const { templates } = repeatOf(scenario, workload);
  const { index, taken } = workload;
  const key = keyOf(seedOf(world), 'workload', String(index), 'operation', String(taken));
  let ordinal = 0;
  const choose = (bound: number) => draw(key, ordinal++) % bound;
  const { operation, argumentsFor } = templates[choose(templates.length)];
  const args = { ...argumentsFor(choose, serial) };
  return { type: 'invoke', at, node, operation, args, step: index };
}

/** When a client can invoke its next operation; Infinity while it waits or does not run. */
function readyAt({ within }: Repeat, client: WorkloadClient, world: World): Micros {
  const slot = world.node(client.node);
  if (slot === undefined || slot.status !== 'running') return Infinity;
  const { nextAt, operation, invokedAt } = client;
  if (operation === '') return Math.max(nextAt, world.time);
  return within === undefined ? Infinity : Math.max(nextAt, invokedAt + within, world.time);
}

/** Notes what an action was for the workload. Returns the operations that it ended. */
export function noteRepeat(
  scenario: Scenario,
  world: World,
  workload: Workload,
  action: Action | Pending,
  effects: Effects,
): OperationId[] {
  const ended: OperationId[] = [];
  const applied = action.type === 'postponed' ? action.action : action;
  if (applied.type === 'invoke' && applied.step === workload.index) {
    const client = workload.clients.find(({ node }) => node === applied.node);
    if (client !== undefined && action.type !== 'postponed') {
      noteInvoked(scenario, world, workload, client);
    }
    if (client !== undefined && effects.invoked) client.operation = effects.invoked.operation;
  }
  for (const client of workload.clients) {
    if (client.operation === '') continue;
    const hasEnded = effects.replies.some(({ operation }) => operation === client.operation);
    if (!hasEnded && !isLost(client, world)) continue;
    ended.push(client.operation);
    client.operation = '';
    workload.lastAt = world.time;
  }
  return ended;
}

function noteInvoked(
  scenario: Scenario,
  world: World,
  workload: Workload,
  client: WorkloadClient,
): void {
  const { every } = repeatOf(scenario, workload);
  workload.taken++;
  workload.lastAt = world.time;
  const key = keyOf(seedOf(world), 'workload', String(workload.index), client.node);
  client.nextAt = world.time + drawBetween(key, workload.taken, every[0], every[1]);
  client.invokedAt = world.time;
  client.operation = 'held';
}

/** A crash of the client loses its operation. */
function isLost({ node, operation }: WorkloadClient, world: World): boolean {
  const slot = world.node(node);
  if (slot?.up !== true) return true;
  return operation !== 'held' && !slot.operations.some(({ id }) => id === operation);
}
