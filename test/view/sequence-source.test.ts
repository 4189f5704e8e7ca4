/** The rows of real sessions: what is shown, folded, chosen and kept, and what that costs. */
import { describe, expect, test, vi } from 'vitest';
import { intoNext } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import { sequenceSource } from '../../src/view/sequence/source.ts';
import {
  defaultSelection, type SequenceItem, type SequenceSelection, type SequenceView,
} from '../../src/view/sequence/sequence-view.ts';
import { election, sessionOf } from '../session/sessions.ts';

const quiet = `
title: Heartbeats
protocol: raft
nodes:
  n1..n3: replica
  app: client
network: { latency: 2ms }
seed: 4
steps:
  - fire n1 election
  - wait until LeaderElected
  - wait 300ms
  - app put x 1
  - wait 500ms
`;

/** Takes what comes next until `isThere`, or until nothing is left. */
function advance(session: Session, isThere: () => boolean): void {
  while (session.next() !== undefined) {
    session.take(session.next()!);
    if (isThere()) return;
  }
}

function reports(session: Session, name: string): boolean {
  return session.effects.events.some((event) => event.name === name);
}

function at(text: string, name: string): Session {
  const session = sessionOf(text);
  advance(session, () => reports(session, name));
  return session;
}

function shown(session: Session, part: Partial<SequenceSelection> = {}): SequenceView {
  return sequenceSource().view(session, { ...defaultSelection, ...part });
}

const types = (items: readonly SequenceItem[]) =>
  items.flatMap((item) => (item.type === 'message' ? [item.messageType] : []));

const ofStep = (items: readonly SequenceItem[], step: number) =>
  items.filter((item) => item.step === step);

describe('the rows of a session', () => {
  test('show the timer and the events of an election, and mark the last action', () => {
    const { items, actor, participants } = shown(at(election(), 'LeaderElected'));
    expect(items.some(({ type }) => type === 'timer')).toBe(true);
    const current = items.filter((item) => item.current);
    expect(current.map(({ type }) => type)).toContain('event');
    expect(current.every(({ step }) => step === current[0]!.step)).toBe(true);
    expect(participants.map(({ id }) => id)).toContain(actor);
  });

  test('keep the recorded steps after the cursor when the user goes back', () => {
    const session = at(election(), 'LeaderElected');
    const { step } = session;
    session.goto(step - 3);
    const { items } = shown(session);
    const later = items.filter(({ future }) => future);
    expect(later.map((item) => item.step)).toContain(step);
    expect(later.every((item) => item.step > step - 3 && !item.current)).toBe(true);
    // What is in flight now and arrives in one of these steps is shown there alone.
    const ids = items.flatMap((item) => (item.type === 'message' ? [item.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('fold what timers send again, and its replies, but nothing that is news', () => {
    const session = sessionOf(quiet);
    advance(session, () => false);
    const folded = shown(session, { rows: 160 });
    const all = shown(session, { rows: 160, heartbeats: 'shown' });
    expect(folded.choices.folded).toBeGreaterThan(20);
    expect(folded.items.length).toBeLessThan(all.items.length * 0.6);
    const events = (view: SequenceView) =>
      view.items.filter(({ type }) => type !== 'message' && type !== 'timer');
    const strip = (items: SequenceItem[]) => items.map(({ folded: _folded, ...item }) => item);
    expect(strip(events(folded))).toEqual(strip(events(all)));
    // A gap says how many.
    const sum = folded.items.reduce((count, item) => count + (item.folded ?? 0), 0);
    expect(sum).toBeGreaterThan(20);
    // The message that carries the entry is shown on each link.
    const carriers = folded.items.filter((item) => item.type === 'message' && item.label.includes('put x 1'));
    expect(carriers.length).toBeGreaterThanOrEqual(3);
  });

  test('show the current step even if it is a repetition', () => {
    const session = sessionOf(quiet);
    advance(session, () => false);
    const source = sequenceSource();
    const { items } = source.view(session, { ...defaultSelection, rows: 160 });
    const steps = new Set(items.map(({ step }) => step));
    const hidden = Array.from({ length: session.step }, (_, index) => index + 1).find((step) => {
      return !steps.has(step) && session.explain(step).effects.message !== null;
    })!;
    session.goto(hidden);
    expect(ofStep(source.view(session, defaultSelection).items, hidden)[0]).toMatchObject({
      type: 'message', current: true,
    });
  });

  test('fold no message of a conversation in which each one passes a growing number on', () => {
    const session = sessionOf(`
title: Acknowledgements of acknowledgements
protocol: two-generals
options: { acknowledgements: 25 }
nodes: { A: general, B: general }
seed: 1
steps:
  - start A order
  - wait 60s
`);
    advance(session, () => session.step > 40);
    const folded = shown(session, { rows: 160 });
    const all = shown(session, { rows: 160, heartbeats: 'shown' });
    expect(folded.choices.folded).toBe(0);
    expect(folded.items).toEqual(all.items);
  });

  test('are filtered by node, by message, by operation', () => {
    const session = sessionOf(quiet);
    advance(session, () => false);
    const some = shown(session, { nodes: ['n1', 'n2', 'nowhere'] });
    expect(some.participants.map(({ id }) => id)).toEqual(['n1', 'n2']);
    expect(some.selection.nodes).toEqual(['n1', 'n2']);
    for (const item of some.items) {
      if (item.type === 'message') expect(['n1', 'n2']).toContain(item.from);
    }
    const without = shown(session, { hiddenMessages: ['AppendEntries'] });
    expect(types(without.items)).not.toContain('AppendEntries');
    expect(types(without.items)).toContain('AppendEntriesResult');
    expect(without.choices.messages).toContain('AppendEntries');
    expect(without.choices.operations).toEqual(['put']);
    const calm = shown(session, { rows: 160, hiddenOperations: ['put'] });
    expect(calm.items.some(({ type }) => type === 'operation' || type === 'answer')).toBe(false);
    expect(types(calm.items)).not.toContain('ClientRequest');
  });

  test('are filtered by a message in flight, and by the one that the action in progress delivers', () => {
    const session = sessionOf(quiet);
    const hidden = { hiddenMessages: ['RequestVote'] };
    advance(session, () => types(shown(session).items).includes('RequestVote'));
    expect(shown(session).choices.messages).toEqual(['RequestVote']);
    expect(types(shown(session, hidden).items)).toEqual([]);
    session.run(intoNext);
    expect(shown(session).items.some(({ type, current }) => type === 'message' && current)).toBe(true);
    expect(types(shown(session, hidden).items)).not.toContain('RequestVote');
    expect(shown(session, hidden).choices.messages).toContain('RequestVote');
    const { items } = shown(session, { nodes: ['app'] });
    expect(items.filter(({ type }) => type !== 'fault' && type !== 'operation')).toEqual([]);
  });

  test('show one request alone: from its invocation to its response, and what follows', () => {
    const session = sessionOf(quiet);
    advance(session, () => false);
    const { choices } = shown(session, { rows: 160 });
    const request = choices.requests.find(({ text }) => text.includes('put x 1'))!;
    const { items } = shown(session, { cone: { type: 'operation', operation: request.id } });
    expect(items[0]).toMatchObject({ type: 'operation', step: request.step });
    expect(types(items)).toEqual(expect.arrayContaining(['ClientRequest', 'ClientResponse', 'AppendEntries']));
    expect(items.some(({ type }) => type === 'answer')).toBe(true);
    const begin = session.clocks.at(request.step)!;
    for (const { step } of items) {
      const { vector } = session.clocks.at(step)!;
      expect(vector[begin.node]).toBeGreaterThanOrEqual(begin.vector[begin.node]!);
    }
    const unknown = shown(session, { cone: { type: 'operation', operation: 'none' } });
    expect(unknown.items.length).toBeGreaterThan(0);
  });

  test('show the causes and effects of one step, and nothing concurrent', () => {
    const session = at(election(), 'LeaderElected');
    const step = session.chain(session.step)[1]!;
    const { items } = shown(session, { rows: 160, cone: { type: 'step', step } });
    const centre = session.clocks.at(step)!;
    expect(items.length).toBeGreaterThan(1);
    for (const item of items) {
      expect(session.clocks.order(session.clocks.at(item.step)!, centre).type).not.toBe('concurrent');
    }
  });

  test('begin where the user chose, and earlier ones are an answer', () => {
    const session = sessionOf(quiet);
    advance(session, () => false);
    const source = sequenceSource();
    const from = { ...defaultSelection, from: 5, heartbeats: 'shown' as const, rows: 20 };
    const { items } = source.view(session, from);
    expect(items[0]!.step).toBe(5);
    const view = source.view(session, { ...defaultSelection, rows: 20, heartbeats: 'shown' });
    const { first } = view.covered;
    expect(first).toBe(view.items[0]!.step);
    const answer = source.answer(session, source.asked({ type: 'earlier', before: first })!);
    expect(answer.items.at(-1)!.step).toBeLessThan(first);
    expect(answer.first).toBe(0);
    expect(answer.items.every(({ current, future }) => !current && !future)).toBe(true);
  });

  test('are computed once: a step costs that step, and going back costs nothing', () => {
    const session = sessionOf(quiet);
    advance(session, () => session.step === 60);
    const source = sequenceSource();
    let walked = 0;
    const walk = session.walk.bind(session);
    vi.spyOn(session, 'walk').mockImplementation((first, visit, last) => {
      walk(first, (step) => {
        walked++;
        visit(step);
      }, last);
    });
    const cost = () => {
      walked = 0;
      source.view(session, { ...defaultSelection, rows: 20 });
      return walked;
    };
    expect(cost()).toBeGreaterThan(20);
    session.take(session.next()!);
    expect(cost()).toBe(1);
    session.goto(50);
    expect(cost()).toBe(0);
    session.goto(61);
    expect(cost()).toBe(0);
    // Another branch has other steps.
    session.goto(50);
    session.take({ type: 'crash', at: session.world.time, node: 'n2' });
    expect(cost()).toBeGreaterThan(1);
  });

  test('are few, however long the run is', () => {
    const session = sessionOf(quiet.replace('wait 500ms', 'wait 20s'));
    advance(session, () => session.step >= 2500);
    const { items, mermaid } = shown(session, { heartbeats: 'shown' });
    expect(items.length).toBeLessThan(defaultSelection.rows + 40);
    expect(mermaid.length).toBeLessThan(12_000);
  });
});

describe('what a client sends', () => {
  const { selected, asked } = sequenceSource();

  test('is a selection of the panel, or nothing', () => {
    expect(selected(defaultSelection)).toEqual(defaultSelection);
    const cone = { type: 'step', step: 4 } as const;
    expect(selected({ ...defaultSelection, cone, more: 1 })).toEqual({ ...defaultSelection, cone });
    const wrong: object[] = [
      { rows: 7 }, { rows: '40' }, { from: -1 }, { from: 1.5 }, { nodes: 'n1' }, { nodes: [1] },
      { hiddenMessages: null }, { hiddenOperations: undefined }, { heartbeats: 'loud' },
      { cone: {} }, { cone: { type: 'operation' } }, { cone: { type: 'step', step: 'x' } },
    ];
    for (const part of wrong) expect(selected({ ...defaultSelection, ...part })).toBeUndefined();
    for (const value of [null, 7, 'x', []]) expect(selected(value)).toBeUndefined();
  });

  test('is a question of the panel, or nothing', () => {
    expect(asked({ type: 'earlier', before: 12 })).toEqual({ type: 'earlier', before: 12 });
    for (const value of [null, {}, { type: 'earlier' }, { type: 'earlier', before: -1 }]) {
      expect(asked(value)).toBeUndefined();
    }
  });
});
