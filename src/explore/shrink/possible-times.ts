/**
 * Whether the actions of a schedule could have happened at some times, one after the other: each
 * message arrives within the latency of its link, and each timer fires within its window. What does
 * not happen in it is not asked when it should have.
 */
import type { Action } from '../../kernel/action.ts';
import { messageOf } from '../../kernel/network/in-flight.ts';
import type { Setup } from '../../kernel/plan.ts';
import { start, step } from '../../kernel/step.ts';
import type { Micros } from '../../protocol/types.ts';
import { firedBy } from './bounds.ts';
import type { Planned } from './schedule.ts';

/** An action comes so long after another one, or after the start, which is −1. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly least: Micros;
  readonly most: Micros;
}

/** With other faults, what is in flight or set may take as long as they last. */
const judged: ReadonlySet<Action['type']> = new Set([
  'deliver', 'fire', 'invoke', 'crash', 'restart', 'drop', 'duplicate',
]);

export function hasTimes(
  setup: Setup,
  { latency }: Setup['network'],
  actions: readonly Planned[],
): boolean {
  if (!actions.every(({ action: { type } }) => judged.has(type))) return true;
  const gaps = gapsIn(setup, latency, actions);
  if (actions.some(({ action }) => action.at > 0)) {
    const at = (index: number) => (index < 0 ? 0 : actions[index].action.at);
    return gaps.every(({ from, to, least, most }) => {
      const gap = at(to) - at(from);
      return gap >= least && gap <= most;
    });
  }
  return areConsistent(gaps, actions.length);
}

function gapsIn(
  setup: Setup,
  [least, most]: readonly [Micros, Micros],
  actions: readonly Planned[],
): Gap[] {
  const world = start(setup, []);
  const first = world.step + 1;
  const gaps: Gap[] = [];
  for (const [to, { action }] of actions.entries()) {
    const since = (cause: number) => Math.max(-1, cause - first);
    if (action.type === 'deliver') {
      const message = messageOf(world, action);
      if (message !== undefined && message.copy === 0 && message.from !== message.to) {
        gaps.push({ from: since(message.cause), to, least, most });
      }
    } else if (action.type === 'fire') {
      const fired = firedBy(world, action);
      if (fired !== undefined) {
        const { cause, earliest, latest, setAt } = fired.timer;
        gaps.push({ from: since(cause), to, least: earliest - setAt, most: latest - setAt });
      }
    }
    step(world, action);
  }
  return gaps;
}

/** Bellman and Ford: puts times off until none changes; if one always does, there are none. */
function areConsistent(gaps: readonly Gap[], length: number): boolean {
  // The start is at place 0.
  const earliest = new Float64Array(length + 1);
  for (let round = 0; round <= length + 1; round++) {
    let hasChanged = false;
    const put = (place: number, time: Micros) => {
      if (time <= earliest[place]) return;
      earliest[place] = time;
      hasChanged = true;
    };
    for (const { from, to, least, most } of gaps) {
      put(to + 1, earliest[from + 1] + least);
      put(from + 1, earliest[to + 1] - most);
    }
    for (let place = 1; place <= length; place++) put(place, earliest[place - 1]);
    if (!hasChanged) return true;
    if (earliest[0] > 0) return false;
  }
  return false;
}
