/** A run that acts on and on at one virtual time is stopped, and names what repeats. */
import { expect, test } from 'vitest';
import { pinging, pingShell } from '../cli/shell.ts';

test('a run that makes no progress in virtual time fails, and names the node and the handler', async () => {
  const ping = 'for (const peer of node.peers) node.send(peer, { type: "Ping" });';
  const shell = pingShell({ ping }, pinging.replace('latency: 1ms', 'latency: 0ms'));
  const { code, out } = await shell.run('run', '--quiet', 'ping.scenario.yaml');
  expect(code).toBe(1);
  expect(out).toMatch(
    /✗ the run makes no progress\n {4}100000 actions happened while virtual time did not move; the most frequent one was [ab], handling Ping \(step 100000, 0\.000000s\)/,
  );
});
