/** How two executions of one action differ: in what it caused, or in what it left behind. */
import type { NodeId } from '../../protocol/types.ts';
import { changes } from '../data/changes.ts';
import { contentText, equal } from '../data/plain.ts';
import { differentFields, isCompared } from './digest.ts';
import type { EventMoment, MessageMoment, Moment, StepEffects } from '../seam/moment.ts';
import type { World } from '../world.ts';

export type Difference =
  /** The action was possible only one of the two times. */
  | { readonly type: 'possible'; readonly first: boolean }
  | EffectsDifference
  | StateDifference
  /** All states are the same, but not what the kernel keeps of a node, such as its random draws. */
  | { readonly type: 'node'; readonly node: NodeId; readonly fields: readonly string[] }
  /** What a monitor remembers of the run. */
  | { readonly type: 'memory'; readonly monitor: string };

/** What an action can cause, by kind, in the order in which a difference is worth reporting. */
export interface Caused {
  threw: NonNullable<StepEffects['failure']>;
  reported: EventMoment;
  sent: MessageMoment;
  replied: StepEffects['replies'][number];
  timers: StepEffects['timers'][number];
}

/** Of one kind of effect, those from the first that differs. */
export type EffectsDifference = {
  [Kind in keyof Caused]: {
    readonly type: 'effects';
    readonly kind: Kind;
    readonly first: readonly Caused[Kind][];
    readonly second: readonly Caused[Kind][];
  };
}[keyof Caused];

/** A field of a node's state; undefined if it does not exist. */
export interface StateDifference {
  readonly type: 'state';
  readonly node: NodeId;
  /** Field names and positions in lists, from the state. */
  readonly path: readonly string[];
  readonly first: unknown;
  readonly second: unknown;
}

type Kinds = { readonly [Kind in keyof Caused]: (effects: StepEffects) => readonly Caused[Kind][] };
const kinds: Kinds = {
  threw: ({ failure }) => (failure === null ? [] : [failure]),
  reported: ({ events }) => events,
  sent: ({ sent }) => sent,
  replied: ({ replies }) => replies,
  timers: ({ timers }) => timers,
};

/** Effects without call stacks, which differ between two variants of the same code. */
const comparable: { readonly [Kind in keyof Caused]: (effect: Caused[Kind]) => unknown } = {
  threw: ({ node, message }) => [node, message],
  reported: (event) => event,
  sent: ({ from, to, ordinal, copy, at, lost, body }) => [from, to, ordinal, copy, at, lost, body],
  replied: (reply) => reply,
  timers: (timer) => timer,
};

/** The first kind of effect that is not the same. */
export function effectsDifference(
  first: StepEffects,
  second: StepEffects,
): EffectsDifference | undefined {
  for (const kind of Object.keys(kinds) as (keyof Caused)[]) {
    const found = differenceIn(kind, first, second);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differenceIn<Kind extends keyof Caused>(
  kind: Kind,
  first: StepEffects,
  second: StepEffects,
) {
  const [once, again] = [kinds[kind](first), kinds[kind](second)];
  const most = Math.min(once.length, again.length);
  let from = 0;
  while (from < most && equal(comparable[kind](once[from]), comparable[kind](again[from]))) from++;
  if (from === once.length && from === again.length) return undefined;
  const found = { type: 'effects', kind, first: once.slice(from), second: again.slice(from) };
  return found as unknown as EffectsDifference;
}

/** The first field of a node's state that is not the same in two moments of the same nodes. */
export function stateDifference(first: Moment, second: Moment): StateDifference | undefined {
  for (const [index, { id, state }] of first.nodes.entries()) {
    const other = second.nodes[index]?.state;
    if (equal(state, other)) continue;
    const [{ path, before, after }] = changes(state, other, 1);
    return { type: 'state', node: id, path, first: before, second: after };
  }
  return undefined;
}

/** The first difference of two worlds that were the same before the last action. */
export function worldDifference(first: World, second: World): Difference | undefined {
  const ofState = stateDifference(first, second);
  if (ofState !== undefined) return ofState;
  for (const [index, slot] of first.nodes.entries()) {
    const fields = differentFields(slot, second.nodes[index]);
    if (fields.length > 0) return { type: 'node', node: slot.id, fields };
  }
  const memory = first.memories.findIndex(
    (own, index) =>
      isCompared(first.monitors[index]) && contentText(own) !== contentText(second.memories[index]),
  );
  return memory < 0 ? undefined : { type: 'memory', monitor: first.monitors[memory].name };
}
