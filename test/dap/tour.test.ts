/** The README's tour: each key and command that it names is performed, in its own words. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TourReader, tourSteps } from '../host/tour.mjs';
import { type Adapter, startAdapter } from './client.ts';
import { launched } from './transcript.ts';

const samples = path.resolve(import.meta.dirname, '../../samples/raft');
const steps = tourSteps();
let adapter: Adapter;

// The steps go on from each other, as the user's do.
beforeAll(() => {
  adapter = startAdapter();
});
afterAll(async () => {
  adapter.process.kill();
  await adapter.exited;
});

const reader = (number: number) => new TourReader(steps[number - 1]);
const ask = (command: string, args: object) => adapter.client.ask(command, args);
const move = (command: string, args = {}) => adapter.client.move(command, { threadId: 1, ...args });

async function stack() {
  const { stackFrames } = await adapter.client.ask('stackTrace', { threadId: 1 });
  return stackFrames;
}

const lines = async () => (await stack()).map(({ line }) => line);

async function typed(expression: string): Promise<string> {
  const [{ id }] = await stack();
  const { result } = await adapter.client.ask('evaluate', {
    expression, context: 'repl', frameId: id,
  });
  return result;
}

/** A command in the console that moves the debugger. */
async function commanded(command: string): Promise<string> {
  const stop = adapter.client.event('stopped');
  const result = await typed(command);
  await stop;
  return result;
}

async function rows(scope: string): Promise<string[]> {
  const [{ id }] = await stack();
  const { scopes } = await adapter.client.ask('scopes', { frameId: id });
  const { variablesReference } = scopes.find(({ name }) => name === scope)!;
  const { variables } = await adapter.client.ask('variables', { variablesReference });
  return variables.map(({ name, value }) => `${name}: ${value}`);
}

/** All that a user can see of the whole cluster. */
const seen = async () => [
  ...(await stack()).map(({ name }) => name),
  await typed('nodes'),
  await typed('time'),
];

test('the tour has seven steps', () => {
  expect(steps).toHaveLength(7);
});

test('1: F5 stops at the line that reports a new term', async () => {
  const says = reader(1);
  const program = path.join(samples, says.code());
  says.take('**F5**');
  expect(readFileSync(program, 'utf8')).toContain(`${says.code()}: [TermChanged]`);
  const stop = await launched(adapter.client, { program });
  const event = says.code();
  const [, node] = /(n\d) is about to report/.exec(says.text)!;
  const description = `Paused on ${event} at ${node}: from 0 to 1`;
  expect(stop).toMatchObject({ reason: 'exception', description });
  const [top] = await stack();
  expect(top.source!.name).toBe(says.code().replace(/^\[|\]$/g, ''));
  const line = readFileSync(top.source!.path!, 'utf8').split('\n')[top.line - 1];
  expect(line).toContain(`node.event('${event}'`);
  expect(says.text).toContain(`${node} is in term 1, and has not voted yet`);
  expect(await typed(`${node}.state.currentTerm`)).toBe('1');
  expect(await typed(`${node}.state.votedFor`)).toBe('null');
  expect(await typed('nodes.exists(n, n.standing == "leader")')).toBe('false');
  says.end();
});

test('2: the call stack leads from the function to the scenario', async () => {
  const says = reader(2);
  says.take('**call stack**');
  says.take('*what led here*');
  const frames = await stack();
  expect(frames.map(({ name }) => name.replace(/ · \d.*/, ''))).toEqual([
    'changeTerm', 'becomeCandidate', 'election timer · n5', expect.stringMatching(/^wait until/),
  ]);
  expect(frames.at(-1)!.source!.name).toMatch(/\.scenario\.yaml$/);
  says.end();
});

test('3: F10 finishes the action, and then takes the next one', async () => {
  const says = reader(3);
  says.take('**F10**');
  await move('next');
  expect(await rows('State')).toContain('votedFor: "n5"  ← was null');
  expect((await rows('This step')).filter((row) => row.includes('sent RequestVote'))).toHaveLength(4);
  says.take('**F10**');
  const { description } = await move('next');
  expect(description).toBe(`Paused on ${says.code()} at n1: from 0 to 1`);
  says.take('*Variables*');
  expect((await rows('State')).some((row) => row.includes('←'))).toBe(true);
  // What is drawn is tested in the workbench.
  says.take('*Cluster*');
  says.take('*Sequence*');
  says.take('*Filter*');
  says.take('*Lockstep: Open Space-Time*');
  says.end();
});

test('4: Step Back, forward again, Reverse', async () => {
  const says = reader(4);
  const before = await seen();
  says.take('**Step Back**');
  await move('stepBack');
  const back = await seen();
  expect(back).not.toEqual(before);
  await move('next');
  expect(await seen()).toEqual(before);
  says.take('**Reverse**');
  const stop = await move('reverseContinue');
  const first = /^Paused on TermChanged at n5: from 0 to 1$/;
  expect(stop.description).toMatch(first);
  expect((await stack()).at(-2)!.name).toMatch(/^election timer · n5/);
  says.end();
});

test('5: an event with a condition', async () => {
  const says = reader(5);
  says.take('*Breakpoints*');
  expect(says.code()).toBe('TermChanged');
  const event = says.code();
  await ask('setExceptionBreakpoints', { filters: [`event:${event}`] });
  says.take('**F5**');
  const stop = new RegExp(`^Paused on ${event} at n5: term 1`);
  expect((await move('continue')).description).toMatch(stop);
  expect(await typed('event.votes')).toBe('3');
  const condition = says.code();
  await ask('setExceptionBreakpoints', {
    filters: [], filterOptions: [{ filterId: `event:${event}`, condition }],
  });
  await move('stepBack');
  expect((await move('continue')).description).toMatch(stop);
  await breakOnLine('wait until LeaderElected');
  expect(says.code()).toBe('raft.ts');
  await breakOnLine('node.event(\'LeaderElected\'');
  says.end();
});

/** A breakpoint on the line with this code, in the file of the top or the bottom of the stack. */
async function breakOnLine(code: string): Promise<void> {
  const frames = await stack();
  for (const { source } of [frames[0], frames.at(-1)!]) {
    const found = readFileSync(source!.path!, 'utf8').split('\n').findIndex((line) => line.includes(code));
    if (found < 0) continue;
    const breakpoints = [{ line: found + 1 }];
    const set = await adapter.client.ask('setBreakpoints', { source, breakpoints });
    expect(set.breakpoints[0]).toMatchObject({ verified: true, line: found + 1 });
    await ask('setBreakpoints', { source: source!, breakpoints: [] });
    return;
  }
  throw new Error(`no line contains ${code}`);
}

test('6: to where a message goes, through the lines of its handler, and into the next', async () => {
  const says = reader(6);
  says.take('**F10**');
  await move('next');
  says.take('*Step Into Target*');
  const offered = await targets();
  const { id, label } = offered.find((one) => one.label.startsWith('follow: '))!;
  await move('stepIn', { targetId: id });
  expect(await typed('message.type')).toBe(JSON.stringify(label.split(' ')[1]));
  const entry = await lines();
  says.take('**F10**');
  await move('next');
  expect((await rows('Locals')).length).toBeGreaterThan(0);
  says.take('**F11**');
  await move('stepIn');
  expect(await lines()).not.toEqual(entry);
  says.take('**Step Back**');
  await move('stepBack');
  await move('stepBack');
  expect(await lines()).toEqual(entry);
  says.take('**Shift+F11**');
  await move('stepOut');
  const other = (await targets()).find((one) => one.label.startsWith('instead: '))!;
  says.take('**F11**');
  await move('stepIn');
  expect((await stack())[0].name).toMatch(/^\w+ · n\d → n\d · term 1/);
  await move('stepOut');
  expect(other.label).toMatch(/^instead: \w+/);
  says.end();
});

test('7: expressions and commands of the console, and back from their branch', async () => {
  const says = reader(7);
  says.take('**Reverse**');
  expect((await move('reverseContinue')).description).toMatch(/^Paused on LeaderElected at n5: term 1/);
  says.take('**F10**');
  await move('next');
  says.take('**debug console**');
  expect(await typed(says.code())).toBe('[]');
  expect(await typed(says.code())).toMatch(/^\[.*n5/);
  const sent = await rows('This step');
  const [drop, ...others] = [says.code(), says.code(), says.code()];
  expect(says.text).toContain("the leader's first message to n3");
  expect(sent.some((row) => row.startsWith('n5 sent AppendEntries → n3'))).toBe(true);
  expect(await commanded(drop)).toMatch(/^drop n5->n3#\d+: lost/);
  for (const command of others) expect(await commanded(command)).toMatch(/: done/);
  expect(await cluster()).toBe('Cluster · branch 1');
  says.take('*Lockstep: Leave Branch*');
  says.take('**Runs**');
  expect(await typed('branches')).toMatch(/the first run.*\n.*→ +1: parted from 0/);
  expect(await commanded('leave branch')).toMatch(/^Left branch 1/);
  expect(await cluster()).toBe('Cluster');
  expect(await rows('This step')).toEqual(sent);
  expect(await typed(says.code())).toContain('partition');
  says.end();
});

async function targets() {
  const [{ id: frameId }] = await stack();
  return (await adapter.client.ask('stepInTargets', { frameId })).targets;
}

/** The name of the cluster's thread, which says on which branch the debugger is. */
async function cluster(): Promise<string> {
  return (await adapter.client.ask('threads', {})).threads[0].name;
}
