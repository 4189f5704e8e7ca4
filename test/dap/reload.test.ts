/** The response to `lockstep/reload`: the outcome as data, and where the session is afterwards. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ReloadResult } from '../../src/dap/reload-result.ts';
import { type Adapter, openAdapter } from './client.ts';
import { launched } from './transcript.ts';
import { type Workspace, workspace } from './workspace.ts';

let adapter: Adapter;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

/** Reloads after a change of the protocol, paused after the third step. */
async function reloadAfter(change: readonly [before: string, after: string]): Promise<ReloadResult> {
  const own: Workspace = workspace();
  adapter = openAdapter();
  await launched(adapter.client, { program: own.program, stopOnEntry: true });
  for (let step = 0; step < 3; step++) await adapter.client.move('next');
  const source = readFileSync(join(own.folder, 'relay.ts'), 'utf8');
  expect(source).toContain(change[0]);
  own.write('relay.ts', source.replace(...change));
  return (await adapter.client.ask('lockstep/reload')) as ReloadResult;
}

test('a change without effect: the run is the same', async () => {
  const result = await reloadAfter(['const isFull', '// Later than before.\n          const isFull']);
  expect(result).toEqual({ type: 'same', at: { step: 3, inside: false } });
});

test('a change of what a handler stores: the first state that differs', async () => {
  const result = await reloadAfter(['state.seen.push(from);', 'state.seen.push(from, from);']);
  const difference = { node: 'b', path: ['seen', '1'], before: 'not set', now: '"a"' };
  const at = { step: 3, inside: false };
  expect(result).toEqual({ type: 'state differs', step: 2, action: 'Token a → b', difference, at });
});

test('a change of what a handler sends: the session is before the step that differs', async () => {
  const result = await reloadAfter(['hops: hops + 1', 'hops: hops + 3']);
  const difference = {
    type: 'effects differ',
    kind: 'sent',
    before: { first: 'Token to a {hops: 2}', more: 0 },
    now: { first: 'Token to a {hops: 4}', more: 0 },
  };
  const at = { step: 1, inside: false };
  expect(result).toEqual({ type: 'run differs', step: 2, action: 'Token a → b', difference, at });
});
