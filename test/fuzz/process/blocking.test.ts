/** One client never blocks another: every expression and all workspace code is bounded. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'vitest';
import { workspaceFolder } from '../programs.ts';
import { type Server, startServer, stopServer, WireClient } from './wire.ts';

let server: Server;
let folder: string;

beforeEach(async () => {
  folder = workspaceFolder();
  server = await startServer();
});

afterEach(async () => {
  await stopServer(server);
});

/** Another client launches and is answered before the process has worked for long. */
async function otherIsServed(): Promise<void> {
  const other = await WireClient.connect(server);
  await other.launch('write');
  await other.ask('threads');
}

/** A client launches a scenario and looks at it, as far as it gets. */
async function runs(program: string): Promise<void> {
  const client = await WireClient.connect(server);
  await client.answered('initialize', { adapterID: 'x' });
  client.send('launch', { program, stopOnEntry: false, panels: true, trusted: true });
  const isLaunched = await client
    .until('the launch', () => client.response(2)?.success)
    .catch(() => false);
  if (!isLaunched) return;
  client.send('configurationDone');
  client.send('threads');
}

/** What npm test leaves to the nightly run: each of these takes seconds by its nature. */
const isNightly = process.env.LOCKSTEP_SEEDS !== undefined;

const endless = `"${'a'.repeat(40)}b".matches("^(a+)+$")`;
const nested = `[${'1,'.repeat(30)}1]`;
const deep = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${nested}.all(${name}, `).join('');

describe('an expression that takes for ever', () => {
  const expressions = [
    ['a pattern', endless],
    ['nested all', `${deep}true${')'.repeat(6)}`],
    ['nested map', `${deep.replaceAll('.all', '.map')}1${')'.repeat(6)}`],
  ] as const;

  test.each(isNightly ? expressions : expressions.slice(0, 1))('as a watch: %s', async (_name, expression) => {
    const client = await WireClient.connect(server);
    await client.launch('write');
    client.send('evaluate', { expression, context: 'watch' });
    await otherIsServed();
  }, 90_000);

  test.runIf(isNightly)('in the console', async () => {
    const client = await WireClient.connect(server);
    await client.launch('write');
    client.send('evaluate', { expression: endless, context: 'repl' });
    await otherIsServed();
  }, 90_000);

  test.runIf(isNightly)('as the condition of a breakpoint', async () => {
    const client = await WireClient.connect(server);
    await client.launch('write');
    await client.answered('setFunctionBreakpoints', {
      breakpoints: [{ name: 'election', condition: endless }],
    });
    client.send('continue', { threadId: 1 });
    await otherIsServed();
  }, 90_000);

  test.runIf(isNightly)('in a log point', async () => {
    const client = await WireClient.connect(server);
    await client.launch('write');
    await client.answered('setFunctionBreakpoints', {
      breakpoints: [{ name: 'election', logMessage: `{${endless}}` }],
    });
    client.send('continue', { threadId: 1 });
    await otherIsServed();
  }, 90_000);

  test('as an expectation of the scenario', async () => {
    const file = path.join(folder, 'endless.scenario.yaml');
    const steps = 'steps: [wait until LeaderElected]';
    const head = 'protocol: raft\nnodes: { n1..n3: replica }';
    writeFileSync(file, `${head}\n${steps}\nexpect:\n  - always: '${endless}'\n`);
    await runs(file);
    await otherIsServed();
  }, 90_000);

  test.runIf(isNightly)('as a wait of the scenario', async () => {
    const file = path.join(folder, 'endless.scenario.yaml');
    const head = 'protocol: raft\nnodes: { n1..n3: replica }';
    writeFileSync(file, `${head}\nsteps:\n  - 'wait until !${endless}'\n`);
    await runs(file);
    await otherIsServed();
  }, 90_000);
});

const loop = 'for (;;) {}';
const pattern = `/^(a+)+$/.test('${'a'.repeat(40)}b');`;

/** Where code of a workspace runs. */
const places: readonly (readonly [name: string, change: (text: string) => string])[] = [
  ['at the top level of a module', (text) => `${text}\nLOOP\n`],
  ['in init', (text) => text.replace('init: () => ({', 'init: () => { LOOP return {').replace('table: {} }),', 'table: {} }; },')],
  ['in start', (text) => text.replace('messages: {', 'start() { LOOP },\n      messages: {')],
  ['in look', (text) => text.replace('messages: {', 'look() { LOOP return {}; },\n      messages: {')],
  ['in a message handler', (text) => text.replace('const isFull', 'LOOP const isFull')],
  ['in an operation', (text) => text.replace("node.reply(operation, 'sent');", 'LOOP')],
  ['in an invariant', (text) => text.replace('for (const node of nodes)', 'LOOP for (const node of nodes)')],
];

describe('workspace code that never ends', () => {
  const kinds = [
    ['a loop', loop],
    ['a pattern', pattern],
  ] as const;
  const all = places.flatMap(([name, change]) =>
    kinds.map(([kind, code]) => [`${kind} ${name}`, change, code] as const),
  );

  const few = all.filter(([name]) => /a pattern in (init|an inv)/.test(name));

  test.each(isNightly ? all : few)('%s', async (_name, change, code) => {
    const source = path.join(folder, 'relay.ts');
    const text = change(readFileSync(source, 'utf8')).replace('LOOP', code);
    if (!text.includes(code)) throw new Error('the protocol was not changed');
    writeFileSync(source, text);
    await runs(path.join(folder, 'relay.scenario.yaml'));
    await otherIsServed();
  }, 120_000);
});

describe('a client whose process ends by itself', () => {
  test('is told, and the others are served', async () => {
    const client = await WireClient.connect(server);
    await client.launch('write');
    const other = await WireClient.connect(server);
    await other.launch('write');
    const [first] = childrenOf(server.process.pid!);
    process.kill(first, 'SIGKILL');
    await client.until('the end', () => client.messages.some(isTerminated) || undefined);
    await other.ask('threads');
    await otherIsServed();
  }, 90_000);
});

const isTerminated = (message: { type: string }) =>
  message.type === 'event' && (message as { event?: string }).event === 'terminated';

/** The processes of the clients, in the order in which they were started. */
function childrenOf(pid: number): number[] {
  const all = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return all.split(' ').map(Number).sort((a, b) => a - b);
}
