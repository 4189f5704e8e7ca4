/** How two executions of one action differ: on other code, or because code keeps hidden state. */
import { changes } from '../kernel/data/changes.ts';
import { equal } from '../kernel/data/plain.ts';
import type { Moment, StepEffects } from '../kernel/seam/moment.ts';

/** What the handler threw, reported, sent or replied, and the timers that it set. */
export type EffectKind = 'threw' | 'reported' | 'sent' | 'replied' | 'set';

/** One effect: what it is about, and its data if it has any. */
export interface NamedEffect {
  readonly name: string;
  readonly data?: unknown;
}

export interface EffectsDiffer {
  readonly type: 'effects differ';
  readonly kind: EffectKind;
  /** The effects of this kind, from the first that differs on. */
  readonly before: readonly NamedEffect[];
  readonly now: readonly NamedEffect[];
}

/** The first field of a state that differs. */
export interface StateDiffers {
  readonly type: 'state differs';
  readonly node: string;
  /** The keys from the state: `['log', '3', 'term']`. */
  readonly path: readonly string[];
  /** Undefined if the field did not exist. */
  readonly before: unknown;
  readonly now: unknown;
}

const kinds: readonly [EffectKind, (effects: StepEffects) => readonly NamedEffect[]][] = [
  ['threw', ({ failure }) => (failure ? [{ name: failure.message }] : [])],
  ['reported', ({ events }) => events.map(({ name, fields }) => ({ name, data: fields }))],
  [
    'sent',
    ({ sent }) =>
      sent.map(({ to, body: { type, ...fields } }) => ({ name: `${type} to ${to}`, data: fields })),
  ],
  [
    'replied',
    ({ replies }) => replies.map(({ operation, result }) => ({ name: operation, data: result })),
  ],
  [
    'set',
    ({ timers }) =>
      timers.map(({ timer, key, at }) => {
        return { name: `timer ${timer}${key === '' ? '' : `[${key}]`}`, data: { at } };
      }),
  ],
];

/** The first kind of effects that differs; undefined if all are the same. */
export function effectsDifference(
  before: StepEffects,
  now: StepEffects,
): EffectsDiffer | undefined {
  for (const [kind, list] of kinds) {
    const [once, again] = [list(before), list(now)];
    if (equal(once, again)) continue;
    const from = Math.max(0, once.findIndex((one, index) => !equal(one, again[index])));
    return { type: 'effects differ', kind, before: once.slice(from), now: again.slice(from) };
  }
  return undefined;
}

/** The first field of a node's state that differs. */
export function stateDifference(before: Moment, now: Moment): StateDiffers | undefined {
  for (const [index, { id, state }] of before.nodes.entries()) {
    const again = now.nodes[index]?.state;
    if (equal(state, again)) continue;
    const [{ path, before: was, after }] = changes(state, again, 1);
    return { type: 'state differs', node: id, path, before: was, now: after };
  }
  return undefined;
}
