/** Long motions report their progress and can be cancelled; breakpoints that move are announced. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { expect, test } from 'vitest';
import { withTimeLimit } from '../../src/dap/time-limit.ts';
import { scenarios } from './client.ts';
import { Host } from './inline-host.ts';
import { workspace } from './workspace.ts';

const args = { threadId: 1 };

async function started(launched: object, client: object = {}, options = {}): Promise<Host> {
  const host = new Host(options);
  await host.ask('initialize', { adapterID: 'lockstep', ...client });
  await host.ask('launch', launched);
  await host.event('initialized');
  await host.ask('configurationDone');
  await host.event('stopped');
  return host;
}

const long = { program: `${scenarios}/long.scenario.yaml`, stopOnEntry: true };
const showing = { supportsProgressReporting: true };
const events = ({ messages }: Host, name: string) =>
  messages.filter((one) => one.type === 'event' && (one as DebugProtocol.Event).event === name);

test('a long motion reports its progress; cancelled, it stops where it is', async () => {
  const host = await started(long, showing);
  await host.ask('continue', args);
  const { body } = await host.event('progressStart');
  expect(body).toMatchObject({ title: 'Running the scenario', cancellable: true });
  expect(body.message).toMatch(/^step [\d,]+, at [\d.]+ [mµ]?s$/);
  const update = await host.event('progressUpdate');
  expect(update.body.progressId).toBe(body.progressId);
  await host.ask('cancel', { progressId: body.progressId });
  expect((await host.event('stopped', 2)).body).toMatchObject({ reason: 'pause' });
  expect((await host.event('progressEnd')).body).toEqual({ progressId: body.progressId });
  const { stackFrames } = await host.ask('stackTrace', args);
  expect(stackFrames.length).toBeGreaterThan(0);
  await host.ask('reverseContinue', args);
  await host.event('stopped', 3);
  expect(events(host, 'progressStart').length).toBe(events(host, 'progressEnd').length);
  await host.ask('disconnect');
});

test('a client that does not show progress gets none', async () => {
  const host = await started(long);
  await host.ask('continue', args);
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  await host.ask('cancel', { progressId: 'lockstep-1' });
  await host.ask('pause', args);
  await host.event('stopped', 2);
  expect(events(host, 'progressStart')).toEqual([]);
  await host.ask('disconnect');
});

test('a launch is cancelled by its request, and another one can follow', async () => {
  const host = new Host();
  await host.ask('initialize');
  const first = host.send('launch', long);
  await host.ask('cancel', { requestId: 2 });
  expect(await first).toMatchObject({ success: false, message: 'cancelled' });
  await host.ask('launch', long);
  await host.ask('cancel', { requestId: 2 });
  await host.ask('configurationDone');
});

const line = { line: 15 };

test('a reload announces the breakpoints that move or lose their places', async () => {
  const own = workspace();
  const host = await started({ program: own.program, stopOnEntry: true, root: own.folder });
  const source = { path: join(own.folder, 'relay.ts') };
  const set = { source, breakpoints: [line, { line: 16, column: 3 }, { line: 30 }] };
  const { breakpoints } = await host.ask('setBreakpoints', set);
  expect(breakpoints).toMatchObject([{ verified: true }, { verified: true }, { verified: true }]);
  const text = readFileSync(source.path, 'utf8');
  own.write('relay.ts', text.slice(0, text.indexOf('interface')) + text.slice(text.indexOf('function')).replace('node: Node<Relay>', 'node: any').replace('role<Relay>', 'role<any>'));
  await host.ask('lockstep/reload');
  const changed = events(host, 'breakpoint').map((one) => (one as DebugProtocol.Event).body);
  expect(changed.length).toBeGreaterThan(0);
  const ids = breakpoints.map(({ id }: DebugProtocol.Breakpoint) => id);
  for (const { reason, breakpoint } of changed) {
    expect(reason).toBe('changed');
    expect(ids).toContain(breakpoint.id);
  }
});

test('a reload that moves nothing announces nothing', async () => {
  const own = workspace();
  const host = await started({ program: own.program, stopOnEntry: true, root: own.folder });
  const source = { path: join(own.folder, 'relay.ts') };
  await host.ask('setBreakpoints', { source, breakpoints: [line] });
  await host.ask('lockstep/reload');
  await host.ask('restart');
  await host.event('stopped', 3);
  expect(events(host, 'breakpoint')).toEqual([]);
});

/** Joining a list as a part of a sum is not counted, so that the clock has to end it. */
const join40 = "let x: any = [1]; for (let i = 0; i < 40; i++) x = [x, x]; if (x + '' === '') return {};";

test('a request whose code does not end is refused with the limit, and the session lives', async () => {
  const own = workspace({ 'timers: {},': `timers: {},\n      look() { ${join40} return {}; },` });
  const limit = <Result>(act: () => Result) => withTimeLimit(500, 'action-time-limit', act);
  const host = new Host({ limit });
  await host.ask('initialize');
  const given = { program: own.program, stopOnEntry: true, root: own.folder };
  const messages: (string | undefined)[] = [];
  for (const command of ['launch', 'configurationDone', 'threads', 'next']) {
    const { message } = await host.send(command, command === 'launch' ? given : args);
    messages.push(message);
  }
  expect(messages).toContain(
    'The code did not end within 5 s; check its loops and regular expressions.',
  );
  await host.ask('disconnect');
});
