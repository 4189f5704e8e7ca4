/** Any run becomes a scenario of plain steps that leads to the same states. */
import { expect, test } from 'vitest';
import { simulate } from '../../src/check/simulate.ts';
import { stateDifference } from '../../src/kernel/compare/difference.ts';
import { type BranchSaved, savedStepsMost, savingRun } from '../../src/explore/saved/branch.ts';
import { parsedAgain } from '../../src/explore/saved/saved.ts';
import { oneAction, untilBreakpoint } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import { sessionOf } from '../session/sessions.ts';

function saved(session: Session, text: string, name = 'Branch'): BranchSaved {
  const { branch: { run }, scenario, script } = session;
  const end = run.at(run.length);
  const all = savingRun({ scenario, text }, {
    length: run.length, action: (step) => run.action(step), name, end,
    verdicts: script.verdicts(end, false),
  });
  for (;;) {
    const next = all.next();
    if (next.done) return next.value;
  }
}

function textOf(result: BranchSaved): string {
  if (result.type !== 'saved') throw new Error(JSON.stringify(result));
  return result.text;
}

/** The saved text leads to the states at the end of the branch. */
function leadsThere(session: Session, text: string): void {
  const { branch: { run }, scenario } = session;
  const { world } = simulate(parsedAgain(text, scenario)!);
  expect(stateDifference(run.at(run.length), world)).toBeUndefined();
}

function command(session: Session, text: string): void {
  const typed = session.script.command(session.ahead, text);
  if (typed.type !== 'actions') throw new Error(`${text} is not possible`);
  for (const action of typed.actions) session.take(action);
}

const paxos = `# Two proposers.
title: A duel
protocol: paxos
nodes: { p1..p2: proposer, a1..a3: acceptor }
network: { latency: 1ms..20ms }
seed: 4
steps:
  - start p1 propose red  # the first
  - wait 3ms
  - start p2 propose blue
  - wait 1s
`;

test('without time: each delivery and timer is a step, and the original steps are told', () => {
  const session = sessionOf(paxos);
  for (let step = 0; step < 9; step++) session.run(oneAction);
  session.goto(4);
  const [{ from, to, ordinal }] = session.world.messages;
  command(session, `drop ${from}->${to}#${ordinal}`);
  for (let step = 0; step < 12; step++) session.run(oneAction);
  const text = textOf(saved(session, paxos, 'A duel: branch 1'));
  expect(text).toContain('title: "A duel: branch 1"');
  expect(text).toContain(`drop ${from}->${to} `);
  expect(text).toMatch(/deliver p\d->a\d/);
  expect(text).toContain('  # start p1 propose red\n  - start p1 propose red');
  expect(text).toContain('  # start p2 propose blue\n  - start p2 propose blue');
  leadsThere(session, text);
});

test('a protocol with time: the waits are written, and what is due comes by itself', () => {
  const scenario = `
title: An election and a write
protocol: raft
nodes: { n1..n3: replica, app: client }
network: { latency: 1ms..20ms }
seed: 1
steps:
  - wait until LeaderElected
  - app put x 1
  - crash the leader
  - wait 300ms
expect:
  - event LeaderElected
`;
  const session = sessionOf(scenario);
  session.run(untilBreakpoint);
  session.goto(8);
  command(session, 'pause n1');
  for (let step = 0; step < 25; step++) session.run(oneAction);
  const text = textOf(saved(session, scenario));
  expect(text).toContain('# wait until LeaderElected');
  expect(text).toContain('pause n1');
  expect(text).toContain('event LeaderElected');
  leadsThere(session, text);
});

test('connections send again what is held, so their network stays as it is', () => {
  const scenario = `
protocol: redis-lock
nodes: { redis: redis, A: worker, B: worker }
seed: 3
steps:
  - A redis "SET lock:order42 server-a NX EX 10"
  - wait 60s
  - B redis "SET lock:order42 server-b NX EX 10"
`;
  const session = sessionOf(scenario);
  for (let step = 0; step < 3; step++) session.run(oneAction);
  command(session, 'pause A for 2s');
  for (let step = 0; step < 20; step++) session.run(oneAction);
  const text = textOf(saved(session, scenario));
  expect(text).toContain('pause A for 2s');
  leadsThere(session, text);
});

test('a run that breaks something keeps the expectations that say so, and those that hold', () => {
  const scenario = `
protocol: naive-cluster
nodes: { n1..n3: replica, app: client }
steps:
  - wait 1s
  - partition n1 | n2 n3
  - wait 10s
expect:
  - event LeaderElected
  - event WriteAnswered
`;
  const session = sessionOf(scenario);
  session.run(untilBreakpoint);
  const { step } = session.branch.broken!;
  session.goto(step - 1);
  command(session, 'pause n3');
  const text = textOf(saved(session, scenario));
  expect(text).toContain('event LeaderElected');
  expect(text).not.toContain('event WriteAnswered');
  leadsThere(session, text);
});

test('a long run is refused with its length', () => {
  const session = sessionOf(paxos);
  session.run(oneAction);
  const { branch: { run }, scenario, script, world: end } = session;
  const { value } = savingRun({ scenario, text: paxos }, {
    length: 100_000, action: (step) => run.action(step), name: '', end,
    verdicts: script.verdicts(end, false),
  }).next();
  expect(value).toEqual({ type: 'too long', length: 100_000, most: savedStepsMost });
});

test('a run whose end is another one is not written', () => {
  const session = sessionOf(paxos);
  for (let step = 0; step < 9; step++) session.run(oneAction);
  const { branch: { run }, scenario, script } = session;
  const all = savingRun({ scenario, text: paxos }, {
    length: 9, action: (step) => run.action(step), name: '', end: run.at(4),
    verdicts: script.verdicts(run.at(4), false),
  });
  let next = all.next();
  while (!next.done) next = all.next();
  expect(next.value).toMatchObject({ type: 'differs', field: expect.stringMatching(/\.state\./) });
});
