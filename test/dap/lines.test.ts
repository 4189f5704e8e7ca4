/** Line by line through handlers, of Raft and of a protocol of the workspace, as golden texts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { type Adapter, openAdapter, repository, scenarios } from './client.ts';
import { launched, Transcript } from './transcript.ts';
import { relay, type Workspace, workspace } from './workspace.ts';

let adapter: Adapter;
let talk: Transcript;

async function begin(args: object, setUp?: () => Promise<void>): Promise<void> {
  adapter = openAdapter();
  talk = new Transcript(adapter.client);
  talk.stopped(await launched(adapter.client, args, setUp));
}

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(talk?.text);
  adapter.process.kill();
  await adapter.exited;
});

const lineIn = (text: string, part: string) =>
  text.split('\n').findIndex((line) => line.includes(part)) + 1;

const golden = (name: string, { folder }: Pick<Workspace, 'folder'> = { folder: '<none>' }) =>
  expectGolden(import.meta.url, name, talk.text.replaceAll(folder, '<workspace>'));

/** Only the top frames. */
const top = () => talk.stack(1, { startFrame: 0, levels: 2 });

describe('line stepping', () => {
  test('goes through the handlers of Raft, forwards and backwards', async () => {
    await begin({ program: `${scenarios}/write.scenario.yaml`, stopOnEntry: true });
    await talk.move('stepIn');
    await top();
    for (const way of ['next', 'stepIn', 'next', 'stepIn', 'next', 'next']) {
      await talk.move(way);
      await top();
    }
    await talk.scopeNames();
    await talk.scope('Locals');
    await talk.scope('State');
    await talk.evaluate('term', 'hover');
    await talk.evaluate('state.currentTerm + term', 'watch');
    talk.title('back to the first line, and before it');
    for (let i = 0; i < 6; i++) {
      await talk.move('stepBack');
      await top();
    }
    golden('lines-raft');
  });

  test('follows a message that a line of a workspace protocol sends', async () => {
    const own = workspace();
    await begin({ program: own.program, stopOnEntry: true });
    await talk.move('stepIn');
    await talk.stack();
    await talk.move('stepIn');
    const frames = await talk.stack();
    await talk.scope('Message');
    talk.title('what the line that sent it saw');
    await talk.scope('Arguments', frames.findIndex(({ name }) => name.startsWith('begin')));
    talk.title('into a function, and out of it');
    await talk.move('stepIn');
    await talk.stack();
    await talk.scope('Locals');
    await talk.move('next');
    await talk.scope('Locals', (await talk.stack(), 0));
    await talk.move('stepOut');
    await talk.stack();
    await talk.scope('Locals');
    await talk.scope('State');
    talk.title('a loop, and what it has sent so far');
    for (let i = 0; i < 4; i++) await talk.move('next');
    await top();
    await talk.scope('This step');
    await talk.move('next');
    await top();
    golden('lines-workspace', own);
  });

  test('stops at any line, with conditions on locals, hit conditions and log messages', async () => {
    const own = workspace();
    const source = { path: join(own.folder, 'relay.ts') };
    await begin({ program: own.program }, async () => {
      const breakpoints = [
        { line: lineIn(relay, 'state.count += hops'), condition: 'hops > 1 && from == "a"' },
        { line: lineIn(relay, 'hops: hops + 1'), logMessage: '{node.id} passes {hops} to {peer}' },
        { line: lineIn(relay, 'return state.count'), hitCondition: '3' },
        { line: lineIn(relay, 'interface Relay') },
        { line: lineIn(relay, 'const isFull'), condition: 'hopes > 1' },
      ];
      await talk.ask('setBreakpoints', { source, breakpoints });
      const line = lineIn(relay, 'init: () =>');
      await talk.ask('breakpointLocations', { source, line, endLine: line + 4 });
    });
    await top();
    await talk.move('continue');
    await top();
    await talk.scope('Locals');
    for (let i = 0; i < 3; i++) {
      await talk.move('continue');
      await top();
    }
    talk.title('and in reverse');
    for (let i = 0; i < 3; i++) {
      await talk.move('reverseContinue');
      await top();
    }
    golden('lines-breakpoints', own);
  });
});

describe('a handler', () => {
  test('that throws shows its lines, its locals, and the message', async () => {
    const own = workspace({ 'state.count += hops;': 'if (hops > 2) throw new Error(`${hops} hops`);' });
    await begin({ program: own.program, stopOnEntry: false }, async () => {
      await talk.ask('setExceptionBreakpoints', { filters: ['thrown'] });
    });
    await talk.stack();
    await talk.scope('Locals');
    const { details } = await adapter.client.ask('exceptionInfo', { threadId: 1 });
    talk.say(details!.stackTrace!.split('\n').slice(0, 3).join('\n'));
    golden('lines-thrown', own);
  });

  test('that never ends is stopped, and the debugger goes on', async () => {
    const own = workspace({ 'state.count += hops;': 'for (;;) state.count++;' });
    await begin({ program: own.program, stopOnEntry: false }, async () => {
      await talk.ask('setExceptionBreakpoints', { filters: ['thrown'] });
    });
    await talk.stack();
    await talk.move('stepBack');
    await talk.move('stepIn');
    await talk.move('stepIn');
    await top();
    golden('lines-endless', own);
  });
});

test('a regular expression that does not end is an error of its line', async () => {
  const pattern = "if (/^(a+)+$/.test('a'.repeat(40) + 'b')) return false;\n  state.count += hops;";
  const own = workspace({ 'state.count += hops;': pattern });
  await begin({ program: own.program, stopOnEntry: true });
  await talk.ask('setExceptionBreakpoints', { filters: ['thrown'] });
  expect((await talk.move('continue')).text).toMatch(/^the code takes too long: built-in/);
  const { stackFrames } = await talk.ask('stackTrace', { threadId: 1 });
  expect(stackFrames[0]).toMatchObject({ line: 14, name: 'note' });
  expect((await talk.move('stepBack')).reason).toBe('step');
});

/** Joining a list as a part of a sum is not counted: the clock is the last resort. */
test('a call that is not counted is ended by the time limit', async () => {
  const join =
    'let x: any = [1]; for (let i = 0; i < 40; i++) x = [x, x];\n' +
    "  if (x + '' === '') return false;\n  state.count += hops;";
  const own = workspace({ 'state.count += hops;': join });
  await begin({ program: own.program, stopOnEntry: true });
  const stop = await talk.move('continue');
  expect(stop.reason).toBe('exception');
  expect(stop.text).toBe('Token a → b: the code did not end within 5 s; check its loops and regular expressions');
  expect((await talk.move('stepBack')).reason).toBe('step');
  expect((await talk.move('next')).reason).toBe('step');
});

describe('saving a protocol', () => {
  /** The response comes after the stop, once the run is repeated. */
  const reload = async () => {
    const stop = adapter.client.event<Parameters<Transcript['stopped']>[0]>('stopped');
    await talk.ask('lockstep/reload');
    talk.stopped(await stop);
  };
  const source = (own: Workspace) => readFileSync(join(own.folder, 'relay.ts'), 'utf8');

  test('repeats the run on the new code up to the first action that differs', async () => {
    const own = workspace();
    await begin({ program: own.program, stopOnEntry: true });
    for (let i = 0; i < 3; i++) await talk.move('next');
    await talk.stack();
    talk.title('a change that makes no difference');
    own.write('relay.ts', source(own).replace('const isFull', '// The limit is elsewhere.\n          const isFull'));
    await reload();
    await talk.stack();
    talk.title('one that makes a difference in the second step');
    own.write('relay.ts', source(own).replace('hops: hops + 1', 'hops: hops + 3'));
    await reload();
    await talk.stack();
    await talk.move('next');
    talk.title('one that cannot be read');
    own.write('relay.ts', source(own).replace('const isFull =', 'const isFull ='.repeat(2)));
    await talk.ask('lockstep/reload');
    await talk.stack();
    golden('lines-reload', own);
  });
});

describe('a protocol that cannot be run', () => {
  test.each([
    ['an import of a module of Node', { "'./limit.ts'": "'node:fs'" }],
    ['an import of what is not there', { "'./limit.ts'": "'./limits.ts'" }],
    ['an import from above', { "'./limit.ts'": "'../../limit.ts'" }],
    ['a syntax error', { 'const { state } = node;': 'const { state = node;' }],
    ['a name declared twice', { 'const { state } = node;': 'let state; let state;' }],
    ['a variable of the module', { 'interface Relay': 'let total = 0;\ninterface Relay' }],
    ['a module that never ends', { 'interface Relay': 'for (;;);\ninterface Relay' }],
    ['waiting', { 'Token(node': 'async Token(node' }],
    ['no protocol', { 'export default': 'export const other = () =>' }],
    ['a role without a state', { 'init: () => ({ count: 0, seen: [] }),': '' }],
    ['an unknown word', { 'role, type': 'role, roles, type', 'role<Relay>(': 'roles<Relay>(' }],
  ])('%s', async (name, change) => {
    const own = workspace(change as unknown as Record<string, string>);
    adapter = openAdapter();
    talk = new Transcript(adapter.client);
    await adapter.client.ask('initialize', { adapterID: 'lockstep' });
    const { success, message } = await adapter.client.send('launch', { program: own.program });
    talk.say(`${success}: ${message}`);
    golden(`refused-protocol-${name.replaceAll(' ', '-')}`, own);
  });

  test.each([
    ['Math.random()', 'Math.random is not available in a protocol: use node.random'],
    ['Date.now()', 'Date is not available in a protocol: use node.now()'],
    ['new Date().getTime()', 'Date is not available in a protocol'],
    ['(setTimeout(() => undefined, 1), 1)', 'use node.setTimer'],
    ['Number(process.pid)', 'a protocol has no access to files'],
    ['Number((globalThis as any).x)', 'globalThis is not available in a protocol'],
  ])('%s is refused where it is written, before it runs', async (code, words) => {
    const own = workspace({ 'state.count += hops;': `state.count += ${code};` });
    adapter = openAdapter();
    await adapter.client.ask('initialize', { adapterID: 'lockstep' });
    const { success, message } = await adapter.client.send('launch', { program: own.program });
    expect(success).toBe(false);
    expect(message).toContain(words);
    expect(message).toContain(`relay.ts:${lineIn(relay, 'state.count += hops')}:`);
  });

  test('what only the run shows is refused in its step', async () => {
    const own = workspace({ 'state.count += hops;': "state.count += Math['random']();" });
    await begin({ program: own.program, stopOnEntry: false }, async () => {
      await talk.ask('setExceptionBreakpoints', { filters: ['thrown'] });
    });
    const { details } = await adapter.client.ask('exceptionInfo', { threadId: 1 });
    expect(details!.message).toContain('Math.random is not available in a protocol: use node.random');
    const { stackFrames } = await adapter.client.ask('stackTrace', { threadId: 1 });
    expect(stackFrames[0].line).toBe(lineIn(relay, 'state.count += hops'));
  });

  test('with several faults is refused for the first, and the console has all', async () => {
    const own = workspace({ 'state.count += hops;': 'state.count += Date.now() + Math.random();' });
    adapter = openAdapter();
    const { client } = adapter;
    await client.ask('initialize', { adapterID: 'lockstep' });
    const { message } = await client.send('launch', { program: own.program });
    expect(message).toMatch(/relay\.ts:\d+:\d+: Date is .* The debug console has 1 more\.$/);
  });
});

test('the built adapter has the sources that it steps through', () => {
  expect(readFileSync(`${repository}dist/protocols/raft/raft.ts`, 'utf8')).toContain('becomeCandidate');
});

describe('inside a handler', () => {
  test('step-in targets are the messages sent so far, and a step stops at an event', async () => {
    const own = workspace({ 'node.reply(operation, \'sent\');': "node.reply(operation, 'sent');\n            node.event('Full', { count: 0 });" });
    await begin({ program: own.program, stopOnEntry: true }, async () => {
      await talk.ask('setExceptionBreakpoints', { filters: ['event:Full'] });
    });
    await talk.move('stepIn');
    await talk.ask('stepInTargets', { frameId: 1 });
    await talk.move('next');
    await talk.ask('stepInTargets', { frameId: 1 });
    await talk.move('next');
    await talk.stack();
    await talk.evaluate('event', 'watch');
    await talk.move('next');
    await talk.stack();
    await talk.move('stepBack');
    await talk.move('stepIn');
    await talk.move('next');
    await talk.move('stepIn', { threadId: 1, targetId: (await targets())[0].id });
    await talk.stack();
    golden('lines-reported', own);
  });

  const targets = async () =>
    (await adapter.client.ask('stepInTargets', { frameId: 1 })).targets;

  test('code that keeps something outside the state causes a warning', async () => {
    const own = workspace({
      'function note(': 'const kept = (() => { let count = 0; return () => ++count; })();\n\nfunction note(',
      'state.count += hops;': 'state.count += kept();',
    });
    await begin({ program: own.program, stopOnEntry: true });
    for (let i = 0; i < 3; i++) await talk.move('next');
    talk.outputs();
    expect(talk.text).toContain('b.state.count was 1 the first time, and is 2 on replay');
    expect(talk.text.match(/on replay/g)).toHaveLength(1);
  });

  test('locals shadow names that CEL reserves', async () => {
    const own = workspace({
      'state.count += hops;': 'const [type, list, größe] = [String(hops), [hops, 7], hops];\n  state.count += größe + Number(type) + list.length;',
    });
    await begin({ program: own.program, stopOnEntry: false }, async () => {
      const source = { path: join(own.folder, 'relay.ts') };
      const breakpoints = [
        { line: 15, condition: 'type == "2" && list.size() == 2' },
      ];
      await talk.ask('setBreakpoints', { source, breakpoints });
    });
    await talk.stack();
    for (const text of ['type', 'list[1]', 'größe + 1', 'node.state.count', 'type(1)']) {
      await talk.evaluate(text, 'watch');
    }
    golden('lines-names', own);
  });
});
