/** The view of the State Machine panel, of real sessions: standings, transitions, what is counted. */
import { expect, test } from 'vitest';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import { escapeLabel } from '../../src/view/sequence/mermaid.ts';
import { changeText, whereText } from '../../src/view/panel-words/roles.ts';
import { rolesToMermaid } from '../../src/view/roles/roles-mermaid.ts';
import { rolesSource } from '../../src/view/roles/roles-source.ts';
import type { RolesView } from '../../src/view/roles/roles-view.ts';
import { sessionOf } from '../session/sessions.ts';

const story = `title: An election
protocol: raft
nodes: { n1..n3: replica, c: client }
seed: 1
steps:
  - fire n1 election
  - wait until LeaderElected
  - crash n1
  - fire n2 election
  - wait until LeaderElected
`;

function finished(): Session {
  const session = sessionOf(story);
  session.run(untilBreakpoint);
  return session;
}

/** `follower → candidate × 2`. */
function counts({ transitions }: RolesView): string[] {
  return transitions
    .filter(({ count }) => count > 0)
    .map(({ from, to, count }) => `${from ?? 'boot'} → ${to} × ${count}`);
}

test('counts what was taken, forwards and back, as a source that begins there does', () => {
  const session = finished();
  const source = rolesSource();
  const all = { role: null } as const;
  const last = source.view(session, all);
  expect(counts(last)).toEqual([
    'boot → follower × 3', 'follower → candidate × 2', 'candidate → leader × 2',
  ]);
  expect(whereText(last)).toBe('follower: n3. leader: n2. Not running: n1 (crashed).');
  for (const step of [0, 3, session.length, 1]) {
    session.goto(step);
    expect(source.view(session, all)).toEqual(rolesSource().view(session, all));
  }
});

test('the nodes of a crowd with consecutive numbers are named as in a scenario', () => {
  const session = sessionOf(story.replace('n1..n3: replica', 'n1..n30: replica'));
  session.run(untilBreakpoint);
  const view = rolesSource().view(session, { role: null });
  expect(whereText(view)).toBe('follower: n3..n30. leader: n2. Not running: n1 (crashed).');
  const states = view.states.map((state) => ({ ...state, nodes: ['a', 'n2', 'n3', 'n5', 'n6', 'n7', 'n08', 'm8', 'n9', 'n9'] }));
  expect(whereText({ ...view, states: states.slice(0, 1), off: [] })).toMatch(/: a, n2, n3, n5\.\.n7, n08, m8, n9, n9\.$/);
});

test('the transition just taken has its nodes, its cause and its time', () => {
  const session = finished();
  session.goto(1);
  const view = rolesSource().view(session, { role: null });
  expect(changeText(view)).toMatch(
    /^n1 becomes candidate, was follower: times out, starts election \(step 1, .*\)\.$/,
  );
  expect(view.mermaid).toContain('s0 --> s2: ');
});

test('a role that declares no standing seems to break no declaration', () => {
  const session = finished();
  session.goto(1);
  const view = rolesSource().view(session, { role: null });
  const undeclared = <Part>(part: Part) => ({ ...part, isDeclared: false });
  const transitions = view.transitions.map(undeclared);
  expect(changeText({ ...view, transitions })).toContain('does not declare this transition');
  expect(changeText({ ...view, transitions, states: view.states.map(undeclared) })).toMatch(
    /^n1 becomes candidate, was follower \(step 1, .*\)\.$/,
  );
});

test('a node narrows what is listed and counted', () => {
  const session = finished();
  const view = rolesSource().view(session, { role: 'replica', node: 'n3' });
  expect(counts(view)).toEqual(['boot → follower × 1']);
  expect(view.states.find(({ standing }) => standing === 'follower')!.nodes).toEqual(['n3']);
});

test('only standings that the configuration can reach are drawn', () => {
  const states = (more: string) => {
    const session = sessionOf(story.replace('seed: 1', `seed: 1${more}`));
    session.run(untilBreakpoint);
    const view = rolesSource().view(session, { role: 'replica' });
    expect(view.states.every(({ isDeclared }) => isDeclared)).toBe(true);
    return view.states.map(({ standing }) => standing);
  };
  expect(states('')).toEqual(['follower', 'candidate', 'leader']);
  expect(states('\noptions: { preVote: true }'))
    .toEqual(['follower', 'pre-candidate', 'candidate', 'leader']);
});

const membership = `title: A member fails
protocol: swim
nodes: { n1..n4: member }
seed: 2
steps:
  - crash n3
  - wait until MemberDied
  - wait 1s
`;

test('of SWIM, it shows what members hold others to be, and for which of them they differ', () => {
  const session = sessionOf(membership);
  session.run(untilBreakpoint);
  const source = rolesSource();
  const view = source.view(session, { role: null });
  expect([view.role, view.others]).toEqual(['member', true]);
  expect(view.states.map(({ standing }) => standing)).toEqual(['alive', 'suspect', 'dead', 'left']);
  expect(counts(view)).toEqual(expect.arrayContaining([
    'null → alive × 12', 'alive → suspect × 3', 'suspect → dead × 3',
  ].map((line) => line.replace('null', 'boot'))));
  expect(whereText(view)).toBe('alive: n1, n2, n4. dead: n3. Not running: n3 (crashed).');
  for (let step = session.length; step >= 0; step -= 7) {
    session.goto(step);
    expect(source.view(session, { role: null })).toEqual(rolesSource().view(session, { role: null }));
  }
  const suspected = view.transitions.find(({ to }) => to === 'suspect')!.last!;
  session.goto(suspected.step);
  const then = source.view(session, { role: 'member', others: true, node: 'n3' });
  expect(changeText(then)).toMatch(/^n3 \(n\d\) becomes suspect, was alive: no ack, or an update: Suspect/);
  const own = source.view(session, { role: 'member', others: false });
  expect(own.states.map(({ standing }) => standing)).toEqual(['member', 'left']);
});

test('SWIM without suspicion has no suspects', () => {
  const session = sessionOf(membership.replace('seed: 2', 'seed: 2\noptions: { suspicion: false }'));
  session.run(untilBreakpoint);
  const view = rolesSource().view(session, { role: null });
  expect(view.states.map(({ standing }) => standing)).toEqual(['alive', 'dead', 'left']);
});

test('a role without standings has no states', () => {
  const view = rolesSource().view(finished(), { role: 'client' });
  expect([view.role, view.states, view.mermaid]).toEqual(['client', [], '']);
});

test('a selection that is not one is refused', () => {
  const { selected } = rolesSource();
  expect(selected({ role: 'replica', node: 'n1' })).toEqual({ role: 'replica', node: 'n1' });
  expect(selected({ role: null })).toEqual({ role: null });
  expect(selected({ role: 'member', others: true })).toEqual({ role: 'member', others: true });
  for (const wrong of [null, {}, { role: 5 }, { role: 'replica', node: 5 }, { role: 'm', others: 1 }]) {
    expect(selected(wrong)).toBeUndefined();
  }
});

test('a standing and a transition that are not declared say so', () => {
  const view = rolesToMermaid({
    role: 'peer',
    states: [{ standing: 'king', doc: '', isDeclared: false, boots: false, nodes: ['a'] }],
    transitions: [
      { from: null, to: 'king', cause: '', isDeclared: false, count: 1, now: [] },
    ],
  });
  expect(view).toBe(
    'stateDiagram-v2\n    state "king<br/>not declared<br/>a" as s0\n    [*] --> s0: not declared × 1\n',
  );
});

test('no text of a protocol becomes syntax of Mermaid', () => {
  const nasty = '--> s1; **x** <b>end</b> "quoted" `code` #35; : {}\n%%{init}%% é \u202e';
  const text = rolesToMermaid({
    role: 'peer',
    states: [{ standing: nasty, doc: '', isDeclared: true, boots: true, nodes: [nasty] }],
    transitions: [
      { from: nasty, to: nasty, cause: nasty, isDeclared: true, count: 0, now: [] },
    ],
  });
  const lines = text.trim().split('\n');
  expect(lines).toHaveLength(3);
  const labels = [/"(.*)" as s0$/.exec(lines[1]!)![1]!, /s0 --> s0: (.*)$/.exec(lines[2]!)![1]!];
  for (const label of labels) {
    const plain = label.replaceAll('<br/>', ' ').replace(/#\d+;/g, '');
    expect(plain).not.toMatch(/[^\p{L}\p{N} ,§–·×]/u);
    expect(plain).not.toMatch(/\bend\b/);
  }
  expect(escapeLabel(nasty, 20)).not.toContain('end</b>');
});
