/** Common shapes by name: request and response, broadcast, gather. */

import type { Lane, MessageRow } from '../lane.ts';
import { type Finding, findShape, type Found, placesMost } from './find.ts';
import type { NodeEvent } from './knowing.ts';
import type { Shape } from './shape.ts';

export const commonShapes = ['request', 'broadcast', 'gather'] as const;
export type CommonShape = (typeof commonShapes)[number];

export function findCommon(name: CommonShape, lane: Lane, into: Finding): Generator<void> {
  switch (name) {
    case 'request':
      return findShape(lane, requestShape, into);
    case 'broadcast':
      return findBroadcasts(lane, into);
    case 'gather':
      return findGathers(lane, into);
  }
}

/** A node sends to another, which answers in the step in which it receives. */
const requestShape: Shape = [
  { node: 0, reports: [], relations: [] },
  { node: 1, reports: [], relations: ['message'] },
  { node: 0, reports: [], relations: ['before', 'message'] },
];

/** So many others make a broadcast or a gather. */
const othersLeast = 2;

/** One step sends messages that two or more other nodes receive. */
function* findBroadcasts(lane: Lane, into: Finding): Generator<void> {
  const bySending = new Map<number, NodeEvent[]>();
  for (const { step, from, to, sentStep } of arrivals(lane)) {
    const known = bySending.get(sentStep);
    if (known === undefined) {
      bySending.set(sentStep, [{ step: sentStep, node: from }, { step, node: to }]);
    } else if (known.every(({ node }) => node !== to)) known.push({ step, node: to });
  }
  yield;
  const places = [...bySending.values()].filter((one) => one.length > othersLeast);
  take(places.sort(([one], [other]) => one!.step - other!.step), into);
}

/** A node receives the same message from two or more others, with nothing else in between. */
function* findGathers(lane: Lane, into: Finding): Generator<void> {
  const places: Found[] = [];
  const arrived = new Map<number, MessageRow>();
  for (const message of arrivals(lane)) arrived.set(message.step, message);
  yield;
  for (const steps of lane.stepsOf) {
    let senders = new Set<number>();
    let group: NodeEvent[] = [];
    let label = '';
    const close = () => {
      if (senders.size >= othersLeast) places.push(group);
      senders = new Set();
      group = [];
    };
    for (const step of steps) {
      const message = arrived.get(step);
      const goesOn = message && message.label === label && !senders.has(message.from);
      if (!goesOn) close();
      if (message === undefined) continue;
      label = message.label;
      senders.add(message.from);
      group.push({ step, node: message.to });
    }
    close();
    yield;
  }
  take(places.sort(([one], [other]) => one!.step - other!.step), into);
}

/** Messages that another node has received. */
function* arrivals(lane: Lane): Generator<MessageRow> {
  for (let row = 0; row < lane.messageCount; row++) {
    const message = lane.message(row);
    const { step, from, to } = message;
    if (from !== to && lane.nodes.at(step) === to) yield message;
  }
}

function take(places: readonly Found[], into: Finding): void {
  into.places.push(...places.slice(0, placesMost));
  into.left = Math.max(0, places.length - placesMost);
  into.share = 1;
}
