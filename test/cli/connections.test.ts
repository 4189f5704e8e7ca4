/** Commands on the messages of connections, as a scenario gives them. */
import { expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';

async function output(text: string): Promise<string> {
  let out = '';
  const write = async (words: string) => void (out += words);
  const read = () => text;
  await lockstep(['run', 's.scenario.yaml'], { read, version: () => '', out: write, error: write });
  return out;
}

test('a message is delivered after those that were sent on its connection before', async () => {
  const text = await output(`protocol: redis
nodes: { r: redis, A: client }
steps:
  - A redis "PING"
  - start A redis "PING"
  - start A connect
  - deliver A->r FIN
`);
  expect(text).not.toMatch(/internal error/i);
  expect(text).toMatch(/Command PING[^]*\[line 7\] {2}deliver A->r#\d+ FIN/);
});
