/** `lockstep run --check-determinism`: finds code that keeps state outside of its nodes. */
import { expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { pingShell, transcript } from './shell.ts';

/** A counter that no state of a node holds. */
const hidden = 'const calls = (() => { let count = 0; return () => ++count; })();';

const check = (parts: Parameters<typeof pingShell>[0], ...args: string[]) =>
  pingShell(parts).run('run', '--check-determinism', ...args, 'ping.scenario.yaml');

test('a protocol that keeps its state in its nodes passes, and its run is the same', async () => {
  const plain = await pingShell().run('run', 'ping.scenario.yaml');
  const checked = await check({});
  const line = '✓ each of 4 actions ran twice with the same effects\n';
  expect(checked.out).toContain(line);
  expect({ ...checked, out: checked.out.replace(line, '') }).toEqual(plain);
});

test('the first difference is reported with its step, and ends the run', async () => {
  const parts = { top: hidden, ping: 'node.state.calls = calls();' };
  expectGolden(import.meta.url, 'check-determinism', transcript(await check(parts)));
});

test.each([
  ['a closure', { top: hidden, ping: 'node.state.count += calls();' }, 'b.state.count is 2'],
  [
    'a private field',
    {
      top: 'class Counter { #calls = 0; next() { return ++this.#calls; } }\nconst counter = new Counter();',
      ping: "node.setTimer('later', counter.next());",
    },
    'it sets later to 0.001001s the first time and later to 0.001002s the second time',
  ],
  [
    'what decides whether a handler throws',
    { top: hidden, ping: "if (calls() === 2) throw new Error('twice');" },
    'it throws nothing more the first time and `twice` the second time',
  ],
  [
    'what decides how often the node draws',
    { top: hidden, ping: 'for (let i = calls(); i > 0; i--) node.random(2);' },
    'b differs the second time (number of random draws)',
  ],
  [
    'what the boot counts',
    { top: hidden, init: '{ count: calls() }' },
    'the start ran twice from the same state',
  ],
  [
    'what an invariant counts',
    {
      top: hidden,
      invariants: "Few: { doc: 'd', check: () => (calls() === 7 ? 'too many checks' : undefined) }",
    },
    'the memory of `Few` differs the second time',
  ],
])('%s is found', async (_, parts, message) => {
  const { code, out } = await check(parts, '--quiet');
  expect(out).toContain('✗ not deterministic: ');
  expect(out).toContain(message);
  expect(code).toBe(1);
});

test('with --json and --mermaid the report goes to standard error', async () => {
  const parts = { top: hidden, ping: 'node.state.calls = calls();' };
  const json = await check(parts, '--json');
  expect(json.out.trim().split('\n').map((line) => JSON.parse(line).step)).toEqual([1, 2, 3]);
  expect(json.error).toContain('✗ not deterministic: step 3 (deliver a->b#1)');
  const mermaid = await check(parts, '--mermaid');
  expect(mermaid.error).toContain('✗ not deterministic: step 3 (deliver a->b#1)');
  expect([json.code, mermaid.code]).toEqual([1, 1]);
});
