/** A node that a step adds, in the real adapter: threads, lines of its start, breakpoints, going back. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Adapter, openAdapter, repository } from './client.ts';
import { launched } from './transcript.ts';

let adapter: Adapter;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

async function begin(setUp?: (file: string) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-adding-'));
  cpSync(join(repository, 'samples/gossip'), folder, { recursive: true });
  adapter = openAdapter();
  const program = join(folder, 'new-member.scenario.yaml');
  const args = { program, stopOnEntry: true };
  await launched(adapter.client, args, () => setUp?.(join(folder, 'gossip.ts')) ?? Promise.resolve());
  return { program };
}

const threads = async () =>
  (await adapter.client.ask('threads')).threads.slice(1).map(({ name }) => name.split(' ')[0]);
const move = (command: string, threadId = 1) => adapter.client.move(command, { threadId });
const value = async (expression: string) => {
  const { success, message, body } = await adapter.client.send('evaluate', { expression, context: 'repl' });
  return success ? (body as { result: string }).result : message;
};
const toLine = async (program: string, line: number) => {
  const breakpoints = [{ line }];
  await adapter.client.ask('setBreakpoints', { source: { path: program }, breakpoints });
  await move('continue');
};
const frames = async (threadId = 1) =>
  (await adapter.client.ask('stackTrace', { threadId })).stackFrames.map(({ name }) => name);

describe('a node that a step adds', () => {
  test('is a thread from then on, has its lines, and is not there before', async () => {
    const { program } = await begin();
    await toLine(program, 10);
    expect(await threads()).toEqual(['n1', 'n2', 'n3', 'n4']);
    expect(await value('n5.up')).toMatch(/n5/);
    await move('stepIn');
    // Before the first line of its `start`, the node exists.
    expect((await frames())[0]).toMatch(/^start · n5 · /);
    expect(await threads()).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    expect((await frames(6))[0]).toMatch(/^start · n5 · /);
    await move('stepOut');
    expect(await value('n5.state.members')).toBe('(4) ["n1", "n2", "n3", "n4"]');
    await move('next', 6);
    expect((await frames(6))[0]).toMatch(/n5/);
    for (let back = 0; (await threads()).length === 5 && back < 20; back++) await move('stepBack');
    expect(await threads()).toEqual(['n1', 'n2', 'n3', 'n4']);
    await move('next');
    expect(await threads()).toContain('n5');
  });

  test('may be named by breakpoints before it exists, and only they stop at it', async () => {
    await begin(async (path) => {
      const { breakpoints } = await adapter.client.ask('setFunctionBreakpoints', {
        breakpoints: [{ name: 'n5:Missing' }, { name: 'n9:Missing' }],
      });
      expect(breakpoints.map(({ verified }) => verified)).toEqual([true, false]);
      const text = readFileSync(path, 'utf8').split('\n');
      const line = text.findIndex((one) => one.includes('for (const peer of node.peers) meet')) + 1;
      const set = await adapter.client.ask('setBreakpoints', {
        source: { path }, breakpoints: [{ line, condition: 'node.id == "n5"' }],
      });
      expect(set.breakpoints).toMatchObject([{ verified: true }]);
    });
    await move('continue');
    expect((await frames())[0]).toMatch(/^start · n5 · /);
    await move('continue');
    expect((await frames())[0]).toMatch(/^Missing · .* → n5 · /);
    await move('reverseContinue');
    expect((await frames())[0]).toMatch(/^start · n5 · /);
  });

  test('can be added from the console, which begins a branch, and completes its name', async () => {
    const { program } = await begin();
    await toLine(program, 10);
    expect(await value('add n1')).toMatch(/there is already a node `n1`/);
    expect(await value('add extra')).toMatch(/extra/);
    expect(await threads()).toEqual(['n1', 'n2', 'n3', 'n4', 'extra']);
    expect(await value('extra.state.members.size()')).toBe('4');
    expect(await value('crash extra')).toMatch(/extra/);
    expect(await value('extra.up')).toBe('false');
    const { targets } = await adapter.client.ask('completions', { text: 'ex', column: 3 });
    expect(targets.map(({ label }) => label)).toContain('extra');
    await move('next');
    expect(await threads()).toEqual(['n1', 'n2', 'n3', 'n4', 'extra', 'n5']);
  });
});
