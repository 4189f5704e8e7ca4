/** Inside a handler: the statements, the moments between them, and the end of the action. */
import { describe, expect, test } from 'vitest';
import { digest } from '../../src/kernel/compare/digest.ts';
import { ReplayedTrace } from '../../src/session/replayed-trace.ts';
import { intoNext, oneAction } from '../../src/session/pursuit.ts';
import { stepBack } from '../../src/session/reverse.ts';
import { election, sessionOf } from './sessions.ts';

describe('inside a handler', () => {
  test('the session stays before the action, and its end is the same as that of the whole action', () => {
    const session = sessionOf(election());
    const whole = sessionOf(election());
    for (let i = 0; i < 40; i++) {
      const before = digest(session.world);
      session.run(intoNext);
      if (session.entered !== null) {
        const { trace: lines } = session;
        expect(lines).toBeInstanceOf(ReplayedTrace);
        for (let line = 0; line < lines!.length; line++) lines!.at(line);
        expect(digest(session.world)).toBe(before);
        session.run(oneAction);
      }
      whole.run(oneAction);
      expect(digest(session.world)).toBe(digest(whole.world));
    }
  });

  test('a step back leads to the statement before', () => {
    const session = sessionOf(election());
    session.run(intoNext);
    const lines = session.trace!;
    const seen: number[] = [];
    for (let line: number | undefined = 0; line !== undefined; line = lines.over(line)) {
      session.moveTo(line, session.stop);
      seen.push(line);
    }
    const back = [session.line];
    while (stepBack(session) && session.entered !== null) back.push(session.line);
    expect(back.reverse()).toEqual(seen);
  });

  test('the state changes line by line', () => {
    const session = sessionOf(election());
    session.run(intoNext);
    const lines = session.trace!;
    const node = lines.effects.acted;
    const term = (line: number) => lines.at(line).moment.nodes[node].state.currentTerm;
    expect([term(0), term(lines.length - 1)]).toEqual([0, 1]);
    const sent = lines.records.sent;
    expect([...sent].sort((a, b) => a - b)).toEqual(sent);
    expect(lines.at(lines.length - 1).effects.sent.length).toBe(sent.at(-1));
  });
});
