/** The tree of branches: what is remembered of each, deleting, and repeating them elsewhere. */
import { expect, test } from 'vitest';
import { actionText } from '../../src/kernel/text/action-text.ts';
import { type Branch, brokenIn } from '../../src/session/branches/branch.ts';
import { deletedWith, parseBranchCommand } from '../../src/session/branches/commands.ts';
import { FirstEventSearch } from '../../src/session/branches/first-event.ts';
import { isWorthKeeping, keptTree } from '../../src/session/branches/kept.ts';
import { regrowing } from '../../src/session/branches/regrowth.ts';
import { Following } from '../../src/session/reload.ts';
import { oneAction, untilBreakpoint } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import { election, sessionOf } from './sessions.ts';

function steps(session: Session, count: number): void {
  for (let left = count; left > 0; left--) session.run(oneAction);
}

function command(session: Session, text: string): Branch {
  const typed = session.script.command(session.ahead, text);
  if (typed.type !== 'actions') throw new Error(`${text} is not possible`);
  for (const action of typed.actions) session.take(action);
  return session.branch;
}

/** Three branches: two from the first run, and one from the first of them. */
function threeBranches(session = sessionOf(election())): Session {
  steps(session, 30);
  session.goto(10);
  command(session, 'crash n1');
  steps(session, 12);
  session.goto(15);
  command(session, 'crash n2');
  steps(session, 4);
  session.goto(20, session.branches[0]);
  command(session, 'pause n2');
  steps(session, 3);
  return session;
}

function shape({ branches }: Session): string[] {
  return branches.map(({ number, parent, run, name }) =>
    `${number} of ${parent?.number ?? '–'} at ${run.base}, ${run.length} steps${name && ` ${name}`}`);
}

function actionsOf({ run }: Branch): string[] {
  return Array.from({ length: run.length }, (_, i) => {
    const action = run.action(i + 1);
    return `${action.at} ${actionText(action)}`;
  });
}

test('a number stays with its branch when others are deleted, and is not given again', () => {
  const session = threeBranches();
  expect(shape(session)).toEqual([
    '0 of – at 0, 30 steps', '1 of 0 at 10, 23 steps',
    '2 of 1 at 15, 20 steps', '3 of 0 at 20, 24 steps',
  ]);
  const { simulation, branches } = session;
  expect(deletedWith(session, 1).map(({ number }) => number)).toEqual([1, 2]);
  expect(() => simulation.remove(session.branch)).toThrow('cannot be deleted');
  expect(() => simulation.remove(branches[0])).toThrow('cannot be deleted');
  simulation.remove(branches[1]);
  expect(branches.map(({ number }) => number)).toEqual([0, 3]);
  session.goto(5);
  expect(command(session, 'crash n2').number).toBe(4);
  expect(session.recorded.map(({ number }) => number)).toEqual([0, 3, 4]);
});

test('the first event that differs is found in parts, and again when a run grows', () => {
  const session = sessionOf(election());
  session.run(untilBreakpoint);
  const { length } = session;
  session.goto(3);
  command(session, 'crash n1');
  const search = (budget: number) => {
    const [parent, own] = session.recorded;
    const one = new FirstEventSearch(own, parent);
    while (!one.isDone) one.advance(budget);
    return one;
  };
  const early = search(1);
  expect(early.result?.own).toBeUndefined();
  expect(early.result?.instead?.step).toBeGreaterThan(3);
  session.run(untilBreakpoint);
  expect(early.isDone).toBe(false);
  while (!early.isDone) early.advance(3);
  expect(early.result).toEqual(search(1_000).result);
  const { own, instead } = early.result!;
  expect(own!.label).not.toBe(instead!.label + instead!.node);
  expect(own!.step).toBeLessThanOrEqual(session.length);
  expect(instead!.step).toBeLessThanOrEqual(length);
});

test('after a restart, branches are repeated, and the first run as far as they need it', () => {
  const old = threeBranches();
  old.branches[1].name = 'without n1';
  const wanted = old.branches.map(actionsOf);
  const fresh = sessionOf(election());
  expect(isWorthKeeping(keptTree(fresh))).toBe(false);
  expect(isWorthKeeping(keptTree(old))).toBe(true);
  for (const _ of regrowing(fresh, keptTree(old))) expect(fresh.step).toBe(0);
  expect(shape(fresh)).toEqual([
    '0 of – at 0, 20 steps', '1 of 0 at 10, 23 steps without n1',
    '2 of 1 at 15, 20 steps', '3 of 0 at 20, 24 steps',
  ]);
  expect(fresh.branches.slice(1).map(actionsOf)).toEqual(wanted.slice(1));
  expect(fresh.stale).toEqual([]);
  expect([fresh.step, fresh.branch.number]).toEqual([0, 0]);
  steps(fresh, 25);
  expect(fresh.branch.number).toBe(0);
  fresh.goto(2);
  expect(command(fresh, 'crash n2').number).toBe(4);
});

test('a repeating that ends early leaves no half branch: the others are stale, with all actions', () => {
  const old = threeBranches();
  const fresh = sessionOf(election());
  const all = regrowing(fresh, keptTree(old));
  // The first part of branch 1: it is begun only, since the parts are longer than it.
  while (!fresh.branches.some(({ number }) => number === 1) && !all.next().done);
  all.return();
  const numbers = [...fresh.branches.slice(1), ...fresh.stale].map(({ number }) => number);
  expect(numbers).toEqual([1, 2, 3]);
  const none = sessionOf(election());
  regrowing(none, keptTree(old)).return();
  expect(shape(none)).toHaveLength(1);
  expect(none.stale.map(({ number, why }) => `${number}: ${why.type}`)).toEqual([
    '1: interrupted', '2: interrupted', '3: interrupted',
  ]);
  expect(none.stale.every(({ own }) => own !== undefined && own.length > 0)).toBe(true);
  expect(none.simulation.reserve()).toBe(4);
  const again = sessionOf(election());
  for (const _ of regrowing(again, keptTree(none)));
  expect(again.branches.slice(1).map(actionsOf)).toEqual(old.branches.slice(1).map(actionsOf));
});

test('what was typed in the first run is kept by a repeating that ends early', () => {
  const old = sessionOf(election());
  steps(old, 12);
  command(old, 'crash n1');
  steps(old, 5);
  old.goto(15);
  command(old, 'crash n2');
  const none = sessionOf(election());
  regrowing(none, keptTree(old)).return();
  expect(none.stale.map(({ number, parent }) => [number, parent])).toEqual([[2, 0], [1, 2]]);
  const again = sessionOf(election());
  for (const _ of regrowing(again, keptTree(none)));
  expect(again.stale).toEqual([]);
  expect(again.branches.map(({ run }) => run.length).slice(1)).toEqual([18, 16]);
});

test('what was typed at the end of the first run is kept as a branch after a restart', () => {
  const old = sessionOf(election());
  steps(old, 12);
  command(old, 'crash n1');
  steps(old, 5);
  expect(old.branches).toHaveLength(1);
  old.goto(15);
  command(old, 'crash n2');
  const fresh = sessionOf(election());
  for (const _ of regrowing(fresh, keptTree(old)));
  expect(shape(fresh)).toEqual([
    '0 of – at 0, 12 steps', '2 of 0 at 12, 18 steps', '1 of 2 at 15, 16 steps',
  ]);
  expect(actionsOf(fresh.branches[1])).toEqual(actionsOf(old.branches[0]));
  expect(actionsOf(fresh.branches[2])).toEqual(actionsOf(old.branches[1]));
});

test('on another seed, branches are stale with the reason, and live again on the old one', () => {
  const old = threeBranches();
  const other = sessionOf(election(2));
  for (const _ of regrowing(other, keptTree(old)));
  expect(shape(other)).toEqual([expect.stringMatching(/^0 of – at 0, \d steps$/)]);
  expect(other.stale.map(({ number, why }) => `${number}: ${why.type}`)).toEqual([
    '1: parent shorter', '2: no parent', '3: parent shorter',
  ]);
  const again = sessionOf(election());
  for (const _ of regrowing(again, keptTree(other)));
  expect(again.branches.slice(1).map(actionsOf)).toEqual(old.branches.slice(1).map(actionsOf));
  expect(again.stale).toEqual([]);
});

test('a reload repeats the branch of the cursor, and the others beside it', () => {
  const old = threeBranches();
  old.goto(18, old.branches[2]);
  const fresh = sessionOf(election());
  const following = new Following(old, fresh);
  while (following.advance(7) === undefined);
  expect(following.result).toEqual({ type: 'same' });
  expect(shape(fresh).slice(1)).toEqual(shape(old).slice(1));
  expect([fresh.step, fresh.branch.number, fresh.watch.branch]).toEqual([18, 2, 2]);
  old.goto(4, old.branches[3]);
  const before = new Following(old, sessionOf(election()));
  while (before.advance(7) === undefined);
  expect(before.result).toEqual({ type: 'same' });
});

test('what breaks first is remembered with its step, also of the run that a branch parted from', () => {
  const session = sessionOf(`
protocol: naive-cluster
nodes: { n1..n3: replica, app: client }
steps:
  - wait 1s
  - partition n1 | n2 n3
  - wait 10s
`);
  session.run(untilBreakpoint);
  const [main] = session.branches;
  expect(main.broken?.what.type).toBe('violated');
  const { step } = main.broken!;
  session.goto(step + 1);
  command(session, 'crash n2');
  expect(session.branch.broken).toBeNull();
  expect(brokenIn(session.branch)?.step).toBe(step);
  session.goto(step - 1, main);
  command(session, 'crash n2');
  expect(brokenIn(session.branch)).toBe(session.branch.broken);
});

test('commands about branches', () => {
  expect(parseBranchCommand(' branches ')).toEqual({ type: 'list' });
  expect(parseBranchCommand('branch 2')).toEqual({ type: 'go', branch: 2 });
  expect(parseBranchCommand('delete branch 12')).toEqual({ type: 'delete', branch: 12 });
  expect(parseBranchCommand('name branch 2  lossy   link ')).toEqual({
    type: 'name', branch: 2, name: 'lossy link',
  });
  expect(parseBranchCommand('name branch 2')).toEqual({ type: 'name', branch: 2, name: '' });
  for (const other of ['branch', 'branch x', 'branch 2 3', 'branch 2.x', 'branches.size()']) {
    expect(parseBranchCommand(other)).toBeUndefined();
  }
});

test('the search for the first event walks each step once, also when a run grows', () => {
  const session = sessionOf(election());
  steps(session, 20);
  session.goto(10);
  command(session, 'crash n1');
  const [parent, own] = session.recorded;
  const walked: number[] = [];
  const noted = (branch: typeof own): typeof own => ({
    number: branch.number, parted: branch.parted, clocks: branch.clocks,
    get length() {
      return branch.length;
    },
    explain: (step) => branch.explain(step),
    walk(first) {
      const walk = branch.walk(first);
      return {
        get next() {
          return walk.next;
        },
        go: (most, visit) => walk.go(most, (step) => {
          walked.push(step.step);
          visit(step);
        }),
      };
    },
  });
  const search = new FirstEventSearch(noted(own), noted(parent));
  while (!search.isDone) search.advance(50);
  const once = walked.length;
  expect(Math.min(...walked)).toBe(11);
  search.advance(50);
  expect(walked).toHaveLength(once);
  session.run(oneAction);
  while (!search.isDone) search.advance(50);
  expect(walked.length - once).toBeLessThanOrEqual(1);
});
