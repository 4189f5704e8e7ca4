/** Findings that plain steps cannot say: they are saved as a run of the scenario with a seed. */
import { expect, test } from 'vitest';
import { Shell } from './shell.ts';

/** Workers talk to the lock server over connections, which send again by themselves. */
const locks = `protocol: fenced-lock
nodes: { server: lockServer, w1..w2: worker }
steps:
  - 'nemesis: crash every 100ms..900ms on server'
  - 'repeat 12 times every 20ms..400ms within 500ms: w1..w2 lock x ttl=1s | unlock x'
expect:
  - no event LockExpired
`;

test('a random walk over connections is saved as a plain run with the same promise', async () => {
  const shell = new Shell({ 'locks.scenario.yaml': locks });
  const random = ['--mode', 'random', '--seeds', '1..200', '--save', 'found'];
  const { code, out, error } = await shell.run('explore', 'locks.scenario.yaml', ...random);
  expect({ code, error }).toEqual({ code: 1, error: '' });
  const saved = 'found/locks-no-event-lockexpired.scenario.yaml';
  expect(out).toContain(`saved ${saved}\n`);
  expect(shell.files[saved]).toContain('repeat 12 times');
  expect(shell.files[saved]).toMatch(/^seed: [1-9]/m);
  const again = await shell.run('run', saved);
  expect(again.code).toBe(1);
  expect(again.out).toContain('no event LockExpired');
});
