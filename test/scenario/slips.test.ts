/** What writers of other languages write in an expression: each is answered with what CEL has. */
import { describe, expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import type { ScenarioProblem } from '../../src/scenario/problem.ts';

function problemOf(expression: string): ScenarioProblem | undefined {
  const text =
    'protocol: raft\nnodes: { n1..n3: replica, client: client }\nsteps: []\nexpect:\n' +
    `  - end: ${expression}\n`;
  return parseScenario(text, 's', library).problems[0];
}

/** The marked part of an expression is where the fault is. */
const slips: readonly [marked: string, hint: string][] = [
  ['n1.state.log.«length» > 0', 'write `x.size()`'],
  ['nodes.«length» == 4', 'write `x.size()`'],
  ['nodes.filter(n, n.up).«length» == 4', 'write `x.size()`'],
  ['nodes.all(n, n.state.log.«size» >= 0)', 'write `x.size()`'],
  ['nodes.«count»() == 4', 'write `x.size()`'],
  ['«len»(nodes) == 4', 'write `x.size()`'],
  ['n1.epoch «===» 1', 'write `==`'],
  ['n1.epoch «!==» 1', 'write `!=`'],
  ['n1.epoch «<>» 1', 'write `!=`'],
  ['n1.up «=» true', 'compare with `==`'],
  ['n1.up «and» n2.up', 'write `&&`'],
  ['n1.up «&» n2.up', 'write `&&`'],
  ['n1.up «or» n2.up', 'write `||`'],
  ['n1.up «|» n2.up', 'write `||`'],
  ['«not» n1.up', 'write `!`'],
  ['n1.standing «is» "leader"', 'write `==`'],
  ['n1.standing «is not» "leader"', 'write `!=`'],
  ['«history is» linearizable', 'write `- history is MODEL` under `expect`, for the whole run'],
  ['«history is» not serializable', 'write `- history is MODEL` under `expect`, for the whole run'],
  ['n1.up «=>» n2.up', 'write `>=`, or `!a || b` for an implication'],
  ['n1.epoch «=<» 3', 'write `<=`'],
  ['n1.up «implies» n2.up', 'write `!a || b`'],
  ['n1.state.votedFor == «undefined»', 'write `null`'],
  ['n1.state.votedFor != «None»', 'write `null`'],
  ['n1.up == «True»', 'write `true`'],
  ['n1.standing == «leader»', "write a string in quotes: `\"leader\"`"],
  ['«the leader» == n1', 'write `nodes.exists(n, n.standing == "leader")`'],
  ['nodes.«some»(n => n.up)', 'write `.exists(n, n.up)`'],
  ['nodes.«every»((x) => x.up)', 'write `.all(x, x.up)`'],
  ['nodes.«filter»(n => n.epoch == 1).size() == 1', 'write `.filter(n, n.epoch == 1)`'],
  ['nodes.«some»(n, n.up)', 'write `.exists(n, n.up)`'],
  ['nodes.«find»(n, n.up).id == "n1"', 'write `.filter(n, n.up)`, whose first item is `[0]`'],
  ['nodes.«all»(n.up)', 'write `.all(n, n.up)`'],
  ['«all»(n, n.up)', 'write `nodes.all(n, n.up)`'],
  ['nodes.map(n, n.id).«includes»("n1")', 'write `x in list`; for a part of a string, `text.contains(part)`'],
  ['n1.state.votedFor.«startswith»("n")', 'write `startsWith`'],
  ['n1.state.log«?.»size() > 0', 'write `.`, and use `has(x.field)` to test whether a field exists'],
  ['n1.state.votedFor «??» "n1" == "n1"', 'write `x != null ? x : y`'],
  ['n1.state.log.«at»(-1).term == 1', 'write `list[0]`, or `list[list.size() - 1]` for the last item'],
  ['time > «5s»', '`time` is in seconds: write `5`'],
  ['time > «1500ms»', '`time` is in seconds: write `1.5`'],
  ['«typeof» n1.up == "boolean"', 'write `type(x)`'],
  ['n1.epoch«++» > 1', 'an expression cannot change a value'],
  [
    '«Math».max(n1.epoch, 2) == 2',
    'an expression has operators, `size`, `has`, `int`, `double`, `string`, `type`',
  ],
  ['«parseInt»("1") == 1', 'write `int(x)`, `double(x)` or `string(x)`'],
  [
    '«if» (n1.up) true',
    'write one expression that is true or false, such as `a ? b : c` or `nodes.all(n, n.up)`',
  ],
];

describe('an expression of another language', () => {
  test.each(slips)('%s', (marked, hint) => {
    const problem = problemOf(marked.replace(/[«»]/g, ''))!;
    expect(problem.hint).toBe(hint);
    const begin = 10 + marked.indexOf('«');
    expect([problem.line, problem.column, problem.endColumn]).toEqual([
      5, begin, begin + marked.indexOf('»') - marked.indexOf('«') - 1,
    ]);
  });

  test('the question whether a list contains an item', () => {
    expect(problemOf('nodes.map(n, n.id).contains("n1")')!.hint).toMatch(/^write `x in list`/);
  });

  test('a chain of comparisons', () => {
    expect(problemOf('1 < n1.epoch < 3')!.hint).toBe('write `a < b && b < c`');
  });
});

test.each([
  'n1.state.log.size() > 0',
  'nodes.exists(n, n.state.log.size() > 1 && n.standing == "leader")',
  'time > 0 || "a => b, c === d, e and f, 5s".size() > 0',
  'size(nodes) == 4',
  'n1.id in ["n1"] || n1.standing.contains("and or not")',
  'nodes.filter(n, n.up).map(n, n.id).size() - -1 > 0',
  "time > 5 || time > duration('5s')",
])('%s is CEL', (expression) => {
  expect(problemOf(expression)).toBeUndefined();
});

test('a field of a state may be named like a size', () => {
  const text = 'protocol: raft\nnodes: [n1]\nsteps: []\nexpect:\n  - end: ';
  const end = (expression: string) => parseScenario(`${text}${expression}\n`, 's', library).problems;
  expect(end('n1.state.count == 1')).toEqual([]);
  expect(end('n1.state.count == 1 && foo')[0]!.message).toBe('there is no name `foo`');
});

test.each([
  ['reset A - B', '`A` and `B` have no connection to each other', 'write for example `reset A - redis`'],
])('%s says why there is no connection', (command, message, hint) => {
  const text =
    `protocol: redis-lock\nnodes: { redis: redis, A: worker, B: worker }\nsteps: [${command}]\n`;
  expect(parseScenario(text, 's', library).problems[0]).toMatchObject({ message, hint });
});
