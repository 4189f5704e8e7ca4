/** Wrong arguments are refused by their names, and never with an internal error. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { pathsFor } from '../../src/dap/requests/sources.ts';
import { VariablesStore } from '../../src/dap/requests/variables.ts';
import { scenarios } from './client.ts';
import { Host } from './inline-host.ts';

const program = `${scenarios}/write.scenario.yaml`;
const source = { path: program };
let host: Host;

beforeAll(async () => {
  host = new Host();
  await host.launch();
});

const line = (given: unknown) => ({ source, breakpoints: [{ line: 12 }, { line: given }] });

const wrong: [command: string, args: unknown, name: string][] = [
  ['setBreakpoints', { source: { path: 7 }, breakpoints: [] }, 'source.path'],
  ['setBreakpoints', { source, breakpoints: [null] }, 'breakpoints[0]'],
  ['setBreakpoints', { source, breakpoints: {} }, 'breakpoints'],
  ['setBreakpoints', { source, lines: ['1'] }, 'lines[0]'],
  ...[0, -1, 1.5, 1e300, '12', null, [], undefined].map((given): [string, unknown, string] => {
    return ['setBreakpoints', line(given), 'breakpoints[1].line'];
  }),
  ['setBreakpoints', { source, breakpoints: [{ line: 1, condition: 7 }] }, 'breakpoints[0].condition'],
  ['breakpointLocations', { source, line: -5 }, 'line'],
  ['breakpointLocations', { source, line: 1, endLine: 2.5 }, 'endLine'],
  ['setFunctionBreakpoints', { breakpoints: [{ name: {} }] }, 'breakpoints[0].name'],
  ['setDataBreakpoints', { breakpoints: [{ dataId: ['n1'] }] }, 'breakpoints[0].dataId'],
  ['setExceptionBreakpoints', { filters: [7] }, 'filters[0]'],
  ['setExceptionBreakpoints', { filters: [], filterOptions: [{}] }, 'filterOptions[0].filterId'],
  ['stackTrace', { threadId: 1.5 }, 'threadId'],
  ['stackTrace', { threadId: 1, startFrame: -1 }, 'startFrame'],
  ['stackTrace', JSON.parse('{"__proto__":{"threadId":1}}'), 'threadId'],
  ['variables', { variablesReference: 1, count: 'all' }, 'count'],
  ['variables', { variablesReference: 1, filter: 'odd' }, 'filter'],
  ['evaluate', { expression: '1', frameId: '1' }, 'frameId'],
  ['evaluate', { expression: null }, 'expression'],
  ['completions', { text: 'n', column: 0 }, 'column'],
  ['next', { threadId: {} }, 'threadId'],
  ['stepIn', { threadId: 1, targetId: 0.5 }, 'targetId'],
  ['goto', { threadId: 1, targetId: 'first' }, 'targetId'],
  ['source', { sourceReference: '1' }, 'sourceReference'],
  ['restart', { arguments: [] }, 'arguments'],
  ['lockstep/panel', { type: 'goto' }, 'step'],
  ['lockstep/panel', { type: 'take', action: 7 }, 'action'],
  ['lockstep/panel', { type: 'ready' }, 'panel'],
];

test.each(wrong)('%s %j', async (command, args, name) => {
  const { success, message } = await host.send(command, args as object);
  expect(success).toBe(false);
  expect(message).toContain(`${command}: "${name}" must be `);
  expect(message).not.toMatch(/\[object|Internal/);
});

test.each([7, 'all', [1]])('arguments that are %j', async (args) => {
  const { message } = await host.send('threads', args as never);
  expect(message).toBe('The arguments of threads must be an object.');
});

test('a field that is null counts as missing', async () => {
  await host.ask('stackTrace', { threadId: 1, startFrame: null, levels: null, format: null });
  const set = await host.ask('setBreakpoints', {
    source: { path: program, sourceReference: null },
    breakpoints: [{ line: 12, column: null, condition: null }],
  });
  expect(set.breakpoints[0]).toMatchObject({ verified: true, line: 12 });
});

test('a range of lines may be of any length', async () => {
  const { breakpoints } = await host.ask('breakpointLocations', {
    source,
    line: 1,
    endLine: Number.MAX_SAFE_INTEGER,
  });
  expect(breakpoints.length).toBeGreaterThan(0);
  const beyond = { source, line: Number.MAX_SAFE_INTEGER - 1, endLine: Number.MAX_SAFE_INTEGER };
  expect((await host.ask('breakpointLocations', beyond)).breakpoints).toEqual([]);
});

test.each(['__proto__', 'constructor', 'toString', '', 'n1:'])(
  'no function is named %j',
  async (name) => {
    const set = await host.ask('setFunctionBreakpoints', { breakpoints: [{ name }] });
    expect(set.breakpoints[0].verified).toBe(false);
  },
);

test.each(['["n1"]', '["n1",7]', '"n1"', '["n9","log"]', '["n1","__proto__"]', '{}', 'n1', ''])(
  'the data id %j is not a part of a state',
  async (dataId) => {
    const set = await host.ask('setDataBreakpoints', { breakpoints: [{ dataId }] });
    expect(set.breakpoints[0].verified).toBe(false);
  },
);

test('filters of the client replace those that the scenario ticks', async () => {
  const other = new Host();
  await other.ask('initialize', { adapterID: 'lockstep' });
  await other.ask('launch', { program: `${scenarios}/../../../samples/raft/first-election.scenario.yaml` });
  const { body } = await other.event('capabilities');
  const filters = body.capabilities.exceptionBreakpointFilters as DebugProtocol.ExceptionBreakpointsFilter[];
  const ticked = filters.filter((one) => one.default).map(({ filter }) => filter);
  expect(ticked).toContain('event:TermChanged');
  await other.ask('setExceptionBreakpoints', { filters: ['event:LeaderElected'] });
  await other.ask('configurationDone');
  const stop = await other.event('stopped');
  expect(stop.body.description ?? stop.body.text).toContain('LeaderElected');
});

test('without a count, variables are all rows', () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({
    name: String(index),
    value: '0',
    type: 'number',
  }));
  const store = new VariablesStore();
  const list = (start: number, count: number) => rows.slice(start, start + count);
  const row = (name: string) => rows[Number(name)];
  const variablesReference = store.open({ indexed: rows.length, named: 0, list, row });
  expect(store.list({ variablesReference })).toHaveLength(20_000);
  expect(store.list({ variablesReference, start: 19_990, count: 5 })).toHaveLength(5);
});

describe('paths as URIs', () => {
  const { toClient, fromClient } = pathsFor('uri', undefined);
  test.each([
    ['/w/a b/c#1/d%20?.ts', 'file:///w/a%20b/c%231/d%2520%3F.ts'],
    ['c:\\runs\\a b.ts', 'file:///c%3A/runs/a%20b.ts'],
    ['C:/runs/ä.ts', 'file:///C%3A/runs/%C3%A4.ts'],
  ])('%s', (path, uri) => {
    expect(toClient(path)).toBe(uri);
    expect(fromClient(uri)).toBe(path.replaceAll('\\', '/'));
  });
  test('of other kinds stay as they are', () => {
    expect(fromClient('file:///c:/a.ts')).toBe('c:/a.ts');
    expect(fromClient('file://server/share/a.ts')).toBe('//server/share/a.ts');
    expect(fromClient('file:///%E0%A4%A')).toBe('file:///%E0%A4%A');
    expect(toClient('vscode-vfs://github/a#b')).toBe('vscode-vfs://github/a#b');
  });
});
