/** Every thread shows its stack at every kind of stop, also that of a node that has not acted. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Adapter, openAdapter, repository, scenarios } from './client.ts';
import { launched } from './transcript.ts';
import { workspace } from './workspace.ts';

let adapter: Adapter;

beforeEach(() => {
  adapter = openAdapter();
});

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

/** The top frame of each thread. */
async function tops(): Promise<string[]> {
  const { threads } = await adapter.client.ask('threads');
  const found: string[] = [];
  for (const { id } of threads) {
    const { stackFrames } = await adapter.client.ask('stackTrace', { threadId: id });
    expect(stackFrames.length).toBeGreaterThan(0);
    for (const { id: frameId } of stackFrames) await adapter.client.ask('scopes', { frameId });
    found.push(stackFrames[0].name);
  }
  return found;
}

test('at the first stop of the README, whose event another node reported', async () => {
  const program = `${repository}samples/raft/first-election.scenario.yaml`;
  const stop = await launched(adapter.client, { program });
  expect(stop.reason).toBe('exception');
  const [, first, , , , fifth] = await tops();
  expect(first).not.toContain('election');
  expect(fifth).toBe('changeTerm');
});

test('at stops after motions in both directions', async () => {
  const program = `${scenarios}/write.scenario.yaml`;
  await launched(adapter.client, { program, breakOn: ['LeaderElected'], stopOnEntry: true });
  await tops();
  const motions = [
    ...['stepIn', 'next', 'stepOut', 'next', 'stepBack', 'continue', 'stepBack'],
    ...['reverseContinue', 'continue', 'continue'],
  ];
  for (const motion of motions) {
    await adapter.client.move(motion);
    await tops();
  }
});

test('at a handler that throws, and at a start that throws', async () => {
  const fails = workspace({ 'state.seen.push(from);': 'throw new Error("full");' });
  const filters = async () => {
    await adapter.client.ask('setExceptionBreakpoints', { filters: ['thrown'] });
  };
  await launched(adapter.client, { program: fails.program, stopOnEntry: true }, filters);
  expect(await adapter.client.move('continue')).toMatchObject({ reason: 'exception' });
  await tops();
  adapter.process.kill();
  adapter = openAdapter();
  const starts = workspace({
    'timers: {},': 'timers: {}, start(node) { if (node.id === "b") throw new Error("no"); },',
  });
  const { reason } = await launched(adapter.client, { program: starts.program }, filters);
  expect(reason).toBe('exception');
  await tops();
});
