/** `before` in the debug console of the adapter: answered after a search, or refused in words. */
import { afterEach, expect, test } from 'vitest';
import { type Adapter, openAdapter, scenarios } from './client.ts';
import { launched } from './transcript.ts';

let adapter: Adapter;

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

test('before says which event happened first, through which messages', async () => {
  adapter = openAdapter();
  const { client } = adapter;
  await launched(client, { program: `${scenarios}/write.scenario.yaml` });
  await client.ask('setExceptionBreakpoints', { filters: ['event:LeaderElected'] });
  await client.move('continue', { threadId: 1 });
  const evaluated = async (expression: string) => {
    const { success, message, body } = await client.send('evaluate', { expression, context: 'repl' });
    return success ? (body as { result: string }).result : `refused: ${message}`;
  };
  expect(await evaluated('before n2:TermChanged n3:VoteGranted')).toMatch(
    /^before, through this chain of messages:\n  n2->n3#1 RequestVote .*: sent in step \d+, received in step \d+\n/,
  );
  expect(await evaluated('before n1:start n3:start')).toMatch(
    /^concurrent: neither could have known\./,
  );
  expect(await evaluated('before n2:TermChange n3:VoteGranted')).toBe(
    'refused: the protocol has no event `TermChange` (did you mean `TermChanged`?)',
  );
  expect(await evaluated('before 3')).toBe(
    'refused: Name two events: `before 12 30` or `before n1:TermChanged n2:LeaderElected`',
  );
  expect(await evaluated('help')).toContain('\n  before EVENT EVENT\n');
  const { targets } = await client.ask('completions', { text: 'before n2:Term', column: 15 });
  expect(targets.map(({ label }) => label)).toEqual(['TermChanged']);
});
