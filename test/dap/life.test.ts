/** The life of a session: what does not fit is refused, and no request ends the process. */
import { readFile } from 'node:fs/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { expect, test } from 'vitest';
import { refusalNumbers } from '../../src/dap/refusal.ts';
import { scenarios, startAdapter } from './client.ts';
import { Host } from './inline-host.ts';

const program = `${scenarios}/write.scenario.yaml`;
const long = `${scenarios}/long.scenario.yaml`;

async function refused(host: Host, command: string, args: object = {}) {
  const { success, body } = await host.send(command, args);
  expect(success, command).toBe(false);
  const { id } = (body as DebugProtocol.ErrorResponse['body']).error!;
  return Object.entries(refusalNumbers).find(([, number]) => number === id)?.[0];
}

const events = ({ messages }: Host, name: string) =>
  messages.filter((one) => one.type === 'event' && (one as DebugProtocol.Event).event === name);

async function configuring(args: object = {}, options = {}): Promise<Host> {
  const host = new Host(options);
  await host.ask('initialize', { adapterID: 'lockstep' });
  await host.ask('launch', { program, ...args });
  await host.event('initialized');
  return host;
}

async function running(): Promise<Host> {
  const host = new Host();
  await host.launch({ program: long, stopOnEntry: true });
  await host.ask('continue', { threadId: 1 });
  return host;
}

const ofARun = ['configurationDone', 'pause', 'terminate', 'restart', 'next', 'stackTrace'];
const args = { threadId: 1 };

test('before a launch there is nothing to end, to pause or to restart', async () => {
  const host = new Host();
  for (const command of ofARun) expect(await refused(host, command, args)).toBe('not launched');
  expect(await refused(host, 'launch', { program })).toBe('not initialized');
  await host.ask('initialize');
  expect(await refused(host, 'initialize')).toBe('already initialized');
  expect(await refused(host, 'launch', { program: '/absent' })).toBe('unreadable scenario');
  for (const command of ofARun) expect(await refused(host, command, args)).toBe('not launched');
  await host.ask('launch', { program });
});

test('the process survives requests that come too early', async () => {
  const { client, process, exited } = startAdapter();
  for (const command of ofARun) expect(await client.send(command)).toMatchObject({ success: false });
  await client.ask('initialize');
  await client.ask('disconnect');
  expect(await exited).toBe(0);
  process.kill();
});

test('of two launches at once, one is refused', async () => {
  const host = new Host();
  await host.ask('initialize');
  const first = host.ask('launch', { program });
  expect(await refused(host, 'launch', { program })).toBe('launching');
  expect(await refused(host, 'configurationDone')).toBe('launching');
  await first;
  expect(await refused(host, 'launch', { program })).toBe('already launched');
});

test('the run begins once, after the configuration', async () => {
  const host = await configuring();
  for (const command of ['next', 'pause', 'restart']) {
    expect(await refused(host, command, args)).toBe('configuring');
  }
  await host.ask('configurationDone');
  await host.event('stopped');
  expect(await refused(host, 'configurationDone')).toBe('already configured');
  expect(events(host, 'stopped')).toHaveLength(1);
});

test('during a run, motions are refused', async () => {
  const host = await running();
  expect(await refused(host, 'next', args)).toBe('running');
  expect(await refused(host, 'launch', { program })).toBe('already launched');
  expect(await refused(host, 'lockstep/panel', { type: 'goto', step: 0 })).toBe('running');
  await host.ask('disconnect');
});

test('after its end a session moves no more, and ends once', async () => {
  const host = new Host();
  await host.launch();
  await host.ask('terminate');
  await host.event('terminated');
  for (const command of ['next', 'continue', 'pause', 'restart', 'configurationDone', 'launch']) {
    expect(await refused(host, command, args)).toBe('terminated');
  }
  expect(await refused(host, 'evaluate', { expression: 'step', context: 'repl' })).toBe('terminated');
  await host.ask('terminate');
  expect(events(host, 'terminated')).toHaveLength(1);
  expect(events(host, 'stopped')).toHaveLength(1);
  await host.ask('disconnect');
  await host.ask('disconnect');
  expect(await refused(host, 'threads')).toBe('disconnected');
});

test.each([{ program: '/absent' }, { program: 7 }])(
  'a restart that fails during a run leaves it stopped: %j',
  async (wrong) => {
    const host = await running();
    await host.send('restart', { arguments: wrong });
    const { body } = await host.event('stopped', 2);
    expect(body.reason).toBe('pause');
    await host.ask('stackTrace', args);
    await host.ask('next', args);
    await host.event('stopped', 3);
  },
);

test('a restart that fails at a stop leaves the stop as it is', async () => {
  const host = new Host();
  await host.launch();
  await refused(host, 'restart', { arguments: { program: '/absent' } });
  await host.ask('stackTrace', args);
  expect(events(host, 'stopped')).toHaveLength(1);
});

/** Holds back every reading of a scenario but the first few; its counterpart may be read at once. */
function slowly(free: number) {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let count = 0;
  const read = async (file: string) => {
    if (!file.endsWith('.broken.scenario.yaml') && ++count > free) await released;
    return readFile(file, 'utf8');
  };
  return { options: { readFile: read }, release: () => release() };
}

test('a client that closes during a restart leaves no run behind', async () => {
  const { options, release } = slowly(1);
  const host = new Host(options);
  await host.launch({ program: long, stopOnEntry: true });
  const restart = host.send('restart', { arguments: { program: long, stopOnEntry: false } });
  expect(await refused(host, 'next', args)).toBe('restarting');
  host.session.disconnect();
  release();
  expect((await restart).success).toBe(false);
  const count = host.messages.length;
  // Enough turns of the event loop for a run to begin and to announce itself.
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(host.messages).toHaveLength(count);
  expect(events(host, 'stopped')).toHaveLength(1);
});

test('a launch can be ended before it is complete', async () => {
  const { options, release } = slowly(0);
  const host = new Host(options);
  await host.ask('initialize');
  const launch = refused(host, 'launch', { program });
  await host.ask('terminate');
  release();
  expect(await launch).toBe('cancelled');
  await host.ask('launch', { program });
  expect(events(host, 'terminated')).toHaveLength(0);
});

test('a restart can be ended before it is complete', async () => {
  const { options, release } = slowly(1);
  const host = new Host(options);
  await host.launch();
  const restart = refused(host, 'restart');
  await host.ask('terminate');
  await host.event('terminated');
  release();
  expect(await restart).toBe('cancelled');
  expect(events(host, 'stopped')).toHaveLength(1);
});
