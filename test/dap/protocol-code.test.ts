/** Workspace code in the debugger: lines and columns are those of the author's source. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Adapter, openAdapter } from './client.ts';
import { launched } from './transcript.ts';
import { relay, type Workspace, workspace } from './workspace.ts';

let adapter: Adapter;

const begin = async (own: Workspace, filters: string[] = []) => {
  adapter = openAdapter();
  const { client } = adapter;
  await launched(client, { program: own.program, stopOnEntry: filters.length === 0 }, async () => {
    await client.ask('setExceptionBreakpoints', { filters });
  });
  return client;
};

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

const lineOf = (part: string) => relay.split('\n').findIndex((line) => line.includes(part)) + 1;

async function top() {
  const { stackFrames } = await adapter.client.ask('stackTrace', { threadId: 1 });
  return stackFrames[0];
}

test('a state that is not plain data is refused in its handler, stepped through or not', async () => {
  const own = workspace({ 'state.seen.push(from);': '(state as any).seen = new Set([from]);' });
  const client = await begin(own, ['thrown']);
  const { details } = await client.ask('exceptionInfo', { threadId: 1 });
  expect(details!.message).toMatch(/^node\.state\.seen is a Set, but state is saved/);
  const { line } = await top();
  // The function that did it has returned to the handler by then.
  expect(line).toBe(lineOf('Token(node'));
  await client.move('stepBack');
  await client.move('stepIn');
  const stop = await client.move('stepOut');
  expect(stop.text).toMatch(/^node\.state\.seen is a Set/);
  expect((await top()).line).toBe(line);
});

test('code generated for an import or an enum holds no breakpoint', async () => {
  const own = workspace({
    "import { limit } from './limit.ts';": "import * as limits from './limit.ts'; enum Own { A = 1 }",
    'state.count > limit': 'state.count > limits.limit - Own.A',
  });
  const client = await begin(own);
  const source = { path: join(own.folder, 'relay.ts') };
  const places = await client.ask('breakpointLocations', { source, line: 1, endLine: 8 });
  expect(places.breakpoints).toEqual([]);
  const breakpoints = [{ line: 2 }, { line: lineOf('return state.count') }];
  const set = await client.ask('setBreakpoints', { source, breakpoints });
  expect(set.breakpoints.map(({ line }: { line?: number }) => line)).toEqual([
    lineOf('const { state } = node'), lineOf('return state.count'),
  ]);
});
