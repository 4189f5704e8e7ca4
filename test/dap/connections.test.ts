/** Connections in a session: stops in their handlers, at their events, and what is shown there. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Adapter, repository, startAdapter } from './client.ts';
import { launched } from './transcript.ts';

let adapter: Adapter;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

/** A copy of the sample, because a protocol of the workspace must lie in a folder of its own. */
function sample(): { program: string; path: string; lineOf: (text: string) => number } {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-connections-'));
  cpSync(join(repository, 'samples/reference'), folder, { recursive: true });
  const path = join(folder, 'counter.ts');
  const lines = readFileSync(path, 'utf8').split('\n');
  const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
  return { program: join(folder, 'connection.scenario.yaml'), path, lineOf };
}

test('a breakpoint in the handler of an ending stops there, and leads back to its cause', async () => {
  const { program, path, lineOf } = sample();
  adapter = startAdapter();
  const line = lineOf('if (request !== null) giveUpOrKeep');
  const stop = await launched(adapter.client, { program }, async () => {
    await adapter.client.ask('setBreakpoints', { source: { path }, breakpoints: [{ line }] });
  });
  expect(stop.reason).toBe('breakpoint');
  const { stackFrames } = await adapter.client.ask('stackTrace', { threadId: 1 });
  const names = stackFrames.map(({ name }) => name);
  expect(names[0]).toMatch(/^ended · server → A · /);
  expect(names.slice(1, 5).map((name) => name.split(' · ')[0])).toEqual([
    '— sent by —', 'drop server->A#3', '— sent by —', 'Increment',
  ]);
  expect(names).toContainEqual(expect.stringMatching(/^SYN A → server · /));
  expect(stackFrames[0].line).toBe(line);
  // To the statement behind the condition, then into the function.
  await adapter.client.move('stepIn', { threadId: 1 });
  await adapter.client.move('stepIn', { threadId: 1 });
  const inner = await adapter.client.ask('stackTrace', { threadId: 1, levels: 1 });
  expect(inner.stackFrames[0].name).toMatch(/^giveUpOrKeep/);
  await adapter.client.move('stepBack', { threadId: 1 });
  const back = await adapter.client.ask('stackTrace', { threadId: 1, levels: 1 });
  expect(back.stackFrames[0].line).toBe(line);
});

test('an event of the kernel is a breakpoint; connections are variables and in conditions', async () => {
  const { program } = sample();
  adapter = startAdapter();
  const filterId = 'event:ConnectionEnded';
  const condition = 'event.how == "timed out"';
  const stop = await launched(adapter.client, { program }, async () => {
    const filterOptions = [{ filterId, condition }];
    await adapter.client.ask('setExceptionBreakpoints', { filters: [], filterOptions });
  });
  expect(stop.description).toMatch(/ConnectionEnded/);
  const evaluate = async (expression: string) =>
    (await adapter.client.ask('evaluate', { expression, context: 'repl' })).result;
  expect(await evaluate('A.host')).toBe('"off"');
  expect(await evaluate('server.connections.map(c, c.id)')).toBe('["B-server:2"]');
  const { stackFrames } = await adapter.client.ask('stackTrace', { threadId: 1, levels: 1 });
  const { scopes } = await adapter.client.ask('scopes', { frameId: stackFrames[0].id });
  const { variablesReference } = scopes.find(({ name }) => name === 'Connections')!;
  const { variables } = await adapter.client.ask('variables', { variablesReference });
  expect(variables.map(({ name, value }) => `${name}: ${value}`)).toEqual(['B-server:2: open, B']);
});

test('the console resets a connection, unplugs a host and refuses what is not possible', async () => {
  const { program } = sample();
  adapter = startAdapter();
  await launched(adapter.client, { program, stopOnEntry: true });
  const say = async (expression: string) => {
    const { success, body, message } = await adapter.client.send('evaluate', {
      expression,
      context: 'repl',
    });
    return success ? (body as { result: string }).result : message;
  };
  expect(await say('duplicate A->server')).toMatch(/what is sent on a connection arrives once/);
  expect(await say('plug in A')).toMatch(/the host of A is plugged in/);
  expect(await say('unplug A')).toMatch(/unplug A/);
  expect(await say('reset A - server')).toMatch(/reset A - server/);
});
