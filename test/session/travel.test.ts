/** Going back, elsewhere and on: what is seen is what a replay gives, and nothing recorded is lost. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '../../src/kernel/digest.ts';
import { actionText, parseAction } from '../../src/kernel/text/action-text.ts';
import { possibleActions } from '../../src/kernel/possible.ts';
import { intoNext, oneAction, untilActs } from '../../src/session/pursuit.ts';
import { stepBack } from '../../src/session/reverse.ts';
import { outOfRound } from '../../src/session/round.ts';
import type { Session } from '../../src/session/session.ts';
import type { Branch } from '../../src/session/simulation.ts';
import { election, sessionOf } from './sessions.ts';

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

/** `pick` chooses among what a move leaves open. */
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
      session.run(session.entered ? oneAction : outOfRound(session));
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

describe('whatever a person does', () => {
  test('each moment is what replaying its actions gives, and no branch loses an action', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 9 }),
      moves,
      fc.nat(),
      (seed, names, nat) => {
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
    fc.assert(property, { numRuns: seeds, seed: 1 });
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

  test('that is not possible changes nothing', () => {
    const session = sessionOf(election());
    session.run(oneAction);
    expect(session.take(parseAction('restart n1')!).type).toBe('not possible');
    expect(session.take(parseAction('deliver n1->n2#99')!).type).toBe('not possible');
    expect(session.step).toBe(1);
    expect(session.branches).toHaveLength(1);
  });
});
