/** Whole conversations with the adapter's process, as golden texts. */
import { afterEach, describe, expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { type Adapter, scenarios, startAdapter } from './client.ts';
import { launched, Transcript } from './transcript.ts';

const write = `${scenarios}/write.scenario.yaml`;
let adapter: Adapter;
let current: Transcript | undefined;

function begin(...args: string[]): Transcript {
  adapter = startAdapter(...args);
  return (current = new Transcript(adapter.client));
}

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(current?.text);
  adapter.process.kill();
  await adapter.exited;
});

describe('a conversation', () => {
  test('steps through an election', async () => {
    const talk = begin('--scenario', write);
    const { client } = talk;
    talk.title('at the start');
    talk.stopped(await launched(client, { program: write }));
    await talk.stack();
    await talk.scopeNames();
    talk.title('stop when a term changes');
    await talk.ask('setExceptionBreakpoints', { filters: ['violated', 'event:TermChanged'] });
    await talk.move('continue');
    await talk.stack();
    await talk.scopeNames();
    await talk.scope('State');
    await talk.scope('This step');
    await talk.ask('exceptionInfo', { threadId: 1 });
    await talk.ask('threads');
    talk.title('over, back, into');
    await talk.ask('setExceptionBreakpoints', { filters: ['violated'] });
    await talk.move('next');
    await talk.stack();
    await talk.move('next');
    await talk.stack();
    await talk.move('stepBack');
    await talk.stack();
    await talk.move('stepIn');
    await talk.stack();
    await talk.scope('Message');
    await talk.move('next');
    await talk.stack();
    await talk.move('stepOut');
    await talk.scope('This step', (await talk.stack(), 0));
    talk.title('the thread of a node');
    await talk.move('next', { threadId: 3 });
    await talk.stack(3);
    await talk.move('stepBack', { threadId: 3 });
    await talk.stack(3);
    expectGolden(import.meta.url, 'election', talk.text);
  });

  test('follows a write from its client and back', async () => {
    const talk = begin();
    const { client } = talk;
    const stop = await launched(client, { program: write, stopOnEntry: false }, async () => {
      talk.title('breakpoints on lines of the scenario');
      const lines = [10, 12, 13, 99].map((line) => ({ line }));
      await talk.ask('setBreakpoints', { source: { path: write }, breakpoints: lines });
    });
    talk.stopped(stop);
    await talk.move('continue');
    await talk.stack();
    talk.title('targets of a step into');
    await talk.move('next');
    await talk.stack();
    await talk.move('next');
    const [frame] = await talk.stack();
    const { targets } = await client.ask('stepInTargets', { frameId: frame.id });
    for (const { label } of targets) talk.say(`    ${label}`);
    const follow = targets.find(({ label }) => label.startsWith('follow'))!;
    await talk.move('stepIn', { threadId: 1, targetId: follow.id });
    await talk.stack();
    talk.title('out of the handler, and out of the round that began with the timer');
    await talk.move('stepOut');
    await talk.move('stepOut');
    await talk.stack();
    await talk.scope('This step');
    talk.title('on to the next breakpoint, and in reverse to the last');
    await talk.move('continue');
    await talk.stack();
    await talk.move('reverseContinue');
    await talk.stack();
    await talk.move('reverseContinue');
    await talk.move('reverseContinue');
    talk.title('to the moment at which a line began');
    const source = { path: write };
    const begun = await client.ask('gotoTargets', { source, line: 12 });
    for (const { label, line } of begun.targets) talk.say(`    ${label} (line ${line})`);
    await talk.move('goto', { threadId: 1, targetId: begun.targets[0].id });
    await talk.stack();
    talk.title('to the end, and past it');
    await talk.ask('setBreakpoints', { source: { path: write }, breakpoints: [] });
    await talk.move('continue');
    await talk.stack();
    const ended = client.event('terminated');
    await talk.ask('continue', { threadId: 1 });
    await ended;
    talk.say(`exit code ${(await client.event<{ exitCode: number }>('exited')).exitCode}`);
    expectGolden(import.meta.url, 'write', talk.text);
  });

  test('begins a branch if another action is taken', async () => {
    const talk = begin();
    const { client } = talk;
    talk.stopped(await launched(client, { program: write, stopOnEntry: true, breakOn: ['LeaderElected'] }));
    await talk.move('continue');
    await talk.stack();
    talk.title('expressions and commands');
    await talk.evaluate('nodes.map(n, n.state.currentTerm)', 'watch');
    await talk.evaluate('event', 'hover');
    await talk.evaluate('n1.state.currentTrem', 'watch');
    await talk.evaluate('1 +', 'repl');
    await talk.evaluate('crsh n1', 'repl');
    await talk.evaluate('crash n9', 'repl');
    talk.title('out of the handler that reports the event, back, and another way');
    await talk.move('next');
    await talk.move('stepBack');
    const crashed = client.event<Parameters<Transcript['stopped']>[0]>('stopped');
    await talk.evaluate('crash n1', 'repl');
    talk.stopped(await crashed);
    await talk.stack();
    await talk.ask('threads');
    const invoked = client.event<Parameters<Transcript['stopped']>[0]>('stopped');
    await talk.evaluate('app put y 2', 'repl');
    talk.stopped(await invoked);
    await talk.stack();
    talk.title('back to where the branch parted');
    const parted = client.event<Parameters<Transcript['stopped']>[0]>('stopped');
    await talk.evaluate('leave branch', 'repl');
    talk.stopped(await parted);
    await talk.stack();
    await talk.evaluate('leave branch', 'repl');
    await talk.ask('lockstep/leaveBranch' as never);
    talk.title('completions');
    for (const text of [
      'n1.state.c', 'n', 'cra', 'siz', 'n1.state.log.ex', 'wait ', 'wait until Ter', 'lea', 'leave ',
    ]) {
      const { targets } = await client.ask('completions', { text, column: text.length + 1 });
      const order = targets.map(({ sortText }) => sortText);
      expect(order).toEqual(order.toSorted());
      talk.say(`    ${text}: ${targets.map(({ label }) => label).join(' ')}`);
    }
    talk.title('restart: the first run again, from the file as it is now');
    await talk.move('restart', {});
    await talk.stack();
    await talk.move('continue');
    await talk.ask('threads');
    expectGolden(import.meta.url, 'branch', talk.text);
  });
});
