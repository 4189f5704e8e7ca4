/** Line by line through a pattern of the author API, in a workspace protocol and a built-in one. */
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Adapter, openAdapter, repository, scenarios } from './client.ts';
import { launched } from './transcript.ts';

let adapter: Adapter;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

/** The names of the top frames, with the file and the line of the innermost. */
async function place(levels = 2): Promise<string[]> {
  const { stackFrames } = await adapter.client.ask('stackTrace', { threadId: 1, levels });
  const [{ source, line }] = stackFrames;
  const text = await textOf(source!);
  return [text.split('\n')[line - 1]!.trim(), ...stackFrames.map(({ name }) => name.split(' ')[0]!)];
}

async function textOf(source: { path?: string; sourceReference?: number }): Promise<string> {
  if (!source.sourceReference) return readFileSync(source.path!, 'utf8');
  const { sourceReference } = source;
  return (await adapter.client.ask('source', { source, sourceReference })).content;
}

const body = [
  'for (const receiver of to) {',
  'node.send(receiver, message);',
];

describe('stepping into broadcast', () => {
  test('goes through its lines in a protocol of the workspace, and back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-gossip-'));
    cpSync(join(repository, 'samples/gossip'), folder, { recursive: true });
    adapter = openAdapter();
    const program = join(folder, 'lost-mail.scenario.yaml');
    await launched(adapter.client, { program, stopOnEntry: true });
    await adapter.client.move('stepIn', { threadId: 1 });
    while (!(await place())[0]!.startsWith('broadcast(')) {
      await adapter.client.move('next', { threadId: 1 });
    }
    await adapter.client.move('stepIn', { threadId: 1 });
    const lines: string[] = [];
    for (let [line, name] = await place(); name === 'broadcast'; [line, name] = await place()) {
      lines.push(line!);
      await adapter.client.move('next', { threadId: 1 });
    }
    expect(lines.filter((line) => line === body[1])).toHaveLength(4);
    expect([...new Set(lines)]).toEqual(body);
    expect((await place())[1]).toBe('write');
    await adapter.client.move('stepBack', { threadId: 1 });
    expect(await place()).toEqual([expect.any(String), 'write', 'start']);
  });

  test('stops at a breakpoint in it, in a built-in protocol', async () => {
    adapter = openAdapter();
    const program = `${scenarios}/write.scenario.yaml`;
    const path = join(repository, 'dist/protocol/patterns.ts');
    const line = (await textOf({ path })).split('\n').findIndex((one) => one.includes(body[1]!)) + 1;
    const stop = await launched(adapter.client, { program }, async () => {
      await adapter.client.ask('setBreakpoints', { source: { path }, breakpoints: [{ line }] });
    });
    expect(stop.reason).toBe('breakpoint');
    expect(await place(3)).toEqual([body[1], 'broadcast', 'becomeCandidate', 'election']);
  });
});
