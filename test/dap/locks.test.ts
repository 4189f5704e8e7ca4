/** A lock under the debugger: stops at derived events, forwards and backwards. */
import { afterEach, expect, test } from 'vitest';
import { type Adapter, repository, startAdapter } from './client.ts';
import { launched, Transcript } from './transcript.ts';

const program = `${repository}samples/distributed-locks/fenced-lock.scenario.yaml`;
let adapter: Adapter;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

test('stops when a lock is lost, when two clients hold it, and when a write is fenced off', async () => {
  adapter = startAdapter('--scenario', program);
  const talk = new Transcript(adapter.client);
  await launched(adapter.client, { program, stopOnEntry: true });
  const names = ['LockLost', 'TwoHolders', 'WriteFenced'];
  const filters = names.map((name) => `event:${name}`);
  await talk.ask('setExceptionBreakpoints', { filters });
  for (const name of names) {
    expect((await talk.move('continue')).description).toContain(name);
    const [frame] = await talk.stack();
    // The handler that caused it; for a node's own event, the line that reports it.
    const handlers = { LockLost: 'expiry', TwoHolders: 'Granted', WriteFenced: 'Write' };
    expect(frame.name).toContain(handlers[name as keyof typeof handlers]);
  }
  expect((await talk.move('reverseContinue')).description).toContain('TwoHolders');
  expect((await talk.move('reverseContinue')).description).toContain('LockLost');
});
