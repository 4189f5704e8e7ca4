/** Logical clocks as a session shows them: in its console, its frames, its scopes and its panels. */
import { describe, expect, test } from 'vitest';
import { beforeText, pointProblemText } from '../../src/kernel/text/causality-text.ts';
import { consoleInput } from '../../src/session/console.ts';
import { Evaluator } from '../../src/session/read/evaluate.ts';
import { scopesOf } from '../../src/session/read/scopes.ts';
import { framesOf } from '../../src/session/read/stack.ts';
import type { Session } from '../../src/session/session.ts';
import { clusterOf } from '../../src/view/cluster.ts';
import { nodeTitle } from '../../src/view/panel-words/cluster.ts';
import { itemTitle } from '../../src/view/panel-words/sequence.ts';
import { sequenceOf } from '../../src/view/sequence/source.ts';
import { election, sessionOf } from './sessions.ts';

/** What the console says, and in how many parts it searched. */
function asked(session: Session, text: string, budget = 10): { said: string; parts: number } {
  const answer = consoleInput(session, new Evaluator(session), text, undefined);
  if (answer.type !== 'before') return { said: JSON.stringify(answer), parts: 0 };
  for (let parts = 1; ; parts++) {
    const result = answer.question.advance(budget);
    if (result === undefined) continue;
    if (result.type === 'problem') return { said: pointProblemText(result.problem), parts };
    return { said: beforeText(result, answer.question.nodes), parts };
  }
}

function steppedTo(event: string): Session {
  const session = sessionOf(election());
  const has = () => session.effects.events.some(({ name }) => name === event);
  while (session.next() !== undefined && (session.step === 0 || !has())) {
    session.take(session.next()!);
  }
  return session;
}

describe('before, in the console', () => {
  test('knows the events so far, and those of the steps that were undone', () => {
    const session = steppedTo('LeaderElected');
    const { node } = session.effects.events.find(({ name }) => name === 'LeaderElected')!;
    const { step } = session;
    const voter = session.chain(step).map((one) => session.explain(one)).find((one) => {
      return one.effects.events.some(({ name }) => name === 'VoteGranted') && one.step < step;
    })!;
    const { said } = asked(session, `before ${voter.step} ${node}:LeaderElected`);
    expect(said).toMatch(/^before/);
    const other = session.world.nodes.find(({ id, role }) => role === 'replica' && id !== node)!;
    expect(asked(session, `before ${other.id}:start ${node}:start`).said).toMatch(
      /^concurrent: neither could have known/,
    );
    session.goto(1);
    expect(asked(session, `before ${node}:LeaderElected 1`).said).toBe(
      `${node}:LeaderElected has not happened up to step 1: name another event`,
    );
    expect(asked(session, `before 1 ${step}`).said).toMatch(/^(before|concurrent|after)/);
  });

  test('searches far events in parts, from the end or to the nth', () => {
    const session = steppedTo('LeaderElected');
    const { node } = session.effects.events.find(({ name }) => name === 'LeaderElected')!;
    const elected = session.step;
    while (session.next() !== undefined && session.step < elected + 700) {
      session.take(session.next()!);
    }
    const last = asked(session, `before ${node}:ElectionTimedOut ${session.step}`, 3);
    expect(last.parts).toBeGreaterThan(5);
    const first = asked(session, `before ${node}:ElectionTimedOut#1 ${node}:ElectionTimedOut`);
    expect(first.said).toMatch(/^(before|the same event)/);
    const none = asked(session, `before ${node}:ElectionTimedOut#99 1`);
    expect(none.said).toMatch(/ElectionTimedOut#99 has not happened up to step \d+, by which/);
  });

  test('asks for two events, and completes their names', () => {
    const session = sessionOf(election());
    const evaluator = new Evaluator(session);
    expect(asked(session, 'before').said).toContain('"type":"before"');
    expect(asked(session, 'before 1 2 3').said).toContain('"type":"before"');
    const completed = (text: string) =>
      evaluator.completions(text, undefined, ['before'], ['TermChanged', 'VoteGranted']).words;
    expect(completed('bef')).toEqual(['before']);
    expect(completed('before ')).toEqual(['n1', 'n2', 'n3', 'app']);
    expect(completed('before n1:T')).toEqual(['TermChanged']);
    expect(completed('before n1:TermChanged n2:')).toEqual(['TermChanged', 'VoteGranted', 'start']);
  });
});

describe('a frame', () => {
  test('has the Lamport time in its name, and both clocks among its variables', () => {
    const session = steppedTo('LeaderElected');
    const frames = framesOf(session, undefined, 20);
    const times = frames.flatMap(({ name }) => / · Lamport (\d+)$/.exec(name)?.[1] ?? []).map(Number);
    expect(times.length).toBeGreaterThan(2);
    // Each frame of a causal stack happened before the one above it.
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const scope = scopesOf(session, frames[0]).find(({ name }) => name === 'Clocks')!;
    const rows = scope.children.list(0, 9).map(({ name, value }) => `${name}: ${value}`);
    const { lamport } = session.clocks.at(session.step)!;
    expect(rows[0]).toBe(`Lamport time: ${lamport}`);
    expect(rows[1]).toMatch(/^vector: {n\d: \d+, n\d: \d+(, n3: \d+)?}$/);
    expect(rows[2]).toMatch(/^message brought: {lamport: \d+, vector: /);
    const evaluated = new Evaluator(session).evaluate('clocks.lamport', frames[0]);
    expect(evaluated).toMatchObject({ type: 'value', variable: { value: String(lamport) } });
  });

  test('of an action that was entered has the time that the action will have', () => {
    const session = steppedTo('TermChanged');
    while (session.next()?.type !== 'deliver') session.take(session.next()!);
    session.enter(session.stop);
    const [top] = framesOf(session, undefined, 5);
    const { lamport } = session.clocks.next(
      session.handler!.node, session.step, session.handler!.message ?? null,
    );
    expect(top.name).toMatch(new RegExp(`(^|\\W)Lamport ${lamport}$|^\\w+$`));
    session.leave();
    session.take(session.next()!);
    expect(session.clocks.at(session.step)!.lamport).toBe(lamport);
  });
});

test('panels say the clocks in the tooltips of nodes, messages and events', () => {
  const session = steppedTo('LeaderElected');
  const acted = clusterOf(session).nodes.find((node) => node.acted)!;
  const { lamport } = session.clocks.at(session.step)!;
  expect(acted.logicalClock?.lamport).toBe(lamport);
  expect(nodeTitle(acted)).toMatch(new RegExp(`\\nLamport ${lamport}, vector {n\\d: `));
  expect(clusterOf(session).messages.every(({ logicalClock }) => logicalClock)).toBe(true);
  const { items } = sequenceOf(session);
  const arrived = items.find((item) => item.type === 'message' && item.outcome === 'delivered')!;
  expect(itemTitle(arrived)).toMatch(/\nsent at Lamport \d+, vector .*\nreceived at Lamport \d+/);
  const event = items.findLast(({ type }) => type === 'event')!;
  expect(itemTitle(event)).toMatch(new RegExp(`\\nLamport ${lamport}, vector `));
});
