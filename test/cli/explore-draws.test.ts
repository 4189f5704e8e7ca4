// An untimed search tries every value that a handler draws, or says that it proves nothing.
import { describe, expect, test } from 'vitest';
import { Shell } from './shell.ts';

/** A node that draws once, or several times in one step; the last value of all breaks a promise. */
const protocol = (bounds: string) => `import { defineProtocol, role } from 'lockstep';

export default defineProtocol({
  name: 'drawing',
  doc: 'Draws.',
  source: 'a test',
  events: { Drew: 'A value was drawn.' },
  roles: {
    drawer: role<any>({
      doc: 'Draws when its timer fires.',
      init: () => ({ isLast: false, isDone: false }),
      start: (node: any) => node.setTimer('draw', 1_000),
      messages: {},
      timers: {
        draw(node: any) {
          node.state.isLast = ${bounds}.every((bound) => node.random(bound) === bound - 1);
          node.state.isDone = true;
          node.event('Drew', {});
        },
      },
    }),
  },
  defaultRole: 'drawer',
  invariants: {
    'Not the Last': {
      doc: 'No node draws the last value.',
      check: ({ nodes }: any) => nodes.some((one: any) => one.state.isLast) ? 'last' : undefined,
    },
  },
});
`;

function explore(bounds: string, ...options: string[]) {
  const shell = new Shell({
    'drawing.scenario.yaml': 'protocol: ./drawing.ts\nnodes: { x: drawer, y: drawer }\n',
    'drawing.ts': protocol(bounds),
  });
  return shell.run('explore', 'drawing.scenario.yaml', '--untimed', ...options);
}

// Both engines: breadth-first on tuples of node states, depth-first on whole worlds.
const searches = [['tuples', ['--mode', 'bfs']], ['worlds', ['--mode', 'dfs']]] as const;

describe.each(searches)('%s', (_, mode) => {
  test.each(['[65]', '[3_000]', '[100, 100]'])('all of %s are tried', async (bounds) => {
    const { code, out } = await explore(bounds, ...mode);
    expect(code).toBe(1);
    expect(out).toContain('✗ violated: Not the Last: last');
  });

  test.each(['[10_001]', '[101, 100]'])('more than the limit, %s: unknown', async (bounds) => {
    const { code, out } = await explore(bounds, ...mode);
    expect(code).toBe(3);
    expect(out).toContain(
      '? unknown: a step draws in more than 10,000 ways, and not all were tried: ended after',
    );
    expect(out).not.toContain('holds');
  });
});

test('without a mode, too', async () => {
  const { code, out } = await explore('[10_001]', '--seeds', '1..20');
  expect(code).toBe(3);
  expect(out).toContain('? unknown: a step draws in more than 10,000 ways');
  expect(out).toContain('beside it, 20 runs found no violation');
});

describe('what is drawn when the run begins', () => {
  const atStart = protocol('[4]').replace('start: (node: any) => node.setTimer(\'draw\', 1_000),', `
      start(node: any) {
        node.state.isLast = node.random(4) === 3;
        node.setTimer('draw', 1_000);
      },`);
  const drawing = (code: string) => new Shell({
    'drawing.scenario.yaml': 'protocol: ./drawing.ts\nnodes: { x: drawer }\nseed: 1\n',
    'drawing.ts': code,
  });
  const said = 'of what nodes draw when the run begins, only the numbers of the seed were tried';

  test.each(['bfs', 'dfs'])('%s: the verdict says that the seed drew it', async (mode) => {
    const code = atStart.replace('=== bound - 1', '< 0');
    const found = await drawing(code)
      .run('explore', 'drawing.scenario.yaml', '--untimed', '--mode', mode);
    expect(found.out).toContain('✓ holds');
    expect(found.out).toContain(said);
    expect(found.out).not.toContain('the bounds left nothing out');
  });

  test('without a mode, other seeds are tried', async () => {
    const code = atStart.replace('=== bound - 1', '< 0');
    const found = await drawing(code)
      .run('explore', 'drawing.scenario.yaml', '--untimed', '--seeds', '1..20');
    expect(found.out).toContain('✗ violated: Not the Last: last');
  });

  test('nothing is said if only other handlers draw', async () => {
    const code = protocol('[4]').replace('=== bound - 1', '< 0');
    const found = await drawing(code)
      .run('explore', 'drawing.scenario.yaml', '--untimed', '--mode', 'bfs');
    expect(found.out).toContain('the bounds left nothing out');
    expect(found.out).not.toContain(said);
  });
});
