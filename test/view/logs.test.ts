/** The view of the Logs panel, of real sessions: windows, changes, conflicts, a leader's marks. */
import { describe, expect, test } from 'vitest';
import type { Moment } from '../../src/kernel/seam/moment.ts';
import type { Look } from '../../src/protocol/types.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import { logsOf, logsSource, logsView } from '../../src/view/logs/logs-source.ts';
import { changeTexts, conflictTexts } from '../../src/view/panel-words/logs.ts';
import { sessionOf } from '../session/sessions.ts';

/** A leader writes on the side of a minority; the other side elects another, and its log wins. */
const story = `title: Two sides
protocol: raft
nodes: { n1..n3: replica, c: client }
seed: 1
steps:
  - fire n1 election
  - wait until LeaderElected
  - wait 100ms
  - partition n1 c | n2 n3
  - c put x 1
  - wait 5ms
  - fire n2 election
  - wait until LeaderElected
  - wait 50ms
  - heal
  - wait until LogTruncated
`;

function finished(): Session {
  const session = sessionOf(story);
  session.run(untilBreakpoint);
  return session;
}

const newest = { type: 'newest', count: 40 } as const;

/** The step of the last event of that name. */
function stepOf(session: Session, name: string): number {
  let found = -1;
  session.walk(0, ({ step, effects }) => {
    if (effects.events.some((event) => event.name === name)) found = step;
  });
  return found;
}

describe('a real session', () => {
  const session = finished();
  const truncated = stepOf(session, 'LogTruncated');
  const viewAt = (step: number) => {
    session.goto(step);
    return logsOf(session, { type: 'from', index: 1, count: 10 });
  };

  test('those outside of the window are counted, as by a source that begins there', () => {
    const source = logsSource();
    const window = { type: 'from', index: 1, count: 1 } as const;
    let most = 0;
    // Each step around the conflict, and some of the others: all of them would take a minute.
    const steps = Array.from({ length: session.length + 1 }, (_, step) => step).filter(
      (step) => Math.abs(step - truncated) <= 30 || step % 40 === 0,
    );
    for (const step of [...steps, ...steps.toReversed(), 0, session.length, 40, 7]) {
      session.goto(step);
      const view = source.view(session, window);
      expect(view).toEqual(logsSource().view(session, window));
      const all = logsSource().view(session, { type: 'from', index: 1, count: 400 });
      const found = all.groups.map(({ conflicts }) => conflicts.filter(({ index }) => index > view.to).length);
      expect(view.groups.map(({ elsewhere }) => elsewhere.after)).toEqual(found);
      most = Math.max(most, ...found);
    }
    expect(most).toBeGreaterThan(0);
  });

  test('logs that differ are a conflict, and say what each node has', () => {
    // The client has sent its write again and again: n1 has it many times.
    expect(conflictTexts(viewAt(truncated - 1).groups)[0]).toBe(
      'Logs differ at index 2. n1: put x 1 (term 1). n2, n3: no-op (term 2), committed.',
    );
  });

  test('what a step removed is still there, struck, and gone one step later', () => {
    const view = viewAt(truncated);
    expect(changeTexts(view)[0]).toMatch(/^n1 removes entries 2 to \d+; appends entr/);
    expect(view.groups[0]!.logs[0]!.entries[1]).toMatchObject({
      label: 'no-op', changed: true, removed: { epoch: 1, label: 'put x 1' },
    });
    expect(view.groups[0]!.conflicts).toEqual([]);
    const [n1] = viewAt(truncated - 1).groups[0]!.logs;
    expect(n1!.entries[1]!.removed).toBeUndefined();
  });

  test('a leader marks the logs of its followers', () => {
    const [n1, n2, n3] = viewAt(truncated - 1).groups[0]!.logs;
    expect(n2!.marks).toEqual([]);
    expect(n3!.marks).toEqual([{ leader: 'n2', next: n3!.last + 1, match: n3!.last }]);
    expect(n1!.marks.map(({ leader }) => leader)).toEqual(['n2']);
  });
});

interface Made {
  readonly terms: readonly number[];
  readonly first?: number;
}

/** A moment in which each node has a log of these terms; counts the entries that are read. */
function momentOf(logs: readonly Made[]): { moment: Moment; read: () => number } {
  let read = 0;
  const nodes = logs.map(({ terms, first = 1 }, index) => {
    const entry = (at: number) => {
      read++;
      return { epoch: terms[at - first]!, value: `v${at}` };
    };
    const look: Look = {
      epoch: { name: 'term', value: 1 },
      log: { first, last: first + terms.length - 1, committed: first, entry },
    };
    return { index, id: `n${index + 1}`, role: 'replica', status: 'running', look };
  });
  return { moment: { nodes } as unknown as Moment, read: () => read };
}

describe('a window', () => {
  const long = { terms: new Array<number>(100_000).fill(1) };

  test('of 100,000 entries reads only its own', () => {
    const { moment, read } = momentOf([long, long, long]);
    const view = logsView(moment, null, { type: 'newest', count: 20 });
    expect([view.first, view.last, view.from, view.to]).toEqual([1, 100_000, 99_981, 100_000]);
    expect(read()).toBe(3 * 20 * 2);
  });

  test('of a step that appended reads no more than that and the window', () => {
    const before = momentOf([long, long, long]);
    const after = momentOf([{ terms: [...long.terms, 1] }, long, long]);
    const { read } = after;
    const view = logsView(after.moment, before.moment, { type: 'newest', count: 20 });
    expect(view.groups[0]!.logs[0]!.change).toEqual({ appended: { from: 100_001, to: 100_001 } });
    expect(read() + before.read()).toBeLessThan(400);
  });

  test('can be anywhere, and stays within the logs', () => {
    const { moment } = momentOf([long]);
    const at = (index: number) => {
      const { from, to } = logsView(moment, null, { type: 'from', index, count: 10 });
      return [from, to];
    };
    expect(at(500)).toEqual([500, 509]);
    expect(at(-5)).toEqual([1, 10]);
    expect(at(1_000_000)).toEqual([100_000, 100_000]);
  });

  test('is checked when a client asks for it', () => {
    const { selected } = logsSource();
    expect(selected({ type: 'newest', count: 9_999 })).toEqual({ type: 'newest', count: 400 });
    expect(selected({ type: 'from', index: 3, count: 10 })).toEqual({ type: 'from', index: 3, count: 10 });
    for (const wrong of [null, {}, { type: 'newest' }, { type: 'from', count: 3 }, { type: 'x', count: 3 }]) {
      expect(selected(wrong)).toBeUndefined();
    }
  });

  test('has no entries before a snapshot, and does not call them removed', () => {
    const before = momentOf([{ terms: [1, 1, 1, 1] }]);
    const after = momentOf([{ terms: [1, 1], first: 3 }]);
    const view = logsView(after.moment, before.moment, newest);
    expect(view.groups[0]!.logs[0]!.change).toMatchObject({ compacted: 3 });
    expect(view.groups[0]!.logs[0]!.change.removed).toBeUndefined();
  });

  test('shows entries that the step removed from the end', () => {
    const before = momentOf([{ terms: [1, 1, 2] }]);
    const after = momentOf([{ terms: [1] }]);
    const view = logsView(after.moment, before.moment, newest);
    const [log] = view.groups[0]!.logs;
    expect(log!.change.removed).toEqual({ from: 2, to: 3 });
    expect(log!.entries.map((one) => one?.isGone)).toEqual([false, true, true]);
  });
});
