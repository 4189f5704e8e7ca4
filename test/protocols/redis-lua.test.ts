/** Lua as Redis 7.0.15 runs it: each reply here is that of the real server. */
import { expect, test } from 'vitest';
import { errorOf } from '../../src/protocols/redis/reply.ts';
import { SimulatedRedis } from '../conformance/redis-simulated.ts';

const at = 'ERR user_script:1: ';
const wrongArguments = 'ERR wrong number or type of arguments';

/** An error without what Redis adds: which script raised it, and on which line. */
function runs(script: string): unknown {
  const reply = new SimulatedRedis(() => 0).send(['EVAL', script, '0']);
  const error = errorOf(reply);
  return error === undefined ? reply : { err: error.replace(/ script: [\da-f]{40}, .*$/, '') };
}

test.each<[string, unknown]>([
  ['local function f(n) if n == 0 then return "done" end return f(n - 1) end return f(100000)', 'done'],
  ['return tonumber("10", 99)', { err: `${at}bad argument #2 to 'tonumber' (base out of range)` }],
  ['return tonumber()', { err: `${at}bad argument #1 to 'tonumber' (value expected)` }],
  ['return tostring()', { err: `${at}bad argument #1 to 'tostring' (value expected)` }],
  ['return type()', { err: `${at}bad argument #1 to 'type' (value expected)` }],
  ['return redis.sha1hex()', { err: 'ERR wrong number of arguments' }],
  ['return redis.sha1hex({})', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['return redis.error_reply()', { err: wrongArguments }],
  ['return redis.error_reply(1)', { err: wrongArguments }],
  ['return redis.error_reply("")', { err: 'ERR ' }],
  ['return redis.status_reply("a", "b")', { err: wrongArguments }],
  ['return redis.log(1)', { err: 'ERR redis.log() requires two arguments or more.' }],
  ['return redis.log("x", "y")', { err: 'ERR First argument must be a number (log level).' }],
  ['return redis.log(9, "y")', { err: 'ERR Invalid debug level.' }],
  ['error("x", 0)', { err: 'ERR x' }],
  ['local _, e = xpcall(function() error("x") end, function(m) return "h:" .. m end) return e',
    'h:user_script:1: x'],
  ['for', { err: "ERR Error compiling script (new function): user_script:1: '<name>' expected near '<eof>'" }],
  ['return string.format("%d")', { err: `${at}bad argument #2 to 'format' (no value)` }],
  ['return string.format("%y", 1)', { err: `${at}invalid option '%y' to 'format'` }],
  ['return string.format("%s", true)',
    { err: `${at}bad argument #2 to 'format' (string expected, got boolean)` }],
  ['return string.format("%g %g %e", 0.1, 1e20, 12345)', '0.1 1e+20 1.234500e+04'],
  ['local t = {3,1,"a"} table.sort(t)', { err: 'ERR attempt to compare string with number' }],
  ['return cjson.decode("")', { err: `${at}Expected value but found T_END at character 1` }],
  ['return redis.REDIS_VERSION_NUM', 458767],
])('%s', (script, reply) => expect(runs(script)).toEqual(reply));

test('a SELECT in a script is for that script', () => {
  const redis = new SimulatedRedis(() => 0);
  redis.send(['SET', 'k', 'v']);
  redis.send(['EVAL', 'redis.call("SELECT", 1)', '0']);
  expect(redis.send(['GET', 'k'])).toBe('v');
});
