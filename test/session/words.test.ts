/** The small languages of breakpoints: hit conditions and log messages; values on one line. */
import { describe, expect, test } from 'vitest';
import { Hits, parseHitRule } from '../../src/session/breakpoints/hits.ts';
import { parseLogMessage } from '../../src/session/breakpoints/log-message.ts';
import { oneAction } from '../../src/session/pursuit.ts';
import { valueText } from '../../src/session/read/value.ts';
import { childrenOf, variableOf } from '../../src/session/read/variables.ts';
import { Scope } from '../../src/scenario/conditions/scope.ts';
import { election, sessionOf } from './sessions.ts';

describe('a hit condition', () => {
  test.each([
    ['3', [3]],
    ['= 3', [3]],
    ['>= 4', [4, 5, 6]],
    ['> 4', [5, 6]],
    ['< 3', [1, 2]],
    ['<=2', [1, 2]],
    ['% 2', [2, 4, 6]],
    ['% 0', []],
  ])('%s', (text, expected) => {
    const rule = parseHitRule(text)!;
    expect([1, 2, 3, 4, 5, 6].filter(rule)).toEqual(expected);
  });

  test.each(['', 'often', '-1', '1.5', '3 times'])('is not `%s`', (text) => {
    expect(parseHitRule(text)).toBeUndefined();
  });
});

describe('hits', () => {
  test('keep their number when a moment is passed again, on each branch', () => {
    const hits = new Hits();
    expect([10, 20, 30].map((moment) => hits.count(0, moment))).toEqual([1, 2, 3]);
    expect(hits.count(0, 20)).toBe(2);
    hits.branch(0, 1, 20);
    expect(hits.count(1, 25)).toBe(3);
    expect(hits.count(0, 40)).toBe(4);
  });
});

describe('a log message', () => {
  const session = sessionOf(election());
  session.run(oneAction);
  const { language } = session.script.scenario;
  const scope = new Scope(session.world.nodes).at(session.world);
  const say = (text: string) => {
    const parsed = parseLogMessage(text, language);
    return 'message' in parsed ? parsed.message(scope) : `refused: ${parsed.problem.type}`;
  };

  test.each([
    ['plain', 'plain'],
    ['{1 + 1} and {"a" + "}"}', '2 and a}'],
    ['{[1, 2]} {{"a": 1}}', '[1, 2] {a: 1}'],
    ['\\{not\\}', '{not}'],
    ['{n1.state.nothing}', '{`n1.state.nothing`: there is no field `nothing` in `n1.state`}'],
    ['{1 +', 'refused: open brace'],
    ['{1 +}', 'refused: expression'],
  ])('%s', (text, expected) => {
    expect(say(text)).toBe(expected);
  });
});

describe('a value on one line', () => {
  test.each([
    [undefined, 'not set'],
    [null, 'null'],
    ['a "b"', '"a \\"b\\""'],
    [{}, '{}'],
    [{ term: 3, entries: [1] }, '{term: 3, entries: [1]}'],
    [[1, 2, 3, 4], '(4) [1, 2, 3, 4]'],
  ])('%j', (value, expected) => {
    expect(valueText(value)).toBe(expected);
  });

  test('is short, however long the value', () => {
    const long = Array.from({ length: 100_000 }, (_, index) => ({ index, name: 'x'.repeat(50) }));
    expect(valueText(long).length).toBeLessThan(200);
    expect(valueText({ long, other: { deep: { deeper: long } } }).length).toBeLessThan(250);
  });
});

describe('variables', () => {
  test('mark what changed, what is new and what is gone', () => {
    const before = { value: { term: 1, log: [1], gone: 2, same: 'x' } };
    const rows = childrenOf({ term: 2, log: [1, 2], fresh: 0, same: 'x' }, { before })!.list(0, 9);
    expect(rows.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      'term: 2  ← was 1',
      'log: [1, 2]  ← had 1',
      'fresh: 0  ← new',
      'same: "x"',
      'gone: not set  ← was 2',
    ]);
  });

  test('make rows of a long list on demand, with their expressions', () => {
    const log = Array.from({ length: 1_000_000 }, (_, term) => ({ term }));
    const row = variableOf('log', log, { expression: 'n1.state.log' });
    expect(row.children!.indexed).toBe(1_000_000);
    const [entry] = row.children!.list(999_999, 1);
    expect(entry).toMatchObject({ name: '999999', expression: 'n1.state.log[999999]' });
    expect(entry.children!.list(0, 1)[0].expression).toBe('n1.state.log[999999].term');
  });

  test('with names that are not identifiers have expressions with their key', () => {
    const [row] = childrenOf({ 'a-b': 1 }, { expression: 'n1.state' })!.list(0, 1);
    expect(row.expression).toBe('n1.state["a-b"]');
  });
});
