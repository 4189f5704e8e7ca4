/** The panel Locks and Leases on real sessions: the story of a paused holder, told both ways. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Effects } from '../../src/kernel/effects.ts';
import { simulate } from '../../src/check/simulate.ts';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import { clusterOf } from '../../src/view/cluster.ts';
import { locksSource } from '../../src/view/locks/of-run.ts';
import { LockRecording } from '../../src/view/locks/recording.ts';
import { tableRows } from '../../src/view/locks/table.ts';
import type { LocksView, SpanView } from '../../src/view/locks/locks-view.ts';
import {
  authorityLabel, barText, believerLabel, changesAt, conflictSummary, pictureText,
} from '../../src/view/panel-words/locks.ts';
import { root } from '../architecture/source.ts';
import { sessionOf } from '../session/sessions.ts';

const textOf = (name: string) =>
  readFileSync(join(root, 'samples', `${name}.scenario.yaml`), 'utf8');

function viewOf(name: string): LocksView {
  const session = sessionOf(textOf(name));
  session.run(untilBreakpoint);
  return locksSource().view(session, null);
}

const spans = (all: readonly SpanView[]) =>
  all.map(({ holder, token, to }) => `${holder}#${String(token)}${to === null ? ' on' : ''}`);

describe('the story of a paused holder', () => {
  const view = viewOf('distributed-locks/fenced-lock');
  const [lock] = view.locks;
  const [A, B] = lock!.believers;

  test('the lock goes from A to B while A is paused and believes that it has it', () => {
    expect(lock!.authority!.nodes).toEqual(['redis']);
    expect(spans(lock!.authority!.spans)).toEqual(['A#1', 'B#2']);
    expect([A!, B!].map((row) => [row.node, ...spans(row.spans)])).toEqual([
      ['A', 'A#1 on'], ['B', 'B#2 on'],
    ]);
    expect(A!.outages.map(({ type }) => type)).toEqual(['paused']);
    const [held, believed] = [lock!.authority!.spans[0]!, A!.spans[0]!];
    expect(believed.end!.at).toBeLessThan(held.to!);
    expect(A!.outages[0]!.to).toBeGreaterThan(held.to!);
    expect(lock!.conflicts.map(({ type, nodes }) => [type, ...nodes])).toEqual([
      ['lost', 'A'], ['two', 'A', 'B'], ['lost', 'B'],
    ]);
    expect(conflictSummary(lock!, view.now)).toContain('A and B both believe they hold order42 for');
  });

  test('with a token, storage refuses the late write; without, it overwrites the newer one', () => {
    const writes = (of: LocksView) => of.stores.flatMap(({ node, writes: all }) =>
      all.map(({ accepted, from, token, older, reason }) => ({ node, accepted, from, token, older, reason })));
    expect(writes(view)).toEqual([
      { node: 'db', accepted: true, from: 'B', token: 2 },
      { node: 'db', accepted: false, from: 'A', token: 1, reason: 'token 1 is older than 2' },
    ]);
    expect(writes(viewOf('distributed-locks/fenced-lock.broken'))).toEqual([
      { node: 'db', accepted: true, from: 'B', token: 2 },
      { node: 'db', accepted: true, from: 'A', token: 1, older: 2 },
    ]);
  });

  test('the table has everything that is drawn, in the order of time', () => {
    const rows = tableRows(view);
    const drawn = lock!.authority!.spans.length + lock!.conflicts.length +
      lock!.believers.flatMap((row) => [...row.spans, ...row.outages]).length + 2;
    expect(rows).toHaveLength(drawn);
    expect(rows.map(({ from }) => from)).toEqual(rows.map(({ from }) => from).sort((a, b) => a - b));
  });

  test('a step says what it changed', () => {
    const { fromStep } = B!.spans[0]!;
    expect(changesAt(view, fromStep)[0]).toBe('B believes that it holds order42 with token 2');
  });
});

describe('the source', () => {
  test('walks each step once, and keeps the future after going back', () => {
    const session = sessionOf(textOf('distributed-locks/fenced-lock'));
    const source = locksSource();
    const walked: number[] = [];
    const reading = new Proxy(session, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== 'walk') return typeof value === 'function' ? value.bind(target) : value;
        return (first: number, visit: never) => {
          walked.push(first);
          target.walk(first, visit);
        };
      },
    });
    session.run(untilBreakpoint);
    const whole = source.view(reading, null);
    const { step } = session.cursor;
    expect(source.view(reading, null)).toEqual(whole);
    session.goto(step - 20);
    const back = source.view(reading, null);
    expect(walked).toEqual([0]);
    expect(back.now).toBeLessThan(back.known);
    expect({ ...back, now: 0 }).toEqual({ ...whole, now: 0 });
  });

  test.each([
    ['distributed-locks/fenced-lock', 'B'], ['distributed-locks/fenced-lock', 'redis'],
    ['raft/first-election', ''],
  ])('shows inside of an action what its statements have done so far: %s, %s', (name, node) => {
    const session = sessionOf(textOf(name));
    session.run(untilBreakpoint);
    const source = locksSource();
    const whole = source.view(session, null);
    const [lock] = whole.locks;
    const row = lock!.believers.find((one) => one.node === node) ?? lock!.believers[0]!;
    const { fromStep } = node === 'redis' ? lock!.authority!.spans[0]! : row.spans[0]!;
    session.goBefore(fromStep - 1, 0, session.stop);
    const seen = new Set<string>();
    for (let line = 0; line < session.trace!.length; line++) {
      session.moveTo(line, session.stop);
      const view = source.view(session, null);
      const of = view.locks.find((one) => one.name === lock!.name);
      const holding = (of?.believers ?? []).filter(({ spans: all }) => all.some(({ to }) => to === null));
      const drawn = holding.map((one) => one.node).sort();
      const inCluster = clusterOf(session).nodes.filter(({ holds, standing }) => {
        return standing === 'leader' || holds.some(({ belief }) => belief !== 'granted');
      }).map(({ id }) => id);
      expect(drawn).toEqual(inCluster.sort());
      expect(view.now).toBe(session.inside!.moment.time);
      seen.add(`${drawn.join()} ${spans(of?.authority?.spans ?? []).join()}`);
    }
    expect(seen.size).toBe(2);
    session.goto(session.length);
    expect(source.view(session, null)).toEqual(whole);
  });

  test('shows a part of the run, and refuses what is not a part', () => {
    const session = sessionOf(textOf('distributed-locks/fenced-lock'));
    session.run(untilBreakpoint);
    const source = locksSource();
    const early = source.view(session, { from: 0, to: 1_000_000 });
    expect(spans(early.locks[0]!.authority!.spans)).toEqual(['A#1']);
    expect(early.stores.flatMap(({ writes }) => writes)).toEqual([]);
    expect([null, { from: 1, to: 2 }].map((one) => source.selected(one))).toEqual([null, { from: 1, to: 2 }]);
    for (const wrong of [{ from: 2, to: 1 }, { from: '1', to: 2 }, 5, { from: 0, to: NaN }]) {
      expect(source.selected(wrong)).toBeUndefined();
    }
  });

  test('draws the last of thousands of intervals, and says how many it leaves out', () => {
    const { scenario } = parseScenario(textOf('caches/workload-leases'), 'x', library);
    const recording = new LockRecording(0);
    simulate(scenario!, (world, action, effects: Effects) => {
      recording.note({ step: world.step, action: action as never, effects, moment: world });
    }, { actionsMax: 400 });
    const all = recording.parts(0, Infinity, 400);
    const few = recording.parts(0, Infinity, 2);
    expect(all.left).toBe(0);
    expect(few.left).toBeGreaterThan(0);
    expect(few.locks[0]!.authority!.spans).toEqual(all.locks[0]!.authority!.spans.slice(-2));
  });
});

test('a leadership is told as one: who is the leader, and of which term', () => {
  const view = viewOf('raft/first-election');
  const [leadership] = view.locks;
  expect(leadership).toMatchObject({ name: 'leader', elected: 'term' });
  const { authority, believers } = leadership!;
  expect(authorityLabel(authority!, leadership!)).toBe('elected');
  const { node } = believers[0]!;
  expect(believerLabel(node)).toBe(`${node} believes`);
  const [span] = authority!.spans;
  expect(barText(span!, leadership!, true)).toBe(`${node} · term 1`);
  expect(tableRows(view).map(({ text }) => text)).toEqual([
    expect.stringMatching(new RegExp(`^${node} is the leader in term 1 from `)),
    expect.stringMatching(new RegExp(`^${node} believes that it is the leader in term 1 from `)),
  ]);
  expect(pictureText(view)).toBe(`${node} is the leader. ${node} believes that it is the leader.`);
  expect(changesAt(view, span!.fromStep)).toContain(`${node} is the leader in term 1`);
});
