/** Search, details and comparison of the Space-Time panel, on real sessions. */
import { describe, expect, test } from 'vitest';
import { oneAction, untilBreakpoint } from '../../../src/session/pursuit.ts';
import type { Session } from '../../../src/session/session.ts';
import { SpacetimeSource } from '../../../src/view/spacetime/spacetime-source.ts';
import type {
  DifferenceAnswer, SearchAnswer, SpacetimeView,
} from '../../../src/view/spacetime/spacetime-view.ts';
import { twinOf } from '../../../src/view/spacetime/twin.ts';
import { election, sessionOf } from '../../session/sessions.ts';

function whole(text: string): Session {
  const session = sessionOf(text);
  session.run(untilBreakpoint);
  return session;
}

const session = whole(election());
const source = new SpacetimeSource();
const [lane] = source.view(session, source.selection).lanes;

function search(condition: string, most = 7): SearchAnswer {
  const all: SearchAnswer = { type: 'search', next: 0, steps: [], failed: 0 };
  while (all.next <= lane.length) {
    const { next: from } = all;
    const asked = { type: 'search', lane: lane.key, condition, from, most } as const;
    const part = source.answer(session, asked) as SearchAnswer;
    if (part.fault) return part;
    all.steps.push(...part.steps);
    all.failed += part.failed;
    all.why ??= part.why;
    expect(part.next).toBeGreaterThan(from);
    all.next = part.next;
  }
  return all;
}

describe('search', () => {
  test('finds the steps at which an event was reported, part by part', () => {
    const found: number[] = [];
    session.recorded[0].walk(0).go(Infinity, ({ step, effects }) => {
      if (effects.events.some(({ name }) => name === 'LeaderElected')) found.push(step);
    });
    expect(found.length).toBeGreaterThan(0);
    expect(search('event.name == "LeaderElected"').steps).toEqual(found);
    expect(search('event.name == "LeaderElected"', 1_000).steps).toEqual(found);
  });

  test('finds messages by their fields and states by their values', () => {
    const messages: number[] = [];
    const states: number[] = [];
    session.recorded[0].walk(0).go(Infinity, ({ step, effects, moment }) => {
      if (effects.message?.body.type === 'RequestVote') messages.push(step);
      const terms = moment.nodes.map(({ state }) => (state as { currentTerm?: number }).currentTerm);
      if (terms[0]! > 0) states.push(step);
    });
    expect(search('message.type == "RequestVote"').steps).toEqual(messages);
    expect(search('n1.state.currentTerm > 0').steps).toEqual(states);
  });

  test('counts steps that have no value, and says why the first has none', () => {
    const { steps, failed, why } = search('message.nowhere == 1');
    expect(steps).toEqual([]);
    expect(failed).toBeGreaterThan(0);
    expect(why).toContain('nowhere');
  });

  test('says where a condition is wrong', () => {
    const { fault } = search('n1.state.currentTerm >');
    expect(fault).toMatchObject({ start: expect.any(Number) as number });
    expect(fault!.message).not.toBe('');
    expect(search('nodez').fault!.message).toContain('nodez');
    expect(search('1 + 1').fault!.message).toContain('true or false');
  });
});

test('details of an event: what happened, what changed, what was sent', () => {
  const { steps } = search('event.name == "LeaderElected"');
  const [step] = steps;
  const details = source.answer(session, { type: 'event', lane: lane.key, step });
  expect(details).toMatchObject({ type: 'event', step, command: expect.any(String) as string });
  if (details.type !== 'event') return;
  expect(details.sentence).toContain('receives');
  expect(details.events.some((one) => one.includes('LeaderElected'))).toBe(true);
  expect(details.changes.some((one) => one.includes(' → '))).toBe(true);
  expect(details.sent.length).toBeGreaterThan(0);
});

function difference(of: SpacetimeSource, own: Session, view: SpacetimeView): DifferenceAnswer {
  const lanes = view.lanes.map(({ key }) => key) as [string, string];
  for (let from = view.shared;;) {
    const answer = of.answer(own, { type: 'difference', lanes, from, most: 5 });
    if (answer.type !== 'difference') throw new Error(answer.type);
    if (answer.found) return answer;
    from = answer.next;
  }
}

describe('comparison', () => {
  test('of two branches begins where they parted', () => {
    const own = sessionOf(election());
    for (let taken = 0; taken < 30; taken++) own.run(oneAction);
    own.goto(20);
    own.take({ type: 'crash', at: own.world.time, node: 'n1' });
    for (let taken = 0; taken < 20; taken++) own.run(oneAction);
    const of = new SpacetimeSource();
    const view = of.view(own, { compare: { type: 'branch', number: 0 } });
    expect(view.lanes.map(({ cursor, length }) => [cursor, length])).toEqual([[41, 41], [-1, 30]]);
    expect(view.shared).toBe(20);
    expect(view.branches).toEqual([{ number: 0, parted: 0, length: 30 }]);
    const found = difference(of, own, view);
    expect(found).toMatchObject({ step: 21, why: { type: 'action', first: 'n1 crashes' } });
  });

  test('of two stories finds the first step that is not the same', () => {
    const own = whole(election());
    const other = whole(election().replace('put x 1', 'put x 2'));
    own.compared = other;
    const of = new SpacetimeSource();
    const view = of.view(own, { compare: { type: 'twin' } });
    expect(view.lanes).toHaveLength(2);
    const found = difference(of, own, view);
    if (!found.found) throw new Error('not found');
    const texts = [own, other].map((one) => one.branch.run.action(found.step));
    expect(found.why.type).toBe('action');
    expect(texts[0]).not.toEqual(texts[1]);
    for (let step = 1; step < found.step; step++) {
      expect(own.branch.run.action(step)).toEqual(other.branch.run.action(step));
    }
  });

  test('of equal runs finds none, and of other nodes the start', () => {
    const own = whole(election());
    const of = new SpacetimeSource();
    own.compared = whole(election());
    const view = of.view(own, { compare: { type: 'twin' } });
    expect(difference(of, own, view)).toMatchObject({ step: -1, why: { type: 'none' } });
    own.compared = whole(election().replace('n1..n3', 'n1..n4'));
    const wider = of.view(own, { compare: { type: 'twin' } });
    expect(difference(of, own, wider)).toMatchObject({ step: 0, why: { type: 'nodes' } });
    own.compared = sessionOf(election());
    const short = of.view(own, { compare: { type: 'twin' } });
    expect(difference(of, own, short)).toMatchObject({ why: { type: 'length', shorter: 'second' } });
  });
});

test('a question about a run that is no longer there has no answer', () => {
  const asked = { type: 'steps', lane: 'none', from: 0, most: 1, labels: 0 } as const;
  expect(source.answer(session, asked)).toEqual({ type: 'gone' });
});

test('a scenario and its broken twin name each other', () => {
  expect(twinOf('a/lock.scenario.yaml')).toBe('a/lock.broken.scenario.yaml');
  expect(twinOf('lock.broken.scenario.yaml')).toBe('lock.scenario.yaml');
  expect(twinOf('lock.yaml')).toBe('');
});
