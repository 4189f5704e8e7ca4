/** The columns of the Space-Time panel say what each step did, and cones agree with the clocks. */
import { describe, expect, test } from 'vitest';
import type { Reading, RecordedBranch } from '../../../src/session/read/reading.ts';
import { oneAction, untilBreakpoint } from '../../../src/session/pursuit.ts';
import type { Session } from '../../../src/session/session.ts';
import { SpacetimeSource } from '../../../src/view/spacetime/spacetime-source.ts';
import {
  type ConeAnswer, eventFields, messageFields, outcomes, stepKinds, type StepsAnswer,
} from '../../../src/view/spacetime/spacetime-view.ts';
import { sessionOf } from '../../session/sessions.ts';

const faults = `
title: Faults of a cluster
protocol: raft
nodes:
  n1..n3: replica
  app: client
network: { latency: 1ms..20ms, loss: 5% }
seed: 7
steps:
  - wait until LeaderElected
  - app put x 1
  - crash the leader
  - wait 400ms
  - partition n1 | n2 n3
  - pause n3 for 200ms
  - wait 500ms
  - heal
  - wait 300ms
`;

const session = sessionOf(faults);
session.run(untilBreakpoint);
const branch = session.recorded[0];
const source = new SpacetimeSource();
const [lane] = source.view(session, source.selection).lanes;

/** All columns, asked for in parts. */
function columnsOf(of: SpacetimeSource, reading: Reading, key: string, length: number, part = 64) {
  const whole: StepsAnswer = {
    type: 'steps', from: 0, times: [], nodes: [], kinds: [], labels: [], messages: [], events: [],
    marks: [], texts: [],
  };
  while (whole.times.length <= length) {
    const from = whole.times.length;
    const labels = whole.texts.length;
    const answer = of.answer(reading, { type: 'steps', lane: key, from, most: part, labels });
    if (answer.type !== 'steps') throw new Error(answer.type);
    for (const name of ['times', 'nodes', 'kinds', 'labels', 'messages', 'events'] as const) {
      whole[name].push(...answer[name]);
    }
    whole.marks.push(...answer.marks);
    whole.texts.push(...answer.texts);
    if (answer.flying) whole.flying = answer.flying;
  }
  return whole;
}

function rows(flat: readonly number[], fields: number): number[][] {
  const count = flat.length / fields;
  return Array.from({ length: count }, (_, row) => flat.slice(row * fields, (row + 1) * fields));
}

const columns = columnsOf(source, session, lane.key, branch.length);

describe('columns', () => {
  test('have the time, the actor and the messages of each step', () => {
    const found: unknown[] = [];
    const events: unknown[] = [];
    let time = 0;
    branch.walk(0).go(Infinity, ({ step, action, effects, moment }) => {
      time += columns.times[step];
      expect(time).toBe(moment.time);
      expect(columns.nodes[step]).toBe(step === 0 ? -1 : effects.acted);
      const kind = stepKinds[columns.kinds[step]];
      if (action?.type === 'deliver') expect(kind).toBe('message');
      if (action?.type === 'fire') expect(columns.texts[columns.labels[step]]).toBe(action.timer);
      const { message } = effects;
      if (message && (action?.type === 'deliver' || effects.lost)) {
        const { fromIndex, toIndex, cause, sentAt, body } = message;
        const isRefusal = moment.refuses(body);
        const outcome = effects.lost ? 'lost' : isRefusal ? 'refused' : 'delivered';
        found.push([step, fromIndex, toIndex, cause, sentAt, moment.time, outcome, body.type]);
      }
      for (const one of effects.sent) {
        if (one.lost === '') continue;
        const { fromIndex, toIndex, cause, sentAt, at, body } = one;
        found.push([step, fromIndex, toIndex, cause, sentAt, at, 'lost', body.type]);
      }
      for (const { node, name } of effects.events) {
        events.push([step, moment.node(node)!.index, name]);
      }
    });
    expect(columns.times).toHaveLength(branch.length + 1);
    const drawn = rows(columns.messages, messageFields).map((row) => [
      ...row.slice(0, 6), outcomes[row[6]], columns.texts[row[7]],
    ]);
    expect(drawn).toEqual(found);
    expect(found.length).toBeGreaterThan(50);
    const named = rows(columns.events, eventFields).map(([step, node, label]) => {
      return [step, node, columns.texts[label].split(' ')[0]];
    });
    expect(named).toEqual(events);
  });

  test('mark crashes, pauses, partitions and standings', () => {
    const marks = columns.marks.map((mark) => `${mark.type} ${mark.text}`);
    expect(marks).toContain('cuts n1–n2 n1–n3');
    expect(marks).toContain('cuts ');
    expect(marks).toContain('status crashed');
    expect(marks).toContain('status paused');
    expect(marks.some((one) => /^standing leader · term \d/.test(one))).toBe(true);
    const world = session.world;
    world.nodes.forEach((node, index) => {
      const own = columns.marks.filter((mark) => mark.type === 'standing' && mark.node === index);
      const text = own.at(-1)?.text ?? '';
      const isUp = node.status === 'running' || node.status === 'paused';
      if (isUp && node.look.standing) expect(text).toContain(node.look.standing);
    });
  });

  test('in flight at the end of what is recorded are those of the last moment', () => {
    const flying = rows(columns.flying!, messageFields).map(([, from, to, , , at]) => [from, to, at]);
    expect(flying).toEqual(
      session.world.messages.map(({ fromIndex, toIndex, at }) => [fromIndex, toIndex, at]),
    );
  });

  test('go on where they ended when the run goes on, and keep the future after going back', () => {
    const own = sessionOf(faults);
    for (let taken = 0; taken < 40; taken++) own.run(oneAction);
    const of = new SpacetimeSource();
    const before = of.view(own, of.selection).lanes[0];
    const first = columnsOf(of, own, before.key, 40);
    for (let taken = 0; taken < 40; taken++) own.run(oneAction);
    own.goto(30);
    const after = of.view(own, of.selection).lanes[0];
    expect(after).toMatchObject({ key: before.key, length: 80, cursor: 30 });
    const all = columnsOf(of, own, after.key, 80);
    expect(all.times.slice(0, 41)).toEqual(first.times);
    expect(all.nodes).toEqual(columns.nodes.slice(0, 81));
  });
});

/** By step and node, whether an event is before, after or concurrent, from the cone alone. */
function relation(cone: ConeAnswer, ordinals: readonly number[], step: number, node: number) {
  if (step === cone.step && node === cone.node) return 'same';
  if (ordinals[step] <= cone.past[node]) return 'before';
  if (cone.future[node] >= 0 && step >= cone.future[node]) return 'after';
  return 'concurrent';
}

function coneAt(of: SpacetimeSource, reading: Session, key: string, step: number, node: number) {
  return of.answer(reading, { type: 'cone', lane: key, step, node }) as ConeAnswer;
}

function checkCones(
  own: Session,
  of: SpacetimeSource,
  key: string,
  run: RecordedBranch,
  every: number,
): void {
  const { nodes } = columnsOf(of, own, key, run.length, 500);
  const seen: number[] = own.world.nodes.map(({ index }) => Number(!!run.clocks.latest(index, 0)));
  const ordinals = nodes.map((node) => (node < 0 ? 0 : ++seen[node]));
  const steps = nodes.flatMap((node, step) => (node < 0 ? [] : [step]));
  for (let place = 0; place < steps.length; place += every) {
    const step = steps[place];
    const cone = coneAt(of, own, key, step, nodes[step]);
    const event = run.clocks.at(step)!;
    const counts = { before: 0, after: 0, concurrent: 0, same: 0 };
    for (const other of steps) {
      const found = relation(cone, ordinals, other, nodes[other]);
      const { type } = run.clocks.order(run.clocks.at(other)!, event);
      expect(found, `${other} and ${step}`).toBe(type);
      counts[found]++;
    }
    const boots = run.clocks.latest(0, 0) === undefined ? 0 : own.world.nodes.length;
    const { past, future, concurrent } = cone.counts;
    expect(past + future + concurrent + 1).toBe(steps.length + boots);
    expect(future).toBe(counts.after);
  }
}

describe('cones', () => {
  test('agree with the order of the vector clocks', () => {
    checkCones(session, source, lane.key, branch, 61);
  });

  test('of a branch reach into the run from which it parted', () => {
    const own = sessionOf(faults);
    for (let taken = 0; taken < 60; taken++) own.run(oneAction);
    own.goto(30);
    const [node] = own.world.nodes;
    own.take({ type: 'crash', at: own.world.time, node: node.id });
    for (let taken = 0; taken < 60; taken++) own.run(oneAction);
    const of = new SpacetimeSource();
    const [here] = of.view(own, of.selection).lanes;
    checkCones(own, of, here.key, own.recorded[1], 9);
  });

  test('exist only for events of nodes', () => {
    const lost = columns.nodes.findIndex((node, step) => step > 0 && node < 0);
    const asked = { type: 'cone', lane: lane.key, step: lost, node: 0 } as const;
    expect(source.answer(session, asked)).toEqual({ type: 'gone' });
  });
});
