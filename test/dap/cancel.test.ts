/** What a client may wait for reports its progress, and ends at once if the client cancels it. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { afterEach, expect, test, vi } from 'vitest';
import { scenarios, startAdapter } from './client.ts';
import { Host } from './inline-host.ts';
import { relay, workspace } from './workspace.ts';

const args = { threadId: 1 };
const showing = { adapterID: 'lockstep', supportsProgressReporting: true };
const write = `${scenarios}/write.scenario.yaml`;
const long = `${scenarios}/long.scenario.yaml`;

const bodies = ({ messages }: Host, name: string) =>
  messages
    .filter((one) => one.type === 'event' && (one as DebugProtocol.Event).event === name)
    .map((one) => (one as DebugProtocol.Event).body as Record<string, unknown>);

/** Reads files at once until it is blocked; then no file is read until it is released. */
function blockable() {
  let isBlocked = false;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const reading = async (file: string) => {
    if (isBlocked) await released;
    return readFile(file, 'utf8');
  };
  return { options: { readFile: reading }, block: () => void (isBlocked = true), release };
}

/** A progress that was begun is always ended. */
function expectAllEnded(host: Host): void {
  const ids = (name: string) => bodies(host, name).map(({ progressId }) => progressId).sort();
  expect(ids('progressEnd')).toEqual(ids('progressStart'));
}

/** Each look at the clock finds it 4 ms later, so that all work seems to be slow. */
function slowClock(): void {
  let now = 1_000_000;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 4));
}

afterEach(() => void vi.restoreAllMocks());

test('a launch whose files are slow reports it; cancelled, it is refused at once', async () => {
  const { options, block, release } = blockable();
  const host = new Host(options);
  await host.ask('initialize', showing);
  block();
  const launch = host.send('launch', { program: write, stopOnEntry: true });
  const { body } = await host.event('progressStart');
  expect(body).toMatchObject({
    title: 'Loading write.scenario.yaml',
    cancellable: true,
    message: 'reading write.scenario.yaml',
  });
  await host.ask('cancel', { progressId: body.progressId });
  expect(await launch).toMatchObject({ success: false, message: 'cancelled' });
  expectAllEnded(host);
  release();
  await host.ask('launch', { program: write, stopOnEntry: true });
  await host.ask('configurationDone');
  await host.event('stopped');
  await host.ask('disconnect');
});

test('a launch of workspace code reports its progress before the code runs', async () => {
  const own = workspace();
  const host = new Host();
  await host.ask('initialize', showing);
  await host.ask('launch', { program: own.program, stopOnEntry: true, root: own.folder });
  const [begun] = bodies(host, 'progressStart');
  expect(begun).toMatchObject({
    title: 'Loading relay.scenario.yaml', message: 'checking relay.ts', cancellable: true,
  });
  expectAllEnded(host);
  await host.ask('disconnect');
});

test('a client without progress cancels by the request, between two parts of the load', async () => {
  const own = workspace();
  const host = new Host();
  await host.ask('initialize');
  const given = { program: own.program, root: own.folder };
  const launch = host.send('launch', given);
  await host.ask('cancel', { requestId: 2 });
  expect(await launch).toMatchObject({ success: false, message: 'cancelled' });
  expect(bodies(host, 'progressStart')).toEqual([]);
  await host.ask('launch', given);
  await host.ask('disconnect');
});

test('a restart that is cancelled leaves the run that was halted for it, and says so', async () => {
  const { options, block } = blockable();
  const host = new Host(options);
  await host.ask('initialize', showing);
  await host.ask('launch', { program: long, stopOnEntry: true });
  await host.ask('configurationDone');
  await host.ask('continue', args);
  block();
  const restart = host.send('restart');
  const body = await progressOf(host, 'Loading long.scenario.yaml');
  await host.ask('cancel', { progressId: body.progressId });
  expect(await restart).toMatchObject({ success: false, message: 'cancelled' });
  expect((await host.event('stopped', 2)).body).toMatchObject({ reason: 'pause' });
  const { stackFrames } = await host.ask('stackTrace', args);
  expect(stackFrames.length).toBeGreaterThan(0);
  expectAllEnded(host);
  await host.ask('disconnect');
});

test('a restart of a stopped run that is cancelled changes nothing', async () => {
  const { options, block } = blockable();
  const host = new Host(options);
  await host.launch({ stopOnEntry: true });
  block();
  const restart = host.send('restart');
  const seq = 4;
  await host.ask('cancel', { requestId: seq });
  expect(await restart).toMatchObject({ request_seq: seq, success: false, message: 'cancelled' });
  expect(bodies(host, 'stopped')).toHaveLength(1);
  await host.ask('next', args);
  await host.event('stopped', 2);
  await host.ask('disconnect');
});

test('a reload that is cancelled changes nothing', async () => {
  const { options, block } = blockable();
  const host = new Host(options);
  await host.ask('initialize', showing);
  await host.ask('launch', { program: write, stopOnEntry: true });
  await host.ask('configurationDone');
  await host.event('stopped');
  block();
  const reload = host.send('lockstep/reload');
  const { body } = await host.event('progressStart');
  await host.ask('cancel', { progressId: body.progressId });
  expect(await reload).toMatchObject({ success: false, message: 'cancelled' });
  await host.ask('next', args);
  await host.event('stopped', 2);
  expectAllEnded(host);
  await host.ask('disconnect');
});

/** A session at the end of a run of some thousand actions. */
async function atEnd(): Promise<Host> {
  const { folder, write } = workspace();
  const text = readFileSync(long, 'utf8');
  write('long.scenario.yaml', text.replace('wait 40h', 'wait 10s'));
  const host = new Host();
  await host.ask('initialize', showing);
  await host.ask('launch', { program: join(folder, 'long.scenario.yaml'), stopOnEntry: true });
  await host.ask('configurationDone');
  await host.ask('continue', args);
  await host.event('stopped', 2);
  return host;
}

/** The first progress of a title. */
function progressOf(host: Host, title: string) {
  return host.received((message) => {
    const { event, body } = message as DebugProtocol.Event;
    return event === 'progressStart' && body.title === title ? body : undefined;
  });
}

const stepOf = (host: Host) => host.session.launched.session.step;

test('a jump to a far step reports its progress; cancelled, the session stays', async () => {
  const host = await atEnd();
  const here = stepOf(host);
  await host.ask('lockstep/panel', { type: 'goto', step: 0 });
  await host.event('stopped', 3);
  slowClock();
  await host.ask('lockstep/panel', { type: 'goto', step: here - 10 });
  const { progressId, message } = await progressOf(host, 'Going to another step');
  const of = (here - 10).toLocaleString('en');
  expect(message).toMatch(new RegExp(`^step [\\d,]+ of ${of}, at [\\d.]+ [mµ]?s$`));
  await host.ask('cancel', { progressId });
  expect((await host.event('stopped', 4)).body).toMatchObject({ reason: 'pause' });
  expectAllEnded(host);
  expect(stepOf(host)).toBe(0);
  await host.ask('lockstep/panel', { type: 'goto', step: here - 10 });
  await host.event('stopped', 5);
  expect(stepOf(host)).toBe(here - 10);
  expectAllEnded(host);
  await host.ask('disconnect');
});

test.each(['stepBack', 'reverseContinue'])(
  '%s that is paused on a long way leaves the session where it is',
  async (command) => {
    const host = await atEnd();
    const here = stepOf(host);
    slowClock();
    await host.ask(command, args);
    await host.ask('pause', args);
    expect((await host.event('stopped', 3)).body).toMatchObject({ reason: 'pause' });
    expect(stepOf(host)).toBe(here);
    await host.ask('disconnect');
  },
);

/** The relay protocol with a list of `length` items in the state of each node. */
function withList(length: number) {
  const fields = 'state: { count: number; seen: string[] };';
  const list = `Array.from({ length: ${length} }, (_, index) => index)`;
  expect(relay).toContain(fields);
  return workspace({
    [fields]: 'state: { count: number; seen: string[]; all: number[] };',
    'init: () => ({ count: 0, seen: [] }),': `init: () => ({ count: 0, seen: [], all: ${list} }),`,
  });
}

const evaluated = { expression: 'a.state.all', context: 'watch' };

const length = 60_000;

test('a huge variable is listed in parts that report how far they are', async () => {
  const own = withList(length);
  const { client, process } = startAdapter();
  await client.ask('initialize', showing);
  await client.ask('launch', { program: own.program, stopOnEntry: true, root: own.folder });
  await client.move('configurationDone', {});
  const { variablesReference } = await client.ask('evaluate', evaluated);
  client.events.length = 0;
  const { variables } = await client.ask('variables', { variablesReference });
  expect(variables.length).toBe(length);
  expect(variables.at(-1)).toMatchObject({ name: String(length - 1), value: String(length - 1) });
  const told = client.events.map(({ event, body }) => [event, body]);
  const [[, { progressId }]] = told;
  expect(told[0]).toMatchObject(['progressStart', { title: 'Listing variables', cancellable: true }]);
  expect(told.at(-1)).toEqual(['progressEnd', { progressId }]);
  process.kill();
});

test('a list that is cancelled is refused; other requests are answered meanwhile', async () => {
  const own = withList(length);
  const host = new Host();
  await host.launch({ program: own.program, stopOnEntry: true, root: own.folder });
  const { variablesReference } = await host.ask('evaluate', evaluated);
  const first = host.send('variables', { variablesReference });
  const { request_seq: seq } = await host.send('threads');
  await host.ask('cancel', { requestId: seq - 1 });
  expect(await first).toMatchObject({ success: false, message: 'cancelled' });
  const second = host.send('variables', { variablesReference });
  await host.ask('next', args);
  expect((await second).message).toMatch(/out of date/);
  await host.ask('disconnect');
});
