/** Every movement leads to the moment that a replay gives, and no recorded action is lost. */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '../../src/kernel/compare/digest.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import { possibleActions } from '../../src/kernel/possible.ts';
import { intoNext, oneAction, untilActs } from '../../src/session/pursuit.ts';
import { stepBack } from '../../src/session/reverse.ts';
import { outOfRound } from '../../src/session/round.ts';
import type { Session } from '../../src/session/session.ts';
import type { Branch } from '../../src/session/simulation.ts';
import { placeInCode } from '../../src/session/breakpoints/placement.ts';
import { breakpoint, election, sessionOf } from './sessions.ts';

const seeds = Number(process.env.LOCKSTEP_SEEDS ?? 60);

const moves = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<string>('over') },
    { weight: 3, arbitrary: fc.constantFrom('into', 'out', 'back', 'back', 'node', 'node back') },
    { weight: 2, arbitrary: fc.constantFrom('goto', 'other branch', 'instead') },
    { weight: 1, arbitrary: fc.constantFrom('crash n1', 'crash n2', 'restart n1', 'pause n3') },
  ),
  { minLength: 5, maxLength: 60 },
);

/** `pick` chooses among the possibilities of a move. */
function move(session: Session, name: string, pick: number): void {
  const { branches } = session;
  switch (name) {
    case 'over':
      session.run(oneAction);
      return;
    case 'into':
      session.run(intoNext);
      return;
    case 'out':
      session.run(session.entered ? oneAction : (outOfRound(session) ?? oneAction));
      return;
    case 'node':
      session.run(untilActs(pick % 3));
      return;
    case 'back':
      stepBack(session);
      return;
    case 'node back':
      stepBack(session, pick % 3);
      return;
    case 'goto':
      session.goto(pick % (session.branch.run.length + 1));
      return;
    case 'other branch': {
      const branch = branches[pick % branches.length];
      session.goto(pick % (branch.run.length + 1), branch);
      return;
    }
    case 'instead': {
      const choices = possibleActions(session.world);
      if (choices.length > 0) session.take(choices[pick % choices.length]);
      return;
    }
    default:
      session.take(parseAction(name)!);
  }
}

const actionsOf = ({ run }: Branch) =>
  Array.from({ length: run.length }, (_, index) => actionText(run.action(index + 1)));

describe('any sequence of movements', () => {
  test('leads to moments that replays give, and no branch loses an action', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      moves,
      fc.nat(),
      async (seed, names, nat) => {
        // As in reverse.test.ts: lets the runner exchange messages with its worker.
        await setImmediate();
        const session = sessionOf(election(seed));
        const origin = session.branches[0].run.at(0);
        const seen = new Map<Branch, string[]>();
        let pick = nat;
        for (const name of names) {
          pick = (pick * 31 + 7) % 1_000_003;
          move(session, name, pick);
          const { branch, step, world } = session;
          const replayed = origin.fork();
          branch.run.replay(replayed, step, null);
          expect(digest(world)).toBe(digest(replayed));
          for (const known of session.branches) {
            const before = seen.get(known) ?? [];
            const now = actionsOf(known);
            expect(now.slice(0, before.length)).toEqual(before);
            seen.set(known, now);
          }
        }
      },
    );
    await fc.assert(property, { numRuns: seeds, seed: 1 });
  });
});

describe('a step back', () => {
  test('undoes a step over, and leaves an entered handler first', () => {
    const session = sessionOf(election());
    for (let i = 0; i < 5; i++) session.run(oneAction);
    const before = digest(session.world);
    session.run(oneAction);
    stepBack(session);
    expect(digest(session.world)).toBe(before);
    session.run(intoNext);
    expect(session.cursor).toEqual({ branch: 0, step: 5, inside: { type: 'action', line: 0 } });
    expect(digest(session.world)).toBe(before);
    stepBack(session);
    expect(session.cursor).toEqual({ branch: 0, step: 5, inside: null });
  });

  test('at the start stays there', () => {
    const session = sessionOf(election());
    expect(stepBack(session)).toMatchObject({ stop: { type: 'entry' } });
    expect(session.step).toBe(0);
  });
});

describe('taking another action', () => {
  test('goes on in place at the end of a run, and makes a branch before it', () => {
    const session = sessionOf(election());
    for (let i = 0; i < 4; i++) session.run(oneAction);
    session.take(parseAction('crash n1')!);
    expect(session.branches).toHaveLength(1);
    stepBack(session);
    session.take(parseAction('crash n1')!);
    expect(session.branches).toHaveLength(1);
    stepBack(session);
    session.take(parseAction('crash n2')!);
    expect(session.branches).toHaveLength(2);
    expect(session.branch.run.parent).toBe(session.branches[0].run);
    expect(actionsOf(session.branches[0]).at(-1)).toBe('crash n1');
  });

  test('stops at a line breakpoint of its handler, and is taken when the run goes on', () => {
    const session = sessionOf(election());
    const request = 'RequestVote';
    const requests = () =>
      possibleActions(session.world).filter((one) => 'body' in one && one.body.type === request);
    while (requests().length < 2) session.run(oneAction);
    session.run(oneAction);
    stepBack(session);
    const chosen = requests().at(-1)!;
    const name = actionText(chosen);
    expect(actionText(session.next()!)).not.toBe(name);
    const { code } = session;
    const lines = code.files.get('raft/raft.ts')!.split('\n');
    const line = lines.findIndex((text) => text.includes(`${request}(node`)) + 2;
    const placed = placeInCode(code, 'raft/raft.ts', line);
    if ('problem' in placed) throw new Error(placed.problem.type);
    session.setBreakpoints([breakpoint(placed.trigger, { origin: 'line' })]);
    const before = session.step;
    expect(session.take(chosen)).toMatchObject({ stop: { reason: { type: 'line' } } });
    expect(session.cursor).toMatchObject({ branch: 1, step: before, inside: { type: 'action' } });
    expect(actionText(session.next()!)).toBe(name);
    session.run(oneAction);
    expect(session.step).toBe(before + 1);
    expect(actionsOf(session.branch).at(-1)).toBe(name);
  });

  test('that is not possible changes nothing', () => {
    const session = sessionOf(election());
    session.run(oneAction);
    expect(session.take(parseAction('restart n1')!).type).toBe('not possible');
    expect(session.take(parseAction('deliver n1->n2#99')!).type).toBe('not possible');
    expect(session.step).toBe(1);
    expect(session.branches).toHaveLength(1);
  });
});
