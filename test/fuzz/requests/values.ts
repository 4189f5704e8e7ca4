/** Values that a client may send by mistake, or to do harm. */
import type { Random } from '../random.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** As JSON text, so that infinite numbers and own `__proto__` properties survive. */
const numbers = [
  ...['0', '-1', '1', '2', '3', '1.5', '0.1', '-0', '-1.5', '100', '10001', '1000000000'],
  ...['2147483648', '-2147483649', '4294967296', '9007199254740993', '1e21', '1e308', '1e999'],
  '-1e999',
];

const strings = [
  ...['""', '" "', '"n1"', '"__proto__"', '"constructor"', '"toString"', '"hasOwnProperty"'],
  ...['"1"', '"-1"', '"1.5"', '"true"', '"*"', '"n1:__proto__"', '"[]"', '"{}"', '"[\\"n1\\"]"'],
  ...['"\\u0000"', '"\\ud800"', '"🙂"', '"\\n"', '"a\\tb"', '"../../.."', '"/"', '"file:///%"'],
  ...['"file://"', '"${x}"', '"{"', '"}"', '"`"', '"\\""', '"\'"', '"\\\\"', '"<b>"'],
  JSON.stringify('a'.repeat(5_000)),
  JSON.stringify('('.repeat(400)),
  JSON.stringify('['.repeat(400)),
  JSON.stringify('!'.repeat(400)),
];

const others = [
  ...['null', 'true', 'false', '[]', '{}', '[null]', '[[]]', '[{}]', '["n1"]', '[1,2,3]'],
  ...['{"__proto__":null}', '{"__proto__":{"path":"x"}}', '{"length":3}', '{"constructor":1}'],
  ...['{"toString":1}', '{"toJSON":1}', '{"then":1}', '{"path":null}', '{"path":7}'],
  nested(60),
  nested(700),
  `${'{"a":'.repeat(800)}1${'}'.repeat(800)}`,
];

export function nastyNumber(random: Random): string {
  return random.pick(numbers);
}

export function nastyString(random: Random): string {
  return random.pick(strings);
}

export function nastyValue(random: Random): string {
  return random.pick(random.pick([numbers, numbers, strings, others]));
}

/** Expressions in CEL and what only looks like one. */
export const expressions = [
  ...['time', 'nodes', 'n1', 'n1.state', 'state', 'message', 'event', 'node', 'node.id', 'n9'],
  ...['nodes.map(n, n.state)', 'nodes.filter(n, n.up).size()', 'nodes[0]', 'nodes[99]', 'nodes[-1]'],
  ...['1 + 1', '1 / 0', '1 % 0', '1.0 / 0.0', '9223372036854775807 + 1', '"a" + "b"', '"a" * 3'],
  ...['[1, 2, 3][5]', '{"a": 1}.b', 'nodes.all(n, n.state.nothing == 1)', 'state.__proto__'],
  ...['n1.constructor', 'n1.state.constructor', '__proto__', 'constructor', 'this', 'globalThis'],
  ...['n1.state.log.map(e, e.term)', 'has(n1.state.log)', 'dyn(1)', 'type(1)', 'size("abc")'],
  ...['string(1.5)', 'int("x")', 'double("1e999")', 'duration("1s")', 'timestamp("x")', 'b"a"'],
  ...['"a".matches("(")', '"abc".matches("b")', 'true ? 1 : 2', '!true', '-n1', 'null', '[]', '{}'],
  ...['', ' ', '(', ')', '1 +', '"', "'", '`', '\\', '#', '// x', 'a.b.c.d', 'x ? y', ';', '\u0000'],
  ...['n1.state == n2.state', 'n1 == n2', 'state.count > 3', 'error', 'trace', '1e400', '0x10'],
  `${'('.repeat(500)}1${')'.repeat(500)}`,
  `1${' + 1'.repeat(2_000)}`,
  `${'!'.repeat(1_000)}true`,
  `n1${'.state'.repeat(500)}`,
  `[${'1,'.repeat(3_000)}1]`,
];

/** What can be typed in the debug console. */
export const consoleLines = [
  ...['help', 'crash n1', 'restart n1', 'crash n1 n2 n3', 'pause n2', 'pause n2 for 1s', 'resume n2'],
  ...['partition n1 | n2 n3', 'cut n1 -> n2', 'heal', 'heal n1 -> n2', 'network loss=100%'],
  ...['network latency=0s', 'network latency=1ms..2ms on n1 -> n2', 'clock n1 jump -1s', 'fire n1 election'],
  ...['clock n1 drift 200ppm', 'app put x 1', 'start app put y 2', 'drop n1->n2', 'deliver n1->n2'],
  ...['delay n1->n2 by 50ms', 'duplicate n2->n3', 'drop n1->n2#1', 'fire n9 election', 'fire n1 nothing'],
  ...['wait 1s', 'wait until LeaderElected', 'at 2s crash n1', 'after LeaderElected: crash n1'],
  ...['when n1.up: crash n1', 'crash', 'crash n9', 'crsh n1', 'partition n1', 'network', 'clock'],
  ...['crash the leader', 'the leader put x 1', 'crash n1 n1', 'a begin b', 'b begin c', 'crash a'],
  ...['network latency=1h', 'clock n1 offset 1e9s', 'pause n1 for 0s', 'crash __proto__', 'app put'],
  ...['start app get x', 'app put __proto__ 1', 'app put "" ""', 'A lock x ttl=0s', 'A work 1 2 3'],
];

/** Texts whose end is completed. */
export const typed = [
  ...['', 'n', 'n1.', 'n1.state.', 'nodes.', 'wait ', 'wait until ', 'crash ', 'app ', 'app put '],
  ...['event.', 'state.', 'message.', '__proto__.', 'n1.constructor.', 'ti', 'x.y.z.', '(((', '"', '['],
  ...['nodes[0].', 'n1.state.log[0].', '1.', 'network ', 'partition n1 | ', 'size', 'has(', '🙂n'],
];
