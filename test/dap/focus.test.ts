/** Whether the client's focus stays where it is at a stop, and what the client learns before it. */
import { expect, test } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { FocusKept } from '../../src/view/contract.ts';
import { Host } from './inline-host.ts';

type StoppedBody = DebugProtocol.StoppedEvent['body'];

/** The events that follow an act, up to its stop. */
async function eventsOf(kept: FocusKept | undefined, act: (host: Host) => Promise<unknown>) {
  const host = new Host();
  await host.launch({ stopOnEntry: true, breakOn: ['TermChanged'] });
  if (kept) await host.ask('lockstep/panel', { type: 'focus', kept });
  await act(host);
  const { body } = await host.event('stopped', 2);
  const events = host.messages.flatMap((message) =>
    message.type === 'event' ? [(message as DebugProtocol.Event).event] : [],
  );
  const { reason, preserveFocusHint = false } = body as StoppedBody;
  return { reason, keeps: preserveFocusHint, isContinued: events.includes('continued') };
}

const typed = (host: Host) =>
  host.ask('evaluate', { expression: 'fire n1 election', context: 'repl' });
const clicked = (host: Host) =>
  host.ask('lockstep/panel', { type: 'take', action: 'fire n1 election' });
const stepped = (host: Host) => host.ask('next', { threadId: 1 });
const continued = (host: Host) => host.ask('continue', { threadId: 1 });

test('a client that says nothing of its focus moves it at each stop', async () => {
  expect(await eventsOf(undefined, typed)).toMatchObject({ reason: 'exception', keeps: false });
  expect(await eventsOf(undefined, clicked)).toMatchObject({ reason: 'exception', keeps: false });
});

test('after commands the focus stays, and no box of an exception takes it from the console', async () => {
  expect(await eventsOf('after commands', typed)).toMatchObject({ reason: 'breakpoint', keeps: true });
  expect(await eventsOf('after commands', clicked)).toMatchObject({ reason: 'exception', keeps: true });
  expect(await eventsOf('after commands', stepped)).toMatchObject({ keeps: false });
});

test('while a panel has the focus, it stays after every stop', async () => {
  expect(await eventsOf('always', stepped)).toMatchObject({ keeps: true });
  expect(await eventsOf('always', continued)).toMatchObject({ reason: 'exception', keeps: true });
});

test('a command continues the run for the client, as a motion does by itself', async () => {
  expect(await eventsOf(undefined, typed)).toMatchObject({ isContinued: true });
  expect(await eventsOf(undefined, clicked)).toMatchObject({ isContinued: true });
  expect(await eventsOf(undefined, stepped)).toMatchObject({ isContinued: false });
});

test('what is not a choice of focus is refused', async () => {
  const host = new Host();
  await host.launch();
  const { success } = await host.send('lockstep/panel', { type: 'focus', kept: 'sometimes' });
  expect(success).toBe(false);
});
