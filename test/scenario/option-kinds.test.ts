/** Settings of each kind: their values in a node, and what is wrong with others. */
import { describe, expect, test } from 'vitest';
import { start } from '../../src/kernel/step.ts';
import { protocolProblems } from '../../src/code/check/protocol-check.ts';
import { parsed, values } from './values.ts';

function optionsOf(settings: string): Record<string, unknown> {
  const { scenario, problems } = parsed(`options: ${settings}`);
  if (!scenario) throw new Error(problems.map(({ message }) => message).join('\n'));
  return { ...start(scenario.setup).node('n1')!.options };
}

describe('a setting', () => {
  test('has its default otherwise', () => {
    expect(optionsOf('{}')).toMatchObject({ title: 'none', leader: null, waits: [5_000] });
  });

  test.each([
    ['{ title: two words }', { title: 'two words' }],
    ['{ title: 5 }', { title: '5' }],
    ['{ rate: 0.25 }', { rate: 0.25 }],
    ['{ leader: n2 }', { leader: 'n2' }],
    ['{ leader: null }', { leader: null }],
    ['{ waits: [50ms, 1s] }', { waits: [50_000, 1_000_000] }],
    ['{ sizes: [1, 2] }', { sizes: [1, 2] }],
    ['{ rates: [0.5, -1] }', { rates: [0.5, -1] }],
    ['{ flags: [true, no] }', { flags: [true, false] }],
    ['{ words: [] }', { words: [] }],
    ['{ words: [a, "b c"] }', { words: ['a', 'b c'] }],
    ['{ colors: [red, red] }', { colors: ['red', 'red'] }],
    ['{ contacts: [n1, n2] }', { contacts: ['n1', 'n2'] }],
  ])('%s', (settings, options) => expect(optionsOf(settings)).toMatchObject(options));

  test.each([
    ['{ title: [a] }', '3:19: `title` must be a string, not a list'],
    ['{ rate: high }', '3:18: `rate` must be a number, not `high`'],
    ['{ rate: 1.5 }', '3:18: `rate` must be at most 1, and not 1.5'],
    ['{ leader: n9 }', '3:20: there is no node `n9`'],
    ['{ leader: c }', '3:20: `leader` must name a server, not `c`'],
    ['{ waits: 50ms }', '3:19: `waits` must be a list, such as `[50ms, 1s]`, not `50ms`'],
    ['{ waits: [50ms, 0s] }', '3:26: `waits` must be at least 1us, and not 0s'],
    [
      '{ waits: [50ms, soon] }',
      '3:26: `waits` must be a list in which each item is a duration, such as `50ms`, not `soon`',
    ],
    ['{ sizes: [1, 10] }', '3:23: `sizes` must be at most 9, and not 10'],
    ['{ sizes: [1.5] }', '3:20: `sizes` must be a list in which each item is an integer, not `1.5`'],
    [
      '{ colors: [green] }',
      '3:21: `colors` must be a list in which each item is `red` or `blue`, not `green`',
    ],
    ['{ contacts: [n1, c] }', '3:27: `contacts` must name a server, not `c`'],
  ])('%s is refused', (settings, problem) => {
    const { problems } = parsed(`options: ${settings}`);
    expect(problems.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([
      problem,
    ]);
  });
});

describe('the declaration of a setting', () => {
  const problemsOf = (option: object) => {
    const { server } = values.roles;
    const roles = { server: { ...server!, options: { one: { doc: 'One.', ...option } } } };
    return [...protocolProblems({ ...values, roles } as never)].map(({ message }) => message);
  };

  test.each<[object, string]>([
    [{ kind: 'string', default: 5 }, 'must be a string, not 5'],
    [{ kind: 'number', default: '5' }, 'must be a number, not "5"'],
    [{ kind: 'node', default: 5 }, 'must be null, or the name of a node, not 5'],
    [{ kind: 'node', default: null, role: 'sever' }, '"sever" is not a role: did you mean `server`?'],
    [{ kind: 'list', default: [] }, 'its kind is missing: write duration, integer, number'],
    [{ kind: 'list', of: 'strings', default: [] }, '"strings" is not a kind: did you mean `string`?'],
    [{ kind: 'list', of: 'integer', default: [1.5] }, 'an array in which each item is an integer'],
    [{ kind: 'list', of: 'node', default: [null] }, 'an array in which each item is the name of'],
    [{ kind: 'list', of: 'string', default: ['c'], choices: ['a'] }, 'one of its `choices`'],
    [{ kind: 'string', default: '', min: 1 }, 'has no use for a string'],
    [{ kind: 'list', of: 'string', default: [], min: 1 }, 'has no use for a string'],
    [{ kind: 'number', default: 1, min: 'a' }, 'must be a number, not "a"'],
  ])('%j', (option, problem) => {
    expect(problemsOf(option).join('\n')).toContain(problem);
  });

  test.each<object>([
    { kind: 'number', default: 1, min: 0.5 },
    { kind: 'list', of: 'duration', default: [1], max: 10 },
    { kind: 'node', default: 'n1', role: 'server' },
  ])('%j is right', (option) => expect(problemsOf(option)).toEqual([]));
});
