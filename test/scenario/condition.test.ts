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
  ['n1.state.curentTerm', '`n1.state.curentTerm`: there is no field `curentTerm`'],
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

const failures: Record<EvaluationFailure['code'], string> = {
  'no-such-field': 'n1.state.curentTerm',
  'no-such-name': 'event.term',
  'no-such-element': 'n1.state.log[-1]',
  'wrong-type': 'n1.id + 1',
  'division-by-zero': '7 % n2.state.commitIndex',
  'not-boolean': 'n1.id',
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
