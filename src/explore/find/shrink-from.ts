/**
 * Shrinks a run that begins at a moment of another one. What is left is still possible there, in
 * the same meaning of time, so that it can be taken as a branch.
 */
import { messageOf } from '../../kernel/network/in-flight.ts';
import type { Action } from '../../kernel/action.ts';
import { step } from '../../kernel/step.ts';
import { actionText } from '../../kernel/text/action-text.ts';
import type { World } from '../../kernel/world.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { noFaults } from '../budgets.ts';
import { choicesAt, type Setting } from '../choices.ts';
import { type Planned, Replay } from '../shrink/schedule.ts';
import { type Broken, promiseOf } from '../walks/broken.ts';
import type { Origin } from '../walks/walks.ts';
import type { FindProgress } from './progress.ts';

export interface LongRun {
  readonly broken: Broken;
  readonly actions: readonly Action[];
  readonly isAtEnd: boolean;
}

/** So many actions are taken at most to shrink a run. */
const takenMost = 300_000;

const faultTypes: ReadonlySet<Action['type']> = new Set([
  'crash', 'restart', 'drop', 'duplicate', 'partition', 'heal',
]);

export function* shrinkingFrom(
  scenario: Scenario,
  from: Origin,
  setting: Pick<Setting, 'time'>,
  run: LongRun,
): Generator<FindProgress, LongRun> {
  const { broken, isAtEnd } = run;
  const isPossible = possibleIn({ ...setting, faults: noFaults, scenario });
  const promise = promiseOf(broken.subject);
  const replay = new Replay(scenario, scenario.setup, promise, isAtEnd, {}, {
    from, isPossible,
  });
  const first = replay.run(planned(from.world, run.actions));
  if (first === undefined) return run;
  let best = first;
  let taken = 0;
  const tryTo = (candidate: readonly Planned[]): boolean => {
    taken += candidate.length;
    const replayed = replay.run(candidate);
    if (replayed === undefined || replayed.actions.length >= best.actions.length) return false;
    best = replayed;
    return true;
  };
  // Zeller and Hildebrandt's ddmin (TSE 2002), with chunks from the end; then one by one.
  let size = Math.max(1, best.actions.length >> 1);
  while (taken < takenMost) {
    let saved = false;
    for (let end = best.actions.length; end > 0 && taken < takenMost; end -= size) {
      end = Math.min(end, best.actions.length);
      const { actions } = best;
      if (tryTo([...actions.slice(0, Math.max(0, end - size)), ...actions.slice(end)])) {
        saved = true;
      }
      yield { phase: 'shrinking', actions: best.actions.length };
    }
    if (size > 1) size >>= 1;
    else if (!saved) break;
  }
  const actions = best.actions.map(({ action }) => action);
  return { broken: best.broken, actions, isAtEnd };
}

/** The actions with the messages that they are about. */
function planned(origin: World, actions: readonly Action[]): Planned[] {
  const world = origin.fork();
  return actions.map((action) => {
    const message = 'ordinal' in action ? messageOf(world, action) : undefined;
    const one = { action, ...(message && { body: message.body }) };
    step(world, action);
    return one;
  });
}

/** Whether an action may be taken by the rules of a search. Its faults were in the budget. */
function possibleIn(setting: Setting): (world: World, action: Action) => boolean {
  return (world, action) => {
    if (faultTypes.has(action.type) && action.step === undefined) return true;
    const text = actionText(action);
    return choicesAt(world, setting.faults, setting).some(({ actions: [first] }) => {
      return first.at <= Math.max(action.at, world.time) && actionText(first) === text;
    });
  };
}
