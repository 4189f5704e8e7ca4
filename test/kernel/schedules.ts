/** Random schedules for property tests: the cluster's own actions, mixed with every fault. */
import fc from 'fast-check';
import type { Action } from '../../src/kernel/action.ts';
import { Effects } from '../../src/kernel/effects.ts';
import type { Pending } from '../../src/kernel/pending.ts';
import { Run } from '../../src/kernel/run.ts';
import type { Setup } from '../../src/kernel/plan.ts';
import { start } from '../../src/kernel/step.ts';
import { parseAction } from '../../src/kernel/text/action-text.ts';
import type { World } from '../../src/kernel/world.ts';
import { leaseSetup } from './lease.ts';

/** How many random runs each property is tested with. */
export const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 200);

export const commands = [
  'A lease {}',
  'B lease {}',
  'A lease {"tag":"poison"}',
  'crash server',
  'restart server',
  'crash A',
  'restart A',
  'pause server for 30ms',
  'pause B',
  'resume B',
  'partition server | A B',
  'partition A | B server for 20ms',
  'cut A -> server',
  'heal',
  'heal A -> server',
  'clock server jump -7ms',
  'clock server drift +200ppm',
  'clock A drift -1000ppm',
  'clock B offset +5ms',
  'network loss=20%',
  'network loss=0% duplicate=30% on A -> *',
  'network reorder=true latency=1ms..40ms',
  'network delay=10ms on server -> *',
  'add C: worker',
  'add D: worker',
  'add E: server',
  'C lease {}',
  'crash C',
  'restart C',
  'pause C for 20ms',
  'cut server -> C D',
  'network latency=2ms..3ms on C -> *',
];

/** The choices for a run: mostly what comes next, sometimes a command. */
export const choices = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<string>('next') },
    { weight: 2, arbitrary: fc.constantFrom(...commands) },
    { weight: 1, arbitrary: fc.constantFrom('drop', 'duplicate', 'delay', 'overtake') },
  ),
  { maxLength: 120 },
);

export interface Played {
  world: World;
  run: Run;
  /** A fork of the world after each number of actions. */
  moments: World[];
}

export function play(picked: readonly string[], setup: Setup = leaseSetup()): Played {
  const world = start(setup);
  const run = new Run(world);
  const moments = [world.fork()];
  const effects = new Effects();
  for (const pick of picked) {
    const action = choose(world, pick);
    if (action && run.take(world, action, effects)) moments.push(world.fork());
  }
  return { world, run, moments };
}

export function choose(world: World, pick: string): Action | Pending | undefined {
  if (pick === 'next') return world.next();
  const parsed = parseAction(pick);
  if (parsed) return { ...parsed, at: world.time };
  const flying = world.queue.items.filter((one) => one.type === 'deliver');
  const last = flying[flying.length - 1];
  if (!last || last.type !== 'deliver') return undefined;
  const { from, to, ordinal, copy } = last;
  const name = { at: world.time, from, to, ordinal, copy };
  if (pick === 'delay') return { type: 'delay', by: 3_000, ...name };
  if (pick === 'overtake') return { type: 'deliver', ...name };
  return pick === 'drop' ? { type: 'drop', ...name } : { type: 'duplicate', ...name };
}
