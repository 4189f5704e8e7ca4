// Expressions: the numbers of a state meet CEL's, errors are values with a sentence.
import { expect, test } from 'vitest';
import { Effects } from '../../src/kernel/effects.ts';
import { defaultNetwork } from '../../src/kernel/plan.ts';
import { start, step } from '../../src/kernel/step.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { type ExtraWord, Language } from '../../src/scenario/conditions/condition.ts';
import { scopeAt } from '../../src/scenario/conditions/scope.ts';

const ids = ['n1', 'n2', 'n3', 'client'];
const nodes = ids.map((id) => ({ id, role: id === 'client' ? 'client' : 'replica' }));
const language = new Language(ids);
const effects = new Effects();
const world = start({ protocol: raft, seed: 1, nodes, network: defaultNetwork });
// Up to the moment at which n1 leads.
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
  ['n1.state.log[7]', '`n1.state.log[7]`: the list has no such element: index 7 >= size 1'],
  ['n1.id + 1', '`n1.id + 1`: text + number cannot be computed'],
  ['n3.state.leaderId + 1', '`n3.state.leaderId + 1`: null + number cannot be computed'],
  [
    'n1.state.currentTerm / 0',
    '`n1.state.currentTerm / 0`: division by zero in `n1.state.currentTerm / 0`',
  ],
  ['n1.', '3: the expression ends too early'],
  [
    'n4.up',
    '0: `n4` is not known here: known are nodes, time, event, message, node, state, n1, n2, n3, client',
  ],
  ['nodes.exists(n, n.up', '20: the expression ends before `)`'],
  ['{n1.up}', '6: `:` is expected here, not `}`'],
  ['n1.up ? 1 2', '10: `:` is expected here, not `2`'],
  ['n1.up ? 1', '9: the expression ends before `:`'],
  ['n1..up', '3: a name is expected here, not `.`'],
  ['"x', '0: this text is not closed'],
  ['if', '0: `if` is a word of the language, no name'],
  ['foo(n1, 2)', '0: there is no `foo(dyn, number)`'],
  ['n1.up && 1', '0: `&&` and `||` join what is true or false, not a number'],
  ['nodes.all(1, true)', '10: `all` begins with a name: `nodes.all(n, n.up)`'],
  ['has(n1)', '4: `has` asks for a field: `has(n1.state.log)`'],
])('%s has no value', (text, why) => expect(valueOf(text)).toBe(why));

test('a condition is true or false', () => {
  const fault = (text: string, extra: ExtraWord[] = []) => {
    const compiled = language.condition(text, extra);
    return 'fault' in compiled ? compiled.fault.message : compiled.expression.test(scopeAt(world));
  };
  expect(fault('size(nodes)')).toBe('a condition is true or false, but this is a number');
  expect(fault('n1.id')).toMatchObject({ why: '`n1.id` is "n1", neither true nor false' });
  expect(fault('event.term == 1')).toMatch(/`event` is not known here/);
  expect(fault('event.term == 1', ['event'])).toMatchObject({
    why: '`event.term == 1`: there is no event here',
  });
  expect(fault(`${'('.repeat(300)}true${')'.repeat(300)}`)).toMatch(/./);
  expect(fault('true || '.repeat(2_000))).toBe('an expression has at most 10000 characters');
});
