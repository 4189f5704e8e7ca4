/** Shapes of events: the places of a run in which some events are to each other as those picked. */

import { describe, expect, test } from 'vitest';
import type { LaneView } from '../../../src/view/spacetime/spacetime-view.ts';
import { outcomes, stepKinds } from '../../../src/view/spacetime/spacetime-view.ts';
import { Lane } from '../../../webview/spacetime/lane.ts';
import { type CommonShape, findCommon } from '../../../webview/spacetime/shapes/named-shapes.ts';
import { type Finding, findShape } from '../../../webview/spacetime/shapes/find.ts';
import type { NodeEvent } from '../../../webview/spacetime/shapes/knowing.ts';
import { shapeOf } from '../../../webview/spacetime/shapes/shape.ts';
import { ShapeSearch } from '../../../webview/spacetime/shapes/shape-search.ts';
import { manyMessages } from './many.ts';

/** A step of a node: `a timer`, or `b Ask of 1`, the arrival of a message that step 1 sent. */
type Line = string;

const roles: Record<string, string> = { a: 'server', b: 'server', c: 'server', d: 'client' };
const ids = Object.keys(roles);

/** Step 0 is the boot. `!` after a step reports an event; `x` after a message says it was lost. */
function laneOf(lines: readonly Line[]): Lane {
  const view: LaneView = {
    key: 'x', branch: 0, title: '', length: lines.length, cursor: 0,
    nodes: ids.map((id) => ({ id, role: roles[id]! })), boots: ids.map(() => true),
  };
  const texts: string[] = ['start'];
  const label = (text: string) => {
    if (!texts.includes(text)) texts.push(text);
    return texts.indexOf(text);
  };
  const nodes = [-1];
  const kinds = [stepKinds.indexOf('start')];
  const labels = [0];
  const messages: number[] = [];
  const events: number[] = [];
  lines.forEach((line, index) => {
    const step = index + 1;
    const [id, name, of, sent, lost] = line.replace('!', '').trim().split(' ');
    const node = ids.indexOf(id!);
    nodes.push(lost ? -1 : node);
    kinds.push(stepKinds.indexOf(of ? 'message' : 'timer'));
    labels.push(label(name!));
    if (line.includes('!')) events.push(step, node, label('Elected term 1'));
    if (!of) return;
    const outcome = outcomes.indexOf(lost ? 'lost' : 'delivered');
    messages.push(step, nodes[Number(sent)]!, node, Number(sent), 0, step, outcome, label(name!));
  });
  const lane = new Lane(view);
  lane.append({
    type: 'steps', from: 0, times: nodes.map(() => 1), nodes, kinds, labels, messages, events,
    marks: [], texts,
  });
  return lane;
}

function found(lane: Lane, search: (into: Finding) => Generator<void>): number[][] {
  const into: Finding = { places: [], share: 0, left: 0 };
  for (const _ of search(into));
  expect(into.share).toBe(1);
  return into.places.map((place) => place.map(({ step }) => step));
}

const event = (lane: Lane, step: number): NodeEvent => ({ step, node: lane.nodes.at(step) });

function like(lane: Lane, steps: readonly number[], anyNodes = false): number[][] {
  const shape = shapeOf(lane, steps.map((step) => event(lane, step)), anyNodes);
  return found(lane, (into) => findShape(lane, shape, into));
}

const common = (lane: Lane, name: CommonShape) =>
  found(lane, (into) => findCommon(name, lane, into));

/** Two rounds of a request and its answer; in the second, the client asks another server. */
const rounds = [
  'd timer', 'a Ask of 1', 'd Answer of 2', 'c timer',
  'd timer', 'b Ask of 5', 'd Answer of 6', 'a timer', 'd Answer of 8',
];

describe('a shape of picked events', () => {
  test('is found wherever names, roles and the messages between them are the same', () => {
    const lane = laneOf(rounds);
    expect(like(lane, [1, 2, 3])).toEqual([[1, 2, 3], [5, 6, 7]]);
    expect(like(lane, [2, 3])).toEqual([[2, 3], [6, 7]]);
    // This answer is to no question: a timer of the server has sent it.
    expect(like(lane, [8, 9])).toEqual([[8, 9]]);
  });

  test('keeps to roles, unless any nodes will do', () => {
    const lane = laneOf(['a timer', 'b Ask of 1', 'd timer', 'c Ask of 3']);
    expect(like(lane, [1, 2])).toEqual([[1, 2]]);
    expect(like(lane, [1, 2], true)).toEqual([[1, 2], [3, 4]]);
  });

  test('tells events of one node from those of two', () => {
    const lane = laneOf(['a timer', 'b timer', 'c timer', 'c timer']);
    expect(like(lane, [3, 4], true)).toEqual([[3, 4]]);
    expect(like(lane, [1, 2], true)).toEqual([[1, 2]]);
  });

  test('tells what is known from what is concurrent, along any chain of messages', () => {
    const chain = ['a timer', 'b Tell of 1', 'c Tell of 2', 'c timer'];
    const apart = ['a timer', 'b Tell of 1', 'c other', 'c timer'];
    const lane = laneOf([...chain, ...apart.map((line) => line.replace('of 1', 'of 5'))]);
    expect(like(lane, [1, 4])).toEqual([[1, 4]]);
    const both = laneOf([...apart, 'a timer', 'b Tell of 5', 'c Tell of 6', 'c timer']);
    expect(like(both, [1, 4])).toEqual([[1, 4]]);
    // A message that was lost tells nothing.
    const lost = laneOf(['a timer', 'c Tell of 1 x', 'c timer', 'a timer', 'c Tell of 4', 'c timer']);
    expect(like(lost, [4, 6])).toEqual([[1, 6]]);
    expect(like(lost, [1, 3])).toEqual([[1, 3]]);
  });

  test('finds concurrent events in whatever order they come', () => {
    const lane = laneOf([
      'a timer', 'b Ask of 1', 'c Ack of 1', 'a timer', 'c Ack of 4', 'b Ask of 4',
    ]);
    expect(like(lane, [1, 2, 3])).toEqual([[1, 2, 3], [4, 6, 5]]);
  });

  test('asks for the protocol events that were reported', () => {
    const lane = laneOf(['a timer', 'b Ask of 1 !', 'a timer', 'b Ask of 3', 'a timer', 'b Ask of 5 !']);
    expect(like(lane, [1, 2])).toEqual([[1, 2], [5, 6]]);
    expect(like(lane, [3, 4])).toEqual([[1, 2], [3, 4], [5, 6]]);
  });

  test('has each event in one place only', () => {
    const lane = laneOf(['a timer', 'b Ask of 1', 'c Ask of 1', 'd Ask of 1']);
    expect(like(lane, [2, 3])).toEqual([[2, 3]]);
  });
});

describe('common shapes', () => {
  test('a request and its response', () => {
    expect(common(laneOf(rounds), 'request')).toEqual([[1, 2, 3], [5, 6, 7]]);
  });

  test('a broadcast reaches two or more others', () => {
    const lane = laneOf(['a timer', 'b Ask of 1', 'c Ask of 1', 'b Ask of 1', 'a timer', 'b Ask of 5']);
    expect(common(lane, 'broadcast')).toEqual([[1, 2, 3]]);
  });

  test('a gather is the same message of several others, with nothing in between', () => {
    const lane = laneOf([
      'b timer', 'c timer', 'a Ack of 1', 'a Ack of 2', 'a timer', 'b timer', 'c timer', 'a Ack of 6',
      'a timer', 'a Ack of 7',
    ]);
    expect(common(lane, 'gather')).toEqual([[3, 4]]);
  });
});

test('a run of 100,000 messages is searched within limits, part by part', () => {
  const messages = 100_000;
  const many = manyMessages(messages);
  const lane = new Lane(many.view.lanes[0]!);
  while (!lane.isWhole) {
    const question = { lane: 'many', from: lane.count, most: 4_000, labels: lane.texts.length };
    const answer = many.answer({ type: 'steps', ...question });
    if (answer.type === 'steps') lane.append(answer);
  }
  const into: Finding = { places: [], share: 0, left: 0 };
  // Concurrent events of any names have the most places to try.
  const shape = shapeOf(lane, [5, 9, 14, 17].map((step) => event(lane, step)), true);
  let parts = 0;
  for (const _ of findShape(lane, shape, into)) parts++;
  expect(parts).toBeGreaterThan(20);
  expect(into.places.length).toBeGreaterThan(1_000);
  for (const name of ['request', 'broadcast', 'gather'] as const) {
    const places = common(lane, name);
    expect(places.length).toBeLessThanOrEqual(10_000);
  }
});

test('one event more than a shape can have is refused; those that were picked stay', () => {
  const shapes = new ShapeSearch(() => undefined);
  const steps = [11, 12, 13, 14, 15, 16, 17, 18];
  const pick = (step: number, lane = 0) => shapes.pick({ lane, step, node: 0 });
  const picked = () => shapes.picked.map(({ step }) => step);
  for (const step of steps) pick(step);
  pick(1);
  expect(picked()).toEqual(steps);
  // One is taken away, and there is room for another.
  pick(12);
  pick(1);
  expect(picked()).toEqual([1, 11, 13, 14, 15, 16, 17, 18]);
  // An event of another run begins another shape.
  pick(5, 1);
  expect(picked()).toEqual([5]);
});
