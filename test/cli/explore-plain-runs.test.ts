/** How findings over connections are saved: as plain steps, or else as a run with a seed. */
import { expect, test } from 'vitest';
import { saveFinding } from '../../src/cli/explore/save.ts';
import { loadScenario } from '../../src/cli/load.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { Shell } from './shell.ts';

const file = 'locks.scenario.yaml';

/** Workers talk to the lock server over connections, which send again by themselves. */
const locks = `protocol: fenced-lock
nodes: { server: lockServer, w1..w2: worker }
steps:
  - 'nemesis: crash every 100ms..900ms on server'
  - 'repeat 12 times every 20ms..400ms within 500ms: w1..w2 lock x ttl=1s | unlock x'
expect:
  - no event LockExpired
`;

const saved = 'found/locks-no-event-lockexpired.scenario.yaml';

test('what cannot be scheduled is saved as a plain run with the same promise', async () => {
  const shell = new Shell({ [file]: locks });
  const terminal = {
    read(name: string) {
      if (name in shell.files) return shell.files[name];
      throw Object.assign(new Error(name), { code: 'ENOENT' });
    },
    writeNew: (name: string, text: string) => void (shell.files[name] = text),
  } as Terminal;
  const loaded = loadScenario(file, terminal, {}) as Parameters<typeof saveFinding>[1]['loaded'];
  const { expect: [{ text, range }], setup } = loaded.scenario;
  const subject = { kind: 'expectation', text, range } as const;
  const found = { subject, setup, actions: [], hasOwnSteps: true, shrunk: () => undefined };
  const place = { file, folder: 'found', loaded, values: {}, terminal };
  expect(saveFinding(found, place)).toMatchObject({ saved });
  expect(shell.files[saved]).toContain('repeat 12 times');
  expect(shell.files[saved]).toMatch(/^seed: [1-9]/m);
  const again = await shell.run('run', saved);
  expect(again.code).toBe(1);
  expect(again.out).toContain('no event LockExpired');
});

/** The steps of what `explore` saves in the folder `found`, and what `run` makes of it. */
async function savedSteps(text: string) {
  const shell = new Shell({ [file]: text });
  const random = ['--mode', 'random', '--seeds', '1..200', '--save', 'found'];
  const { code, error } = await shell.run('explore', file, ...random);
  expect({ code, error }).toEqual({ code: 1, error: '' });
  const name = Object.keys(shell.files).find((one) => one.startsWith('found/'))!;
  const again = await shell.run('run', name);
  const whole = shell.files[name];
  const [, steps] = whole.split(/^steps:\n|^expect:\n/m);
  return { code: again.code, whole, steps: steps.split('\n').map((line) => line.slice(4)) };
}

test('an operation with a duration is a plain step', async () => {
  const { code, steps } = await savedSteps(locks);
  expect(code).toBe(1);
  expect(steps).toEqual([
    'deliver w2->server SYN', 'deliver server->w2 SYN-ACK', 'start w2 lock x 1s',
    'deliver w2->server Lock', 'fire server expiry[x]', '',
  ]);
});

test('nodes that are left may talk over connections alone, which cannot reorder', async () => {
  const { code, whole, steps } = await savedSteps(`protocol: kubernetes-lease
nodes: { api: apiServer, w1..w3: candidate }
network: { latency: 1ms..20ms, reorder: true }
until: 3s
expect:
  - no event StartedLeading
`);
  expect(code).toBe(1);
  expect(whole).not.toContain('reorder');
  expect(steps).toContain('deliver api->w1 LeaseFound');
});
