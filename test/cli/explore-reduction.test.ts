// What `lockstep explore` says of the actions that it left out, and how it takes all of them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { noReductionText } from '../../src/cli/explore/reduction-words.ts';
import { optionNames } from '../../src/cli/explore/words.ts';
import { Shell } from './shell.ts';

const folder = fileURLToPath(new URL('../../samples/find-the-bug/', import.meta.url));

async function explored(...options: string[]) {
  return exploredWith('deliver c1->v1', ...options);
}

/** A step that names a message needs worlds: what looks states up takes all actions. */
async function exploredWith(step: string, ...options: string[]) {
  const shell = shellWith(step);
  const bounds = ['--untimed', '--max-states', '300'];
  const { out } = await shell.run('explore', ...bounds, ...options, 'quorum.scenario.yaml');
  return out;
}

function shellWith(step: string): Shell {
  const read = (file: string) => readFileSync(`${folder}${file}`, 'utf8');
  return new Shell({
    'quorum.scenario.yaml': read('quorum.scenario.yaml').replace('wait 50ms', step),
    'quorum.ts': read('quorum.ts'),
  });
}

test('depth-first, some actions commute with others', async () => {
  expect(await explored('--mode', 'dfs')).toMatch(
    /\d+ actions taken, [\d,]+ left out because they commute with others/,
  );
  const { reduction, transitions } = JSON.parse(await explored('--mode', 'dfs', '--json'));
  expect(reduction.skipped).toBeGreaterThan(0);
  expect(reduction.skipped).toBeLessThan(transitions);
});

test('--no-reduction takes all, and so does a search that looks states up', async () => {
  const noneIn = (text: string) =>
    (JSON.parse(text) as { reduction: { none: unknown } }).reduction.none;
  const none = async (...options: string[]) => noneIn(await explored(...options, '--json'));
  expect(await explored('--mode', 'dfs', '--no-reduction')).not.toContain('left out');
  expect(await none('--mode', 'dfs', '--no-reduction')).toEqual({ code: 'off' });
  for (const mode of ['bfs', 'dfs']) {
    const looked = await exploredWith('wait 50ms', '--mode', mode, '--json');
    expect(noneIn(looked)).toEqual({ code: 'look-ups' });
  }
  expect(await none('--mode', 'dfs', '--max-depth', '9')).toEqual({ code: 'depth' });
});

test.each([
  [['deliver c1->v1', '--mode', 'dfs', '--no-reduction'], 'turned off by --no-reduction'],
  [['wait 50ms', '--mode', 'bfs'], 'steps are looked up in tables, which takes less time'],
  [['deliver c1->v1', '--mode', 'dfs', '--max-depth', '9'], '--max-depth depends on the run to a state'],
])('the verdict says that nothing was left out, and why: %j', async ([step, ...options], why) => {
  expect(await exploredWith(step!, ...options)).toContain(`\n    no reduction: ${why}\n`);
});

test('a condition that may be true on the way is named', () => {
  const none = { code: 'until', text: 'up(n1)' } as const;
  expect(noReductionText(none, optionNames)).toBe('no reduction: `until: up(n1)` may be true on the way');
});

test('a search that leaves out actions, and one with time, say nothing of that', async () => {
  expect(await explored('--mode', 'dfs')).not.toContain('no reduction');
  const { out } = await shellWith('wait 50ms').run('explore', '--mode', 'bfs', '--max-states', '50', 'quorum.scenario.yaml');
  expect(out).not.toContain('no reduction');
});

test('walks take no option of searches', async () => {
  expect(await explored('--mode', 'random', '--no-reduction')).toBe('');
});
