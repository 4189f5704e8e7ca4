/** A stop at an event shows one moment, and motions from there go by actions or by lines. */
import { describe, expect, test } from 'vitest';
import {
  arrived,
  continuing,
  reversing,
  steppingBack,
  steppingInto,
  steppingOut,
  steppingOver,
} from '../../src/dap/requests/motions.ts';
import { consoleInput } from '../../src/session/console.ts';
import { Evaluator } from '../../src/session/read/evaluate.ts';
import { scopesOf } from '../../src/session/read/scopes.ts';
import { framesOf } from '../../src/session/read/stack.ts';
import type { Session } from '../../src/session/session.ts';
import { stepTargets } from '../../src/session/targets.ts';
import { breakpoint, election as write, sessionOf } from './sessions.ts';
import { type Program, programs } from './walker/programs.ts';
import { wholeSnapshotOf } from './walker/snapshot.ts';
import { arrive } from './walker/walker.ts';

const [relay, election] = programs;

function stoppedAt({ open }: Program, name: string): Session {
  const session = open();
  session.setBreakpoints([breakpoint({ type: 'event', name })]);
  arrive(session, continuing(session));
  expect(session.stop.reason).toMatchObject({ type: 'event', name });
  return session;
}

const lineOf = (session: Session) => framesOf(session, undefined, 20)[0].place;

describe('a stop at an event', () => {
  test.each([
    [relay, 'Passed'],
    [relay, 'Full'],
    [election, 'TermChanged'],
    [election, 'VoteGranted'],
    [election, 'LeaderElected'],
  ] as const)('shows what a breakpoint on its line shows: %#', (program, name) => {
    const session = stoppedAt(program, name);
    const { step, line } = session;
    const { id: site } = session.trace!.site(line);
    const other = program.open();
    other.setBreakpoints([breakpoint({ type: 'line', site }, { origin: 'line' })]);
    do arrive(other, continuing(other));
    while (other.step < step || other.line < line);
    // The event itself is known only where it stopped the session.
    session.stopAt(other.stop);
    expect(wholeSnapshotOf(session)).toEqual(wholeSnapshotOf(other));
  });

  test('has not done what is still to come, and names the event and its fields', () => {
    const session = stoppedAt(election, 'TermChanged');
    const [top] = framesOf(session, undefined, 20);
    const { moment, effects } = session.inside!;
    const acted = moment.nodes[top.node!];
    expect(acted.state).toMatchObject({ currentTerm: 1, votedFor: null });
    expect([effects.sent, moment.messages]).toEqual([[], []]);
    expect(effects.events.map(({ name }) => name)).not.toContain('TermChanged');
    const event = scopesOf(session, top).find(({ name }) => name === 'Event')!;
    const rows = event.children.list(0, 9).map(({ name, value }) => `${name} ${value}`);
    expect(rows).toEqual(['from 0', 'to 1', 'name "TermChanged"', `node "${acted.id}"`]);
  });

  test('is finished by Step Over, so that the next takes the next action', () => {
    const session = stoppedAt(election, 'TermChanged');
    const { step } = session;
    session.setBreakpoints([]);
    for (const taken of [1, 2, 3]) {
      arrive(session, steppingOver(session, undefined));
      expect([session.entered, session.step]).toEqual([null, step + taken]);
    }
  });

  test('goes on line by line with Step Into and Step Out, and back before the action', () => {
    const session = stoppedAt(election, 'TermChanged');
    const { step, line } = session;
    arrive(session, steppingInto(session, undefined, undefined));
    expect([session.step, session.line]).toEqual([step, line + 1]);
    arrive(session, steppingBack(session, undefined));
    expect(session.entered).not.toBeNull();
    const again = stoppedAt(election, 'TermChanged');
    arrive(again, steppingOut(again, undefined));
    expect(again.entered).not.toBeNull();
    expect(framesOf(again, undefined, 20)[0].name).toBe('becomeCandidate');
    const third = stoppedAt(election, 'TermChanged');
    arrive(third, steppingBack(third, undefined));
    expect([third.entered, third.step]).toEqual([null, step]);
  });

  test('leaves the threads of other nodes where they are', () => {
    const session = stoppedAt(election, 'TermChanged');
    arrive(session, steppingOver(session, undefined));
    const acted = session.effects.acted;
    const before = framesOf(session, acted, 20)[0];
    arrive(session, continuing(session));
    expect(session.handler!.node).not.toBe(acted);
    expect(framesOf(session, acted, 20)[0]).toMatchObject({ name: before.name, place: before.place });
    for (const node of session.world.nodes.keys()) expect(() => framesOf(session, node, 20)).not.toThrow();
  });

  test('that is derived is after the action, and shows no line of a handler', () => {
    const session = stoppedAt(relay, 'Even');
    expect(session.entered).toBeNull();
    const [top] = framesOf(session, undefined, 20);
    expect(top.look).toBeUndefined();
    expect(session.explain(session.step).effects.events.at(-1)!.name).toBe('Even');
  });

  test('of a boot is in the boot', () => {
    const session = relay.open();
    session.setBreakpoints([breakpoint({ type: 'event', name: 'Booted' })]);
    const nodes: (string | undefined)[] = [];
    arrive(session, continuing(session));
    arrive(session, reversing(session));
    expect(session.stop.reason.type).toBe('event');
    do {
      nodes.push(framesOf(session, undefined, 9)[0].name);
      arrive(session, continuing(session));
    } while (session.cursor.inside?.type === 'start');
    expect(nodes.length).toBeGreaterThan(0);
  });
});

describe('a command inside an action', () => {
  test('is taken after the rest of the action', () => {
    const session = stoppedAt(election, 'LeaderElected');
    const { step, handler } = session;
    const leader = session.world.nodes[handler!.node].id;
    const answer = consoleInput(session, new Evaluator(session), `drop ${leader}->n3`, undefined);
    expect(answer).toMatchObject({ type: 'moved' });
    expect([session.step, session.branch.number]).toEqual([step + 2, 0]);
    expect(session.branch.run.action(step + 2).type).toBe('drop');
  });

  test('of a panel can name a message that it has just sent', () => {
    const session = stoppedAt(relay, 'Passed');
    arrive(session, continuing(session));
    const { step } = session;
    const sent = session.inside!.effects.sent.at(-1)!;
    const { from, to, ordinal, copy } = sent;
    session.setBreakpoints([]);
    session.take({ type: 'deliver', at: 0, from, to, ordinal, copy });
    expect([session.step, session.branch.run.action(step + 2)]).toMatchObject([
      step + 2,
      { type: 'deliver', from, to, ordinal },
    ]);
  });

  test('that is not possible changes nothing', () => {
    const session = stoppedAt(election, 'TermChanged');
    const { step, line } = session;
    const answer = consoleInput(session, new Evaluator(session), 'restart n1', undefined);
    expect(answer.type).toBe('problem');
    expect([session.step, session.line]).toEqual([step, line]);
  });
});

describe('going back', () => {
  test('from the end stops after the last action', () => {
    const session = programs[3].open();
    arrive(session, continuing(session));
    const last = session.step;
    const node = session.explain(last).effects.acted;
    session.setBreakpoints([breakpoint({ type: 'data', node, path: [] }, { origin: 'data' })]);
    session.goto(last - 1);
    arrive(session, continuing(session));
    expect([session.step, session.stop.type]).toEqual([last, 'data breakpoint']);
    expect(arrive(session, continuing(session)).type).toBe('end');
    arrive(session, reversing(session));
    expect([session.step, session.stop.type]).toEqual([last, 'data breakpoint']);
  });

  test('keeps the line of an invariant, also after an action without a handler', () => {
    const session = relay.open();
    const file = 'relay.ts';
    const text = session.code.files.get(file)!.split('\n');
    const line = text.findIndex((one) => one.includes('count > 20')) + 1;
    const { id: site } = session.code.variants!.sites.find((one) => one.line === line)!;
    session.setBreakpoints([breakpoint({ type: 'line', site }, { origin: 'line' })]);
    while (arrive(session, continuing(session)).type !== 'end');
    let isFault = false;
    while (arrive(session, reversing(session)).reason.type === 'line') {
      isFault ||= session.handler === undefined && session.cursor.inside?.type === 'action';
      expect(lineOf(session)).toMatchObject({ file, line });
    }
    expect(isFault).toBe(true);
  });

  test('a message that will be lost is lost when it is due', () => {
    const session = relay.open();
    session.setBreakpoints([]);
    const isLost = () => stepTargets(session)[0]?.name.includes('will be lost') === true;
    while (!isLost()) arrive(session, steppingOver(session, undefined));
    const due = session.next()!.at;
    const [target] = stepTargets(session);
    arrive(session, steppingInto(session, undefined, target));
    expect(session.world.time).toBe(due);
    expect(session.effects.lost).toBe(true);
  });
});

describe('leaving a branch', () => {
  test('goes back to where it parted, and keeps it', () => {
    const session = relay.open();
    for (let i = 0; i < 6; i++) arrive(session, steppingOver(session, undefined));
    arrive(session, steppingBack(session, undefined));
    expect(session.leaveBranch()).toEqual({ type: 'no branch' });
    expect(consoleInput(session, new Evaluator(session), 'crash b', undefined).type).toBe('moved');
    arrive(session, steppingOver(session, undefined));
    expect([session.branch.number, session.step]).toEqual([1, 7]);
    const stop = arrived(session, session.leaveBranch());
    expect(stop.reason).toEqual({ type: 'branch left', number: 1 });
    expect([session.branch.number, session.step, session.length]).toEqual([0, 5, 6]);
    expect(session.branches).toHaveLength(2);
  });

  test('is not needed if its first action was entered and left', () => {
    const session = election.open();
    for (let i = 0; i < 4; i++) arrive(session, steppingOver(session, undefined));
    arrive(session, steppingBack(session, undefined));
    const all = Object.keys(session.code.protocol.roles.replica.messages);
    const kind = 'message' as const;
    session.setBreakpoints(all.map((name) => breakpoint({ type: 'function', kind, name })));
    const { length } = session;
    const other = stepTargets(session).find(({ type, name }) => type === 'instead' && /→/.test(name))!;
    arrive(session, steppingInto(session, undefined, other));
    expect(session.cursor).toMatchObject({ branch: 1, inside: { type: 'action' } });
    arrive(session, steppingBack(session, undefined));
    expect([session.branch.number, session.branches.length, session.length]).toEqual([0, 1, length]);
  });
});

test('Step Out refuses if the round of the last action is over', () => {
  const session = relay.open();
  expect(() => steppingOut(session, undefined)).toThrow('nothing to step out of');
});

describe('a stop at a failed step of the scenario', () => {
  test('shows its line, above what has just happened', () => {
    const text = write().replace('wait until LeaderElected', 'wait until LeaderElected within 1ms');
    const session = sessionOf(text);
    session.setBreakpoints([breakpoint({ type: 'violated' })]);
    arrive(session, continuing(session));
    expect(session.stop).toMatchObject({ reason: { property: 'scenario step' }, fails: 0 });
    const [top, second] = framesOf(session, undefined, 20);
    const line = text.split('\n').findIndex((one) => one.includes('within 1ms')) + 1;
    expect(top).toMatchObject({
      name: 'wait until LeaderElected within 1ms',
      place: { in: 'scenario', range: { line } },
    });
    expect(second).toMatchObject({ label: true });
  });
});
