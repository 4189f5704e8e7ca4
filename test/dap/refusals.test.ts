/** Refused requests: bad scenarios, bad settings, bad arguments. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { type Adapter, openAdapter, scenarios, startAdapter, within } from './client.ts';
import { launched, Transcript } from './transcript.ts';

const write = `${scenarios}/write.scenario.yaml`;
let adapter: Adapter;
let talk: Transcript;

beforeEach(() => {
  adapter = openAdapter();
  talk = new Transcript(adapter.client);
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(talk.text);
  adapter.process.kill();
  await adapter.exited;
});

describe('a launch', () => {
  test('is refused with the first problem, and the console has all of them', async () => {
    await talk.ask('initialize', { adapterID: 'lockstep' });
    await talk.ask('launch', { program: `${scenarios}/misspelt.scenario.yaml` });
    talk.outputs();
    await talk.ask('launch', { program: `${scenarios}/absent.scenario.yaml` });
    await talk.ask('launch', {});
    await talk.ask('launch', { program: write, seed: -1 });
    await talk.ask('launch', { program: write, breakOn: 'TermChanged' });
    await talk.ask('launch', { program: write, breakOn: ['TermChanges'] });
    await talk.ask('launch', {
      program: write,
      breakOn: [{ event: 'TermChanged', condition: '(' }],
    });
    await talk.ask('launch', { program: write, args: { network: { latency: 'soon' } } });
    await talk.ask('launch', { program: write, args: [] });
    expectGolden(import.meta.url, 'refused-launch', talk.text);
  });

  test('without debugging runs to the end, and its exit code says whether all expectations held', async () => {
    await adapter.client.ask('initialize', { adapterID: 'lockstep' });
    const initialized = adapter.client.event('initialized');
    const program = `${scenarios}/failing.scenario.yaml`;
    await adapter.client.ask('launch', { program, noDebug: true });
    await initialized;
    await adapter.client.ask('configurationDone');
    const { exitCode } = await adapter.client.event<{ exitCode: number }>('exited');
    await adapter.client.event('terminated');
    talk.outputs();
    talk.say(`exit code ${exitCode}`);
    expect(exitCode).toBe(1);
    expectGolden(import.meta.url, 'without-debugging', talk.text);
  });
});

describe('a request', () => {
  test('that is unknown, early, late or malformed is refused, and the adapter goes on', async () => {
    await talk.ask('nonsense');
    await talk.ask('toString');
    await talk.ask('stackTrace', { threadId: 1 });
    await talk.ask('attach', {});
    talk.stopped(await launched(adapter.client, { program: write }));
    await talk.ask('setBreakpoints', {});
    await talk.ask('setBreakpoints', {
      source: { path: '/elsewhere.ts' },
      breakpoints: [{ line: 3 }],
    });
    await talk.ask('stackTrace', { threadId: 77 });
    await talk.ask('scopes', { frameId: 4711 });
    await talk.ask('variables', { variablesReference: 4711 });
    await talk.ask('variables', { variablesReference: 'all' });
    await talk.ask('evaluate', { expression: 7 });
    await talk.ask('goto', { threadId: 1, targetId: 9 });
    await talk.ask('stepIn', { threadId: 1, targetId: 9 });
    await talk.ask('restartFrame', { frameId: 4711 });
    await talk.ask('source', { sourceReference: 4711 });
    await talk.ask('exceptionInfo', { threadId: 1 });
    await talk.ask('setExceptionBreakpoints', { filters: ['event:Nonsense', 'nonsense'] });
    await talk.ask('lockstep/panel', { type: 'dance' });
    await talk.ask('lockstep/panel', { type: 'goto', step: 1_000 });
    await talk.ask('lockstep/panel', { type: 'take', action: 'deliver n1->n2#9' });
    await talk.move('next');
    expectGolden(import.meta.url, 'refused-requests', talk.text);
  });

  test('that is not valid JSON is ignored', async () => {
    talk.stopped(await launched(adapter.client, { program: write }));
    adapter.client.writeRaw('Content-Length: 5\r\n\r\n{"a":');
    adapter.client.writeRaw('Content-Length: 4\r\n\r\nnull');
    const { reason } = await adapter.client.move('next');
    expect(reason).toBe('step');
  });

  test('to launch stops at the start only if there is no other stop', async () => {
    const free = await launched(adapter.client, { program: write });
    expect(free.reason).toBe('entry');
    const second = openAdapter();
    const preset = await launched(second.client, { program: write, breakOn: ['TermChanged'] });
    expect(preset.reason).toBe('exception');
    await second.client.ask('disconnect');
    await second.exited;
  });

  test('to count from 0 is honoured', async () => {
    const { client } = adapter;
    await client.ask('initialize', {
      adapterID: 'x',
      linesStartAt1: false,
      columnsStartAt1: false,
    });
    const initialized = client.event('initialized');
    await client.ask('launch', { program: write });
    await initialized;
    const breakpoints = [{ line: 11 }];
    const answer = await client.ask('setBreakpoints', { source: { path: write }, breakpoints });
    expect(answer.breakpoints[0].line).toBe(11);
    const stop = client.event('stopped');
    await client.ask('configurationDone');
    await stop;
    const { stackFrames } = await client.ask('stackTrace', { threadId: 1 });
    expect(stackFrames[0]).toMatchObject({ line: 11, column: 4 });
  });
});

describe('a long run', () => {
  test('can be paused, and refuses to show a stack before that', async () => {
    adapter = startAdapter();
    const { client } = adapter;
    await launched(client, { program: `${scenarios}/long.scenario.yaml` });
    const stop = client.event<{ reason: string }>('stopped');
    await client.ask('continue', { threadId: 1 });
    const refused = await client.send('stackTrace', { threadId: 1 });
    expect(refused).toMatchObject({ success: false, message: expect.stringContaining('pause') });
    await client.ask('threads');
    await client.ask('pause', { threadId: 1 });
    expect((await stop).reason).toBe('pause');
    await client.ask('stackTrace', { threadId: 1 });
    const ended = client.event('terminated');
    await client.ask('terminate');
    await ended;
    await client.ask('disconnect');
    expect(await within(adapter.exited, 'the end of the process')).toBe(0);
  });
});
