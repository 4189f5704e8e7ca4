/** The seam: other suppliers than a simulation satisfy it, and say what they cannot do. */
import { describe, expect, test } from 'vitest';
import type { Movement } from '../../src/kernel/seam/movement.ts';
import { parseAction } from '../../src/kernel/text/action-text.ts';
import { capabilities } from '../../src/dap/capabilities.ts';
import { RequestRefusal } from '../../src/dap/refusal.ts';
import { reversing, steppingBack } from '../../src/dap/requests/motions.ts';
import { oneAction } from '../../src/session/pursuit.ts';
import { Evaluator } from '../../src/session/read/evaluate.ts';
import { nodeName } from '../../src/session/read/names.ts';
import type { Reading } from '../../src/session/read/reading.ts';
import { scopesOf } from '../../src/session/read/scopes.ts';
import { framesOf } from '../../src/session/read/stack.ts';
import { stepBack } from '../../src/session/reverse.ts';
import type { Session } from '../../src/session/session.ts';
import { Simulation } from '../../src/session/simulation.ts';
import { stepTargets } from '../../src/session/targets.ts';
import { Live, record, Recording, RecordingReading } from './recorded.ts';
import { election, sessionOf } from './sessions.ts';

const steps = 24;

/** A session after some steps. */
function afterSteps(session: Session): Session {
  for (let taken = 0; taken < steps; taken++) session.run(oneAction);
  return session;
}

const whole = afterSteps(sessionOf(election()));
const recorded = record(whole);
const crash = parseAction('crash n1')!;

const simulation = () => {
  const made = new Simulation(whole.script);
  for (let taken = 0; taken < steps; taken++) made.next();
  made.goto(0);
  return made;
};

describe.each<[string, () => Movement]>([
  ['a simulation', simulation],
  ['a recording', () => new Recording(recorded)],
  ['a live system', () => new Live(recorded)],
])('%s', (_name, make) => {
  test('supplies the same moments and effects, step by step', () => {
    const movement = make();
    expect(movement.length).toBe(steps);
    for (const { moment, effects } of recorded) {
      expect(movement.moment.step).toBe(moment.step);
      expect(movement.moment.time).toBe(moment.time);
      expect(movement.moment.nodes.map(({ state }) => state)).toEqual(
        moment.nodes.map(({ state }) => state),
      );
      expect(movement.moment.messages).toHaveLength(moment.messages.length);
      expect(movement.effects.events).toEqual(effects.events);
      if (moment.step < steps) expect(movement.next()).toEqual({ type: 'moved' });
    }
  });

  test('goes to a later step, and not beyond the last', () => {
    const movement = make();
    expect(movement.goto(7)).toEqual({ type: 'moved' });
    expect(movement.moment.step).toBe(7);
    expect(movement.goto(steps + 1)).toEqual({ type: 'no such step', step: steps + 1 });
    expect(movement.moment.step).toBe(7);
  });

  test('goes back, or says that it cannot', () => {
    const movement = make();
    movement.goto(7);
    const canGoBack = movement.capabilities.back !== 'impossible';
    const refused = { type: 'unsupported', capability: 'back' };
    expect(movement.back()).toEqual(canGoBack ? { type: 'moved' } : refused);
    expect(movement.moment.step).toBe(canGoBack ? 6 : 7);
    expect(movement.goto(2)).toEqual(canGoBack ? { type: 'moved' } : refused);
    expect(movement.effects.acted).toBe(recorded[canGoBack ? 2 : 7].effects.acted);
  });

  test('takes another action, or says that it cannot; the next one it takes in any case', () => {
    const movement = make();
    movement.goto(3);
    expect(movement.take(recorded[4].action!)).toEqual({ type: 'moved' });
    expect(movement.moment.step).toBe(4);
    const { branches } = movement.capabilities;
    const refused = { type: 'unsupported', capability: 'branches' };
    expect(movement.take(crash)).toEqual(branches ? { type: 'moved' } : refused);
    expect(movement.moment.node('n1')!.status).toBe(branches ? 'crashed' : 'running');
  });
});

/** All that the readers show of the top frame. */
function shown(reading: Reading): unknown {
  const frames = framesOf(reading, undefined, 20);
  const scopes = scopesOf(reading, frames[0]);
  const terms = new Evaluator(reading).evaluate('nodes.map(n, n.epoch)', frames[0]);
  return {
    frames: frames.map(({ name, place }) => ({ name, place })),
    scopes: scopes
      .filter(({ name }) => name !== 'Locals' && name !== 'Constants')
      .map(({ name, children }) => ({
        name,
        rows: children.list(0, 50).map((row) => `${row.name}: ${row.value}`),
      })),
    threads: reading.moment.nodes.map(nodeName),
    terms: terms.type === 'value' ? terms.variable.value : terms.problem,
  };
}

describe('the readers', () => {
  test('show of a recording what they show of the session that was recorded', () => {
    const session = afterSteps(sessionOf(election()));
    const recording = new Recording(record(session));
    const reading = new RecordingReading(recording, session);
    for (const step of [1, 2, 5, 11, steps]) {
      session.goto(step);
      recording.goto(step);
      expect(shown(reading)).toEqual(shown(session));
    }
  });

  test('label where the steps of a live system are not available any more', () => {
    const live = new Live(recorded);
    live.goto(steps);
    const frames = framesOf(new RecordingReading(live, whole), undefined, 20);
    expect(frames[0].step).toBe(steps);
    expect(frames.at(-1)!.name).toBe('— earlier steps are not available —');
    expect(frames.length).toBeLessThan(framesOf(whole, undefined, 20).length);
  });
});

describe('a session', () => {
  const refusedBack = { type: 'unsupported', capability: 'back' };

  test('that cannot go back says so and stays', () => {
    const session = afterSteps(
      sessionOf(election(), [], { branches: true, back: 'impossible' }),
    );
    expect(stepBack(session)).toEqual(refusedBack);
    expect(stepBack(session, 1)).toEqual(refusedBack);
    expect(session.goto(3)).toEqual(refusedBack);
    expect(session.step).toBe(steps);
    for (const begin of [steppingBack, reversing]) {
      const refused = { code: 'not moved', why: refusedBack };
      expect(() => begin(session, undefined)).toThrow(expect.objectContaining({ refused }));
      expect(() => begin(session, undefined)).toThrow(RequestRefusal);
    }
    const told = capabilities(session.code.protocol, undefined, session.capabilities);
    expect(told).toMatchObject({ supportsStepBack: false, supportsRestartFrame: false });
    session.run(oneAction);
    expect(session.step).toBe(steps + 1);
  });

  test('that cannot branch offers and takes the next action only', () => {
    const session = afterSteps(
      sessionOf(election(), [], { branches: false, back: 'from the start' }),
    );
    expect(session.goto(5)).toMatchObject({ type: 'stopped' });
    expect(session.take(crash)).toEqual({ type: 'unsupported', capability: 'branches' });
    expect(session.branches).toHaveLength(1);
    expect(stepTargets(session).map(({ type }) => type)).not.toContain('instead');
    expect(session.take(session.branch.run.action(6))).toMatchObject({ type: 'stopped' });
    expect(session.step).toBe(6);
  });
});
