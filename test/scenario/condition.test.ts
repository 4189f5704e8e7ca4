// Expressions: numbers of a state mix with those of CEL, and errors are values.
import { expect, test } from 'vitest';
import { Effects } from '../../src/kernel/effects.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { type ExtraWord, Language } from '../../src/scenario/conditions/condition.ts';
import type { EvaluationFailure } from '../../src/scenario/conditions/errors.ts';
import { scopeAt } from '../../src/scenario/conditions/scope.ts';
import { expectGolden } from '../golden.ts';

const ids = ['n1', 'n2', 'n3', 'client'];
const nodes = ids.map((id) => ({ id, role: id === 'client' ? 'client' : 'replica' }));
const language = new Language(ids);
const effects = new Effects();
const world = start({ protocol: raft, seed: 1, nodes, network: defaultNetwork });
// Up to the moment at which n1 becomes the leader.
step(world, { type: 'fire', at: 0, node: 'n1', timer: 'election', key: '' }, effects);
while (!effects.events.some(({ name }) => name === 'LeaderElected'))
  step(world, world.next()!, effects);

function valueOf(text: string): unknown {
  const compiled = language.expression(text);
  if ('fault' in compiled) return `${compiled.fault.start}: ${compiled.fault.message}`;
  const value = compiled.expression.value(scopeAt(world).on(effects.events[0], effects.message));
  return value.ok ? value.value : value.why;
}

test.each([
  ['n1.state.currentTerm == 1', true],
  ['n1.state.currentTerm == 1.0', true],
  ['n1.state.currentTerm > 0 && n1.state.currentTerm < 2', true],
  ['n1.state.currentTerm + 1', 2],
  ['1 + n1.state.currentTerm * 2 - 1', 2],
  ['(n1.state.currentTerm + 4) / 2', 2],
  ['(n1.state.currentTerm + 4) % 3', 2],
  ['size(n1.state.log) >= n1.state.currentTerm - 1', true],
  ['size(nodes) == 4', true],
  ['nodes.filter(n, n.standing == "leader").size()', 1],
  ['nodes.filter(n, n.standing == "leader")[0].epoch', 1],
  ['n1.look.epoch.name', 'term'],
  ['n1.look.log.last >= n1.look.log.committed', true],
  ['nodes.filter(n, has(n.look.log)).size()', 3],
  ['has(n1.look.votes)', false],
  ['nodes.map(n, n.id)', ids],
  ['nodes.exists(n, n.role == "client")', true],
  ['nodes.all(n, n.up && !n.paused)', true],
  ['n2.state.log == []', true],
  ['1 in [n1.state.currentTerm, 5]', true],
  ['time > 0.001 && time < 1', true],
  ['time < duration("1s") && time > duration("1ms")', true],
  ['n1.options.heartbeatInterval == 50000', true],
  ['has(n1.state.nothing)', false],
  ['n1.state.votedFor == null', false],
  ['client.operations.size()', 0],
  ['event.name', 'LeaderElected'],
  ['event.term == 1 && event.votes >= 2', true],
  ['node.id == event.node', true],
  ['state.standing', 'leader'],
  ['message.type', 'RequestVoteResult'],
  ['-n1.state.currentTerm', -1],
  ['n1.state.currentTerm > 1 ? "later" : "first"', 'first'],
])('%s', (text, value) => expect(valueOf(text)).toEqual(value));

test.each([
  [
    'n1.state.curentTerm',
    '`n1.state.curentTerm`: there is no field `curentTerm` in `n1.state`',
  ],
  ['nodes.n8.up', '`nodes.n8.up`: there is no field `n8` in `nodes`'],
  ['nodes["n8"].up', '`nodes["n8"].up`: there is no field `n8` in `nodes`'],
  [
    'n1.up && (n1.state.options).x == 1',
    '`n1.up && (n1.state.options).x == 1`: there is no field `options` in `n1.state`',
  ],
  [
    'nodes.map(m, m.state.curentTerm)',
    '`nodes.map(m, m.state.curentTerm)`: there is no field `curentTerm` in `m.state`',
  ],
  ['n1.state.log[7]', '`n1.state.log[7]`: there is no element 7: the size of the list is 1'],
  ['n1.id + 1', '`n1.id + 1`: cannot compute string + number'],
  ['n3.state.leaderId + 1', '`n3.state.leaderId + 1`: cannot compute null + number'],
  ['n1.state.currentTerm / 0', '`n1.state.currentTerm / 0`: division by zero'],
  ['n1.', '3: the expression is incomplete'],
  ['n4.up', '0: there is no name `n4`'],
  ['nodes.exists(n, n.up', '20: the expression ends before `)`'],
  ['{n1.up}', '6: expected `:`, not `}`'],
  ['n1.up ? 1 2', '10: expected `:`, not `2`'],
  ['n1.up ? 1', '9: the expression ends before `:`'],
  ['n1..up', '3: expected a name, not `.`'],
  ['"x', '0: this string is not closed'],
  ['if', '0: `if` is a reserved word of expressions'],
  ['foo(n1, 2)', '0: there is no function `foo(any, number)`'],
  ['n1.up && 1', '0: `&&` and `||` need booleans, not a number'],
  [
    'nodes.all(1, true)',
    '10: the first argument of `all` must be a name, as in `nodes.all(n, n.up)`',
  ],
  ['has(n1)', '4: the argument of `has` must be a field, as in `has(n1.state.log)`'],
])('%s has no value', (text, why) => expect(valueOf(text)).toBe(why));

/** `[1, …].all(x1, [1, …].all(x2, BODY))`: ten times the work with each level. */
function nested(macro: string, levels: number, body: string): string {
  const list = '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]';
  return levels === 0 ? body : `${list}.${macro}(x${levels}, ${nested(macro, levels - 1, body)})`;
}

/** `cel.bind(v1, STEP of v0, …)`: a value that can double with each level. */
function doubled(levels: number, first: string, step: string, last: string): string {
  const of = (pattern: string, level: number) => pattern.replaceAll('{}', `v${level}`);
  let text = of(last, levels);
  for (let level = levels; level > 0; level--) {
    text = `cel.bind(v${level}, ${of(step, level - 1)}, ${text})`;
  }
  return `cel.bind(v0, ${first}, ${text})`;
}

const failures: Record<EvaluationFailure['code'], string> = {
  'no-such-field': 'n1.state.curentTerm',
  'no-such-name': 'event.term',
  'no-such-element': 'n1.state.log[-1]',
  'wrong-type': 'n1.id + 1',
  'division-by-zero': '7 % n2.state.commitIndex',
  'not-boolean': 'n1.id',
  'too-many-steps': nested('all', 8, 'true'),
  'too-large': doubled(20, '"ab"', '{} + {}', '{} == "x"'),
  'bad-pattern': '"x".matches(n1.id + "(")',
  'other': 'duration(n1.id) > duration("1s")',
};

test('every way to have no value has a code and a sentence', () => {
  const sentences = Object.entries(failures).map(([code, text]) => {
    const compiled = language.condition(text, ['event']);
    if ('fault' in compiled) throw new Error(compiled.fault.message);
    const result = compiled.expression.test(scopeAt(world));
    expect(result).toMatchObject({ ok: false, code });
    return typeof result === 'object' ? `[${code}] ${result.why}` : '';
  });
  expectGolden(import.meta.url, 'no-value', sentences.join('\n'));
});

test('a condition must be true or false', () => {
  const fault = (text: string, extra: ExtraWord[] = []) => {
    const compiled = language.condition(text, extra);
    return 'fault' in compiled ? compiled.fault.message : compiled.expression.test(scopeAt(world));
  };
  expect(fault('size(nodes)')).toBe('a condition must be true or false, but this is a number');
  expect(fault('n1.id')).toMatchObject({
    code: 'not-boolean',
    why: '`n1.id` is "n1", not true or false',
  });
  expect(fault('event.term == 1')).toBe('there is no name `event`');
  expect(fault('event.term == 1', ['event'])).toMatchObject({
    code: 'no-such-name',
    why: '`event.term == 1`: there is no `event` here',
  });
  expect(fault(`${'('.repeat(300)}true${')'.repeat(300)}`)).toMatch(/./);
  expect(fault('true || '.repeat(2_000))).toBe('the expression has 16000 characters: the limit is 10000');
});

test('a pattern takes linear time, and one that needs more is refused at check', () => {
  const longText = 'a'.repeat(5_000);
  const matches = (text: string, pattern: string) => valueOf(`"${text}".matches(r"${pattern}")`);
  expect(matches(`${longText}!`, '^(a+)+$')).toBe(false);
  expect(matches('abc', 'b')).toBe(true);
  expect(matches('n12', '^n\\d+$')).toBe(true);
  expect(valueOf('[1].exists(x, n1.id.matches("^n" + string(x)))')).toBe(true);
  const refused = ['(?=a)', '(?<!a)', '(a)\\1', '(', 'a{1001}', 'a'.repeat(1_001)].map((pattern) => {
    const compiled = language.condition(`n1.id.matches(r'${pattern}')`);
    if (!('fault' in compiled)) return 'not refused';
    const { code, message, hint, start, end } = compiled.fault;
    return `[${code}] ${start}..${end} ${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
  expectGolden(import.meta.url, 'patterns', refused.join('\n'));
});

const dag = '[{}, {}]';
const zoned = 'timestamp("2020-01-01T00:00:00Z").getHours("Europe/Paris") > -1';

const endless: Record<string, readonly [text: string, code: EvaluationFailure['code']]> = {
  'nested all': [nested('all', 9, 'true'), 'too-many-steps'],
  'nested exists': [nested('exists', 9, 'false'), 'too-many-steps'],
  'nested exists_one': [nested('exists_one', 9, 'true'), 'too-many-steps'],
  'nested map': [nested('map', 9, '1'), 'too-many-steps'],
  // CEL goes on after an error in `all`, `exists`, `||` and `&&`.
  'nested exists with an error': [nested('exists', 9, 'n1.state.nothing'), 'too-many-steps'],
  'nested all with an error': [nested('all', 9, 'n1.state.nothing || true'), 'too-many-steps'],
  'nested all with a time zone': [nested('all', 5, zoned), 'too-many-steps'],
  // Small values whose parts can be reached in a trillion ways.
  'a result of shared lists': [doubled(40, '1', dag, '{}'), 'too-many-steps'],
  'a result of shared maps': [doubled(40, '1', '{"a": {}, "b": {}}', '{}'), 'too-many-steps'],
  'shared lists compared': [
    `${doubled(40, '1', dag, '{}')} == ${doubled(40, '2', dag, '{}')}`,
    'too-many-steps',
  ],
  'a shared list as an element': [
    `${doubled(40, '1', dag, '{}')} in [${doubled(40, '2', dag, '{}')}]`,
    'too-many-steps',
  ],
  'a string doubled': [doubled(40, '"ab"', '{} + {}', '{}'), 'too-large'],
  'a list doubled': [doubled(40, '[1]', '{} + {}', 'size({})'), 'too-large'],
  'strings joined': [doubled(15, '"ab"', '{} + {}', '[{}, {}].join({})'), 'too-large'],
  'strings split': [
    doubled(15, '"ab"', '{} + {}', nested('map', 3, '{}.split("")')),
    'too-many-steps',
  ],
  'a long string searched for a long one': [
    doubled(15, '"a"', '{} + {}', '({} + {}).contains({} + "b" + {})'),
    'too-many-steps',
  ],
  'a long duration': [`duration("${'1'.repeat(9_000)}")`, 'too-large'],
  'patterns compiled in a loop': [
    nested('all', 3, '!"a".matches("(a{" + string(x1) + "}){100}")'),
    'too-many-steps',
  ],
};

test.each(Object.entries(endless))('%s', { timeout: 60_000 }, (_name, [text, code]) => {
  const compiled = language.expression(text);
  if ('fault' in compiled) throw new Error(compiled.fault.message);
  expect(compiled.expression.value(scopeAt(world))).toMatchObject({ ok: false, code });
  expect(compiled.expression.test(scopeAt(world))).toMatchObject({ ok: false, code });
});

test('the types of nested maps do not grow without end', () => {
  expect(valueOf(doubled(60, '1', '{ {}: {} }', '1'))).toBe(1);
});

test('an evaluation has its own budget', () => {
  expect(valueOf(nested('all', 9, 'true'))).toMatch(/takes more than 5,000,000 steps$/);
  expect(valueOf('nodes.all(n, n.up)')).toBe(true);
});

test.each([
  ['nots', `${'!'.repeat(5_000)}true`],
  ['a sum', `${'1 + '.repeat(2_000)}1 > 0`],
  ['brackets', `${'['.repeat(4_000)}${']'.repeat(4_000)}.size() > 0`],
  ['parentheses', `${'('.repeat(4_000)}true${')'.repeat(4_000)}`],
  ['fields', `n1.state${'.x'.repeat(3_000)}`],
  ['choices', `${'true ? false : '.repeat(600)}true`],
  ['calls', `n1.id${'.trim()'.repeat(1_200)} == ""`],
])('an expression of deeply nested %s is refused before its types are checked', (_name, text) => {
  const compiled = language.condition(text);
  if (!('fault' in compiled)) throw new Error('it was accepted');
  const { code, message } = compiled.fault;
  expect([code, message]).toEqual(['cel-too-long', 'the expression is too long or nested too deeply']);
});

test('an expression of two hundred terms is not too deep', () => {
  expect(valueOf(`${'true && '.repeat(200)}true`)).toBe(true);
});
