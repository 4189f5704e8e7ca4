/** Why a breakpoint was hit: which node, message, event or value it was. */
import type { NodeId } from '../../protocol/types.ts';
import type { HandlerMoment, Moment } from '../../kernel/seam/moment.ts';
import type { Effects } from '../../kernel/effects.ts';
import { dataText } from '../../kernel/text/data-text.ts';
import { eventDetails, messageDetails } from '../../kernel/text/message-text.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { HitReason, PropertyKind } from '../stop.ts';

type Wording = Pick<Moment, 'wording'>;

/** A handler that is about to run on a node. */
export function handlerReason(
  { wording }: Wording,
  { name, message }: HandlerMoment,
  node: NodeId,
): HitReason {
  if (message === undefined) return { type: 'handler', name, node };
  const received = { from: message.from, details: messageDetails(message, wording) };
  return { type: 'handler', name, node, received };
}

export function eventReason(
  { wording }: Wording,
  event: Effects['events'][number],
  doc: string,
): HitReason {
  const { name, node } = event;
  return { type: 'event', name, node, details: eventDetails(event, wording), doc };
}

/** A part of a state that has changed from one value to another. */
export function dataReason(
  { wording: { units } }: Wording,
  node: NodeId,
  path: readonly string[],
  [from, to]: readonly [unknown, unknown],
): HitReason {
  const unit = units[path.at(-1) ?? ''];
  const text = (value: unknown) =>
    value === undefined ? undefined : dataText(value, units, 60, unit);
  return { type: 'data', node, path, from: text(from), to: text(to) };
}

/** What the monitor of this name watches. */
export function propertyKind({ protocol, expect }: Scenario, name: string): PropertyKind {
  const { invariants, derivedEvents = {} } = protocol;
  if (Object.hasOwn(invariants, name)) return 'invariant';
  if (Object.hasOwn(derivedEvents, name)) return 'derived event';
  return expect.some(({ text }) => text === name) ? 'expectation' : 'scenario step';
}
