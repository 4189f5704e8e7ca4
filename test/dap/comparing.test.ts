/** A scenario and its broken twin: the adapter runs the other one and panels get both. */
import { expect, test } from 'vitest';
import path from 'node:path';
import type { ViewEvent } from '../../src/view/contract.ts';
import type { SpacetimeAnswer, SpacetimeView } from '../../src/view/spacetime/spacetime-view.ts';
import { repository } from './client.ts';
import { Host } from './inline-host.ts';

const program = path.join(repository, 'samples/distributed-locks/pause-past-ttl.scenario.yaml');

function spacetime(host: Host, isIt: (view: SpacetimeView) => boolean): Promise<SpacetimeView> {
  return host.received((message) => {
    const { event, body } = message as { event?: string; body?: ViewEvent };
    if (event !== 'lockstep/view' || body?.type !== 'stopped') return undefined;
    const view = body.views.spacetime;
    return view && isIt(view) ? view : undefined;
  });
}

test('the twin runs to its end beside the session, which stays where it is', async () => {
  const host = new Host();
  await host.launch({ program, stopOnEntry: true });
  const panel = 'spacetime';
  await host.ask('lockstep/panel', { type: 'ready', panel });
  const alone = await spacetime(host, () => true);
  expect(alone).toMatchObject({ twin: 'pause-past-ttl.broken.scenario.yaml', branches: [] });
  expect(alone.lanes).toHaveLength(1);
  await host.ask('lockstep/panel', { type: 'select', panel, selection: { compare: { type: 'twin' } } });
  await host.ask('lockstep/panel', { type: 'compare' });
  const both = await spacetime(host, ({ lanes }) => lanes.length === 2);
  const [own, twin] = both.lanes;
  expect(own).toMatchObject({ cursor: 0, branch: 0 });
  expect(twin).toMatchObject({ cursor: -1, branch: -1, title: both.twin });
  expect(twin!.length).toBeGreaterThan(20);
  const question = { type: 'steps', lane: twin!.key, from: 0, most: 50, labels: 0 };
  const answered = (await host.ask('lockstep/panel', { type: 'ask', panel, question })) as {
    answer: SpacetimeAnswer;
  };
  expect(answered.answer).toMatchObject({ type: 'steps', from: 0 });
});

test('a counterpart that has no file is not offered, and refused with the name of the file', async () => {
  const host = new Host();
  const alone = path.join(repository, 'samples/raft/first-election.scenario.yaml');
  await host.launch({ program: alone, stopOnEntry: true });
  await host.ask('lockstep/panel', { type: 'ready', panel: 'spacetime' });
  expect(await spacetime(host, () => true)).toMatchObject({ twin: '' });
  const { success, message } = await host.send('lockstep/panel', { type: 'compare' });
  expect(success).toBe(false);
  expect(message).toContain('first-election.broken.scenario.yaml');
});

test('a step of another branch is reached by its number, and an unknown branch is refused', async () => {
  const host = new Host();
  await host.launch({ stopOnEntry: true });
  const wrong = { type: 'goto', step: 0, branch: 7 };
  expect((await host.send('lockstep/panel', wrong)).success).toBe(false);
  expect((await host.send('lockstep/panel', { ...wrong, branch: 0 })).success).toBe(true);
});
