/** The story of a scenario on real sessions: its steps, their comments, and what goes on. */
import { expect, test } from 'vitest';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import { narrationOf } from '../../src/view/narration.ts';
import { activityText, foldedText } from '../../src/view/panel-words/narration.ts';
import { beginOfStep } from '../../src/session/targets.ts';
import { sessionOf } from '../session/sessions.ts';

const story = `# A leader is <b>elected</b>
# and crashes.
title: Story
protocol: raft
nodes: { n1..n3: replica, c1..c2: client }
seed: 1
steps:
  # No leader yet.
  - fire n1 election   # n1 stands
  - wait until LeaderElected
  - repeat 6 times every 5ms..10ms: c1 c2 put x new
  - crash n1
  - wait 100ms
`;

function finished(text: string): Session {
  const session = sessionOf(text);
  session.run(untilBreakpoint);
  return session;
}

function told(session: Session): string[] {
  const { steps } = narrationOf(session)!;
  return steps.map(({ state, line, text, comment }) =>
    [`${state} ${line} ${text}`, ...comment].join(' # '));
}

test('the start has the introduction, and the first step with both of its comments', () => {
  const session = sessionOf(story);
  expect(narrationOf(session)).toMatchObject({
    introduction: ['A leader is <b>elected</b> and crashes.'],
    current: 0,
    total: 5,
    activities: [],
    measures: [],
  });
  expect(told(session)).toEqual([
    'current 9 fire n1 election # No leader yet. # n1 stands',
    'next 10 wait until LeaderElected',
    'next 11 repeat 6 times every 5ms..10ms: c1 c2 put x new',
    'next 12 crash n1',
    'next 13 wait 100ms',
  ]);
});

test('the story follows the cursor forwards and back, to its end', () => {
  const session = finished(story);
  expect(foldedText(narrationOf(session)!)).toBe('All 5 steps are done');
  expect(told(session)).toEqual(['done 13 wait 100ms']);
  for (const index of [0, 1, 2, 3, 4, 3, 1]) {
    session.goto(beginOfStep(session, index)!);
    const narration = narrationOf(session)!;
    expect(narration.current).toBe(index);
    expect(narration.introduction).toHaveLength(index === 0 ? 1 : 0);
    expect(narration.steps.map(({ state }) => state).filter((one) => one !== 'next')).toEqual(
      index === 0 ? ['current'] : ['done', 'current'],
    );
  }
});

test('a workload says how far it is, and a nemesis which fault there is', () => {
  const session = finished(story);
  const [from, to] = [beginOfStep(session, 2)!, beginOfStep(session, 3)!];
  const words = new Set<string>();
  for (let step = from; step <= to; step++) {
    session.goto(step);
    for (const activity of narrationOf(session)!.activities) words.add(activityText(activity));
  }
  expect([...words].slice(0, 3)).toEqual([
    'Workload of c1, c2: 0 of 6 operations invoked, none is outstanding',
    expect.stringMatching(/^Workload of c1, c2: 1 of 6 operations invoked, c[12] waiting$/),
    expect.stringMatching(/^Workload of c1, c2: [12] of 6/),
  ]);
  expect(narrationOf(session)!.activities).toEqual([]);

  const nemesis = finished(story.replace('  - repeat 6', '  - "nemesis: crash every 20ms..30ms"\n  - repeat 30'));
  const faults = new Set<string>();
  for (let step = 0; step <= nemesis.length; step += 11) {
    nemesis.goto(step);
    for (const one of narrationOf(nemesis)!.activities) {
      if (one.type === 'nemesis') faults.add(activityText(one));
    }
  }
  expect([...faults]).toContain('Nemesis: no fault now');
  expect([...faults].some((text) => /^Nemesis: a fault until `restart n\d`$/.test(text))).toBe(true);
  nemesis.goto(nemesis.length);
  expect(narrationOf(nemesis)!.activities).toEqual([]);
});

test('a scenario without steps has no story', () => {
  const text = 'protocol: raft\nnodes: { n1..n3: replica }\nsteps: []\nuntil: 1s\n';
  expect(narrationOf(sessionOf(text))).toBeUndefined();
});

test('the figures of `measure` are those of the moment', () => {
  const session = sessionOf(story.replace('steps:', `measure: { elections: 'count("LeaderElected")', passed: 'time' }\nsteps:`));
  const shown = () => narrationOf(session)!.measures;
  expect(shown().map(({ name }) => name)).toEqual(['elections', 'passed']);
  expect(shown()[0]).toEqual({ name: 'elections', value: '0' });
  session.run(untilBreakpoint);
  expect(Number(shown()[0]!.value)).toBeGreaterThan(0);
  session.goto(0);
  expect(shown()[0]!.value).toBe('0');
});
