/** Searching for a schedule from the paused moment, in conversations with the real adapter. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { afterEach, expect, test } from 'vitest';
import { findHere } from '../../src/cli/find/here.ts';
import type { FindStatus, FindTargets } from '../../src/dap/find/finder.ts';
import type { FindResponse } from '../../src/dap/requests/find.ts';
import { type Adapter, repository, startAdapter } from './client.ts';
import { Host } from './inline-host.ts';

const samples = `${repository}samples/find-the-bug`;
const scenario = (name: string) => `${samples}/${name}.scenario.yaml`;
const onThread = { threadId: 1 };
const adapters: Adapter[] = [];

afterEach(() => {
  for (const { process } of adapters.splice(0)) process.kill();
});

async function paused(program: string, more: object = {}) {
  const adapter = startAdapter();
  adapters.push(adapter);
  const { client } = adapter;
  await client.ask('initialize', { adapterID: 'lockstep', supportsProgressReporting: true });
  await client.ask('launch', { program, stopOnEntry: true, trusted: true, ...more });
  await client.event('initialized');
  await client.ask('setExceptionBreakpoints', { filters: ['violated'] });
  const stop = client.event<DebugProtocol.StoppedEvent['body']>('stopped');
  await client.ask('configurationDone');
  const first = await stop;
  const find = async (request: object) =>
    (await client.ask('lockstep/find', request)) as FindResponse;
  const refused = async (command: string, request: object) => {
    const { success, message, body } = await client.send(command, request);
    expect(success).toBe(false);
    const format = (body as { error?: { format: string } } | undefined)?.error?.format;
    return format ?? message;
  };
  const top = async () => (await client.ask('stackTrace', onThread)).stackFrames[0]!.name;
  const cluster = async () => (await client.ask('threads')).threads[0]!.name;
  return { client, find, refused, top, cluster, first };
}

test('a finding opens as a branch, one action before the break; the run itself stays', async () => {
  const { client, find, cluster, top } = await paused(scenario('quorum'));
  await client.move('next');
  await client.move('next');
  const before = await top();
  const found = await find({ mode: 'bfs', time: 'untimed' });
  expect(found.lines[0]).toBe(
    '✗ violated: One Leader: c1 and c2 were both elected (8 actions after the moment where you searched)',
  );
  expect(found).toMatchObject({
    outcome: 'violated',
    finding: { number: 1, promise: 'One Leader', actions: 8, from: { branch: 0, step: 2 } },
  });
  // The search is beside the session, which stays where it is.
  expect(await top()).toBe(before);
  const stop = await client.move('lockstep/openFinding', { finding: 1 });
  expect(stop.description).toBe('Paused one action before One Leader breaks');
  expect(await cluster()).toBe('Cluster · branch 1');
  const broken = await client.move('next');
  expect(broken.reason).toBe('exception');
  await client.move('stepBack');
  await client.move('lockstep/leaveBranch', {});
  expect(await cluster()).toBe('Cluster');
  expect(await top()).toBe(before);
});

test('a finding at the end of what was recorded is a branch, too', async () => {
  const { client, find, cluster } = await paused(scenario('quorum'));
  const found = await find({ mode: 'bfs', time: 'untimed', target: 'invariant One Leader' });
  await client.move('lockstep/openFinding', { finding: found.finding!.number });
  expect(await cluster()).toBe('Cluster · branch 1');
  await client.move('lockstep/leaveBranch', {});
  expect(await cluster()).toBe('Cluster');
});

test('without a request, walks and then a search find it within a budget of faults', async () => {
  const { client, find } = await paused(scenario('transaction'));
  const found = await find({ faults: 'crashes=1' });
  expect(found.finding).toMatchObject({ promise: 'Atomicity' });
  await client.move('lockstep/openFinding', { finding: 1 });
  expect((await client.move('next')).reason).toBe('exception');
});

test('a search that holds says how far, and one that a limit ended is unknown', async () => {
  const { find } = await paused(scenario('release'));
  const holds = await find({ mode: 'bfs' });
  expect(holds.outcome).toBe('holds');
  expect(holds.lines[0]).toMatch(/^✓ holds in all \d+ states within these bounds$/);
  expect(holds.cut).toContain('times');
  const cut = await find({ mode: 'bfs', limits: { states: 20 } });
  expect(cut.outcome).toBe('unknown');
  expect(cut.lines[0]).toBe('? unknown: stopped at the limit of states after 20 states');
  const walks = await find({ mode: 'pct', limits: { runs: 3 } });
  expect(walks.lines[0]).toBe('? unknown: stopped at the limit of runs after 3 runs without a violation');
});

test('another search begins where the first one did, wherever the session is by then', async () => {
  const { client, find, refused } = await paused(scenario('release'));
  const limits = { states: 20 };
  const { from, at } = await find({ mode: 'bfs', limits });
  expect(at).toEqual(from);
  for (let step = 0; step < 3; step++) await client.move('next');
  expect((await find({ mode: 'bfs', limits })).from).toEqual({ ...from, step: from.step + 3 });
  const again = { mode: 'bfs', time: 'untimed', faults: 'crashes=1,drops=1', from } as const;
  const found = await find(again);
  expect(found.from).toEqual(from);
  expect(found.at).toEqual({ ...from, step: from.step + 3 });
  expect(found.finding?.from).toEqual(from);
  expect(await refused('lockstep/find', { ...again, from: { branch: 7, step: 0 } }))
    .toMatch(/^The run from which the search began is no longer part of the session/);
  expect(await refused('lockstep/find', { ...again, from: { branch: 0, step: 9_999 } }))
    .toMatch(/^Step 9,999 does not exist: this run has \d+\.$/);
});

test('walks that find nothing beside a search that holds are told without a verdict', async () => {
  const { find } = await paused(scenario('release'));
  const limits = { runs: 3 };
  const request = { mode: 'auto', faults: 'drops=1', reduction: false, limits };
  const { outcome, lines, reduction } = await find(request);
  expect(outcome).toBe('holds');
  expect(reduction).toEqual({ none: { code: 'off' } });
  expect(lines).toContain('beside it, 3 runs found no violation');
  expect(lines.at(-1)).toBe('nothing was tried beyond these bounds: you chose them');
});

test('where handlers read a clock, untimed does not apply, and the reason is known before', async () => {
  const { client, find } = await paused(scenario('lease'));
  const described = (await client.ask('lockstep/findTargets', {})) as FindTargets;
  expect(described.targets).toEqual([
    {
      id: 'expectation event Acquired at c1', kind: 'expectation', text: 'event Acquired at c1',
      note: 'at the end',
    },
    { id: 'invariant Mutual Exclusion', kind: 'invariant', text: 'Mutual Exclusion' },
  ]);
  const { node, handler } = described.readsClock!;
  // A check of a condition, one for each letter that is typed, does not look for it.
  const checked = await client.ask('lockstep/findTargets', { condition: 'c1.up' });
  expect(checked).not.toHaveProperty('readsClock');
  const untimed = await find({ mode: 'bfs', time: 'untimed' });
  expect(untimed.outcome).toBe('unknown');
  expect(untimed.lines[0]).toContain(`the handler of ${handler} at ${node} reads a clock`);
  expect(untimed.lines[0]).toContain('run without the untimed meaning of time');
  expect((await find({ time: 'timed' })).outcome).toBe('violated');
});

test('a run after which a state is not reached in time opens as a branch', async () => {
  const { client, find } = await paused(scenario('transaction'));
  const described = (await client.ask('lockstep/findTargets', {})) as FindTargets;
  expect(described.nodes).toEqual(['coordinator', 'a', 'b']);
  const leadsTo = { condition: 'a.state.status != "prepared"', within: '10s' };
  const found = await find({ leadsTo, faults: 'crashes=1' });
  expect(found.lines[0]).toContain('leads to a.state.status != "prepared": not reached within 10 s once');
  const stop = await client.move('lockstep/openFinding', { finding: 1 });
  expect(stop.description).toContain('leads to a.state.status != "prepared"');
});

test('a state is searched for; what is promised is not judged then', async () => {
  const { client, find, refused } = await paused(scenario('quorum'));
  const found = await find({ mode: 'bfs', reach: 'c1.state.votes.size() > 0' });
  expect(found.lines[0]).toMatch(
    /^✗ reached: c1.state.votes.size\(\) > 0 \((after \d+ actions|\d+ actions after the moment where you searched)\)$/,
  );
  const stop = await client.move('lockstep/openFinding', { finding: 1 });
  expect(stop.description).toBe('Paused one action before c1.state.votes.size() > 0 is true');
  expect(await refused('lockstep/savedFinding', { finding: 1 })).toBe(
    'The finding cannot be saved as a scenario: what was searched for is not a promise of a scenario.',
  );
});

test('the session steps on while a search runs, which is cancelled by its request', async () => {
  const { client, refused, top } = await paused(scenario('commitment'));
  // No state is like this, and there are more than any machine visits before the search is cancelled.
  const endless = {
    time: 'untimed', reach: 'false', faults: 'drops=9,duplicates=9', limits: { states: 50_000_000 },
  };
  const search = client.send('lockstep/find', { ...endless, mode: 'bfs' });
  const progress = await client.event<FindStatus>('lockstep/findProgress');
  expect(progress).toMatchObject({ phase: 'replaying' });
  await client.move('next');
  expect(await top()).not.toContain('start');
  expect(await refused('lockstep/find', {})).toContain('A search is under way already');
  type Started = DebugProtocol.ProgressStartEvent['body'];
  let shown = await client.event<Started>('progressStart');
  // On a busy machine, the load shows its progress as well.
  while (shown.title.startsWith('Loading')) shown = await client.event<Started>('progressStart');
  expect(shown).toMatchObject({ title: 'Looking for a schedule that breaks it', cancellable: true });
  await client.ask('cancel', { progressId: shown.progressId });
  expect(await search).toMatchObject({ success: false, message: 'cancelled' });
  const again = client.send('lockstep/find', { ...endless, mode: 'dfs' });
  await client.event('lockstep/findProgress');
  await client.ask('lockstep/cancelFind');
  expect(await again).toMatchObject({ success: false, message: 'cancelled' });
});

test('requests that are wrong are refused with what to do', async () => {
  const { client, refused } = await paused(scenario('quorum'));
  expect(await refused('lockstep/find', { mode: 'bsf' })).toBe(
    'There is no mode `bsf` (did you mean `bfs`?).',
  );
  expect(await refused('lockstep/find', { faults: 'floods=1' })).toContain('there is no fault `floods`');
  expect(await refused('lockstep/find', { time: 'soon' })).toContain('must be `timed` or `untimed`');
  expect(await refused('lockstep/find', { limits: { states: 0 } })).toContain('must be a positive integer');
  expect(await refused('lockstep/find', { reach: 'c1.vots' })).toMatch(/^"reach":1:\d+: /);
  expect(await refused('lockstep/find', { inside: 'c1.vots' })).toMatch(/^"inside":1:\d+: /);
  // A condition that is typed for any of the fields names none of them.
  expect(await refused('lockstep/findTargets', { condition: 'c1.vots' })).toMatch(/^Column \d+: \S/);
  const leadsTo = { condition: 'c1.up', within: 'soon' };
  expect(await refused('lockstep/find', { leadsTo })).toContain('must be a time above zero, such as 10s, not `soon`');
  const aims = { reach: 'true', target: 'invariant One Leader' };
  expect(await refused('lockstep/find', aims)).toContain('Choose one of');
  expect(await refused('lockstep/find', { on: [] })).toContain('leave it out for all nodes');
  expect(await refused('lockstep/find', { on: ['c9'] })).toContain('There is no node `c9`');
  expect(await refused('lockstep/find', { target: 'invariant One' })).toContain('There is no target');
  expect(await refused('lockstep/openFinding', { finding: 3 })).toContain('There is no finding 3');
  expect(await refused('lockstep/openFinding', {})).toContain('must be a positive integer');
  await client.move('continue');
  expect(await refused('lockstep/find', {})).toContain('Nothing can happen after this moment');
});

test('what the run has broken before is not searched for, and is said', async () => {
  const { client, find, refused } = await paused(scenario('quorum'));
  await find({ mode: 'bfs', time: 'untimed' });
  await client.move('lockstep/openFinding', { finding: 1 });
  await client.move('next');
  const target = 'invariant One Leader';
  expect(await refused('lockstep/find', { target })).toContain('This run has broken the promise already');
  const { brokenBefore } = await find({ mode: 'bfs', limits: { states: 100 } });
  expect(brokenBefore).toEqual([expect.stringMatching(/^One Leader: c1 and c2 were both elected \(step \d+\)$/)]);
});

test('a launch opens a run that was found without a session', async () => {
  const { find } = await paused(scenario('quorum'));
  const host = new Host({ find: findHere });
  await host.launch({ program: scenario('quorum'), stopOnEntry: true });
  expect((await find({ mode: 'bfs', time: 'untimed' })).outcome).toBe('violated');
  const actions = [
    { type: 'invoke', at: 0, node: 'c1', operation: 'stand', args: {}, step: 0 },
    { type: 'deliver', at: 0, from: 'c1', to: 'v1', ordinal: 1, copy: 0 },
  ];
  const finding = { actions, promise: 'One Leader' };
  const { client, cluster, first, refused } = await paused(scenario('quorum'), { finding });
  expect(first.description).toBe('Paused one action before One Leader breaks');
  expect(await cluster()).toBe('Cluster · branch 1');
  await client.move('next');
  expect(await refused('launch', {})).toContain('already');
  const wrong = startAdapter();
  adapters.push(wrong);
  await wrong.client.ask('initialize', { adapterID: 'lockstep' });
  const program = scenario('quorum');
  const answer = await wrong.client.send('launch', { program, finding: { actions: [{}], promise: '' } });
  expect(answer.success).toBe(false);
});

test('in one thread, as in a web worker, a search leaves room for other requests', async () => {
  const host = new Host({ find: findHere });
  await host.launch({ program: scenario('quorum'), stopOnEntry: true });
  const search = host.ask('lockstep/find', { mode: 'bfs', time: 'untimed' });
  await host.event('lockstep/findProgress');
  await host.ask('stackTrace', onThread);
  expect(((await search) as FindResponse).finding).toMatchObject({ promise: 'One Leader' });
  const saved = await host.ask('lockstep/savedFinding', { finding: 1 });
  expect(saved).toMatchObject({ name: 'quorum-one-leader' });
  expect((saved as { text: string }).text).toContain('  - deliver c1->v1 RequestVote');
});

test('an adapter that cannot search says so', async () => {
  const host = new Host();
  await host.launch({ program: scenario('quorum'), stopOnEntry: true });
  const { success, message } = await host.send('lockstep/find', {});
  expect(success).toBe(false);
  expect(message).toContain('lockstep explore');
});

test('a handler that does not end is a finding, and does not hang the search', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-find-'));
  const file = (name: string) => path.join(folder, name);
  writeFileSync(file('endless.ts'), endless);
  writeFileSync(file('endless.scenario.yaml'), endlessScenario);
  const { find } = await paused(file('endless.scenario.yaml'));
  const { outcome, lines } = await find({ mode: 'bfs', limits: { seconds: 20 } });
  expect(outcome).toBe('violated');
  expect(lines[0]).toContain('does not end');
});

const endless = `import { defineProtocol, operation, role, type RoleTypes } from 'lockstep';

interface Peer extends RoleTypes {
  state: { got: number };
  receives: { Go: {} };
  sends: { Go: {} };
}

export default defineProtocol({
  name: 'endless',
  doc: 'The second message is handled for ever.',
  source: 'a test',
  events: {},
  defaultRole: 'peer',
  roles: {
    peer: role<Peer>({
      doc: 'Counts.',
      init: () => ({ got: 0 }),
      operations: {
        go: operation<Peer>()({
          doc: 'Sends two messages.',
          parameters: {},
          run(node) {
            for (const peer of node.peers) {
              node.send(peer, { type: 'Go' });
              node.send(peer, { type: 'Go' });
            }
          },
        }),
      },
      timers: {},
      messages: {
        Go(node) {
          node.state.got++;
          while (node.state.got > 1) {}
        },
      },
    }),
  },
  invariants: {},
});
`;

const endlessScenario = `title: An endless handler
protocol: ./endless.ts
nodes: { a: peer, b: peer }
seed: 1
steps:
  - start a go
`;
