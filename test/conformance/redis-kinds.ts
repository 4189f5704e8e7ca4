// Random commands on hashes, lists, sets and sorted sets, in transactions, and scripts in Lua.

export type Random = () => number;
/** Draws one command; `now` reads the clock that both servers use. */
export type Kind = (random: Random, now: () => number) => string[];

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)];
}

/** Few keys, so that commands meet values of other types, and empty them. */
const keys = ['h', 'l', 'l2', 's', 's2', 'z', 'z2', 'lock:a', 'count', 'nothing'];
const fields = ['f', 'g', 'A:1', '1', ''];
const items = ['a', 'b', 'c', 'two words', '7', ''];
const members = ['a', 'b', 'c', '1', '-2', '10'];
const numbers = ['0', '1', '2', '-1', '-2', '5', 'x', '1.5', ''];
const scores = ['0', '1', '2.5', '-1', '1e3', 'inf', '-inf', 'x', '0.1', 'nan'];
const bounds = ['0', '1', '(1', '2.5', '-inf', '+inf', '(2.5', 'x', '('];
const lexBounds = ['-', '+', '[a', '(b', '[c', 'a'];

/** Mostly a key of the right type. */
const keyLike = (random: Random, own: string) => (random() < 0.8 ? own : pick(random, keys));
const hash = (random: Random) => keyLike(random, 'h');
const list = (random: Random) => keyLike(random, pick(random, ['l', 'l2']));
const set = (random: Random) => keyLike(random, pick(random, ['s', 's2']));
const zset = (random: Random) => keyLike(random, pick(random, ['z', 'z2']));
const field = (random: Random) => pick(random, fields);
const item = (random: Random) => pick(random, items);
const member = (random: Random) => pick(random, members);
const number = (random: Random) => pick(random, numbers);
const score = (random: Random) => pick(random, scores);
const side = (random: Random) => pick(random, ['LEFT', 'RIGHT', 'right', 'UP']);

const several = (random: Random, draw: (random: Random) => string, most = 3): string[] =>
  Array.from({ length: 1 + Math.floor(random() * most) }, () => draw(random));

const maybe = (random: Random, ...words: string[]): string[] => (random() < 0.3 ? words : []);

export const hashKinds: readonly Kind[] = [
  (random) => ['HSET', hash(random), ...several(random, (r) => field(r)).flatMap((one) => [one, item(random)])],
  (random) => ['HSET', hash(random), field(random), item(random), ...maybe(random, 'odd')],
  (random) => ['HMSET', hash(random), field(random), item(random)],
  (random) => ['HSETNX', hash(random), field(random), item(random)],
  (random) => ['HGET', hash(random), field(random)],
  (random) => ['HMGET', hash(random), ...several(random, field)],
  (random) => ['HDEL', hash(random), ...several(random, field)],
  (random) => ['HINCRBY', hash(random), field(random), number(random)],
  (random) => ['HINCRBYFLOAT', hash(random), field(random), pick(random, ['0.1', '-0.2', '3', 'x'])],
  (random) => [pick(random, ['HGETALL', 'HKEYS', 'HVALS', 'HLEN']), hash(random)],
  (random) => [pick(random, ['HEXISTS', 'HSTRLEN']), hash(random), field(random)],
];

export const listKinds: readonly Kind[] = [
  (random) => [pick(random, ['LPUSH', 'RPUSH']), list(random), ...several(random, item)],
  (random) => [pick(random, ['LPUSH', 'RPUSH']), list(random), ...several(random, item)],
  (random) => [pick(random, ['LPUSHX', 'RPUSHX']), list(random), item(random)],
  (random) => [pick(random, ['LPOP', 'RPOP']), list(random), ...maybe(random, number(random))],
  (random) => ['LRANGE', list(random), number(random), number(random)],
  (random) => ['LLEN', list(random)],
  (random) => ['LINDEX', list(random), number(random)],
  (random) => ['LSET', list(random), number(random), item(random)],
  (random) => ['LREM', list(random), number(random), item(random)],
  (random) => ['LTRIM', list(random), pick(random, ['0', '1', '-5', 'x']), pick(random, ['-1', '5', '3'])],
  (random) => ['LINSERT', list(random), pick(random, ['BEFORE', 'after', 'in']), item(random), item(random)],
  (random) => [
    'LPOS', list(random), item(random),
    ...maybe(random, 'RANK', number(random)), ...maybe(random, 'COUNT', number(random)),
  ],
  (random) => ['LMOVE', list(random), list(random), side(random), side(random)],
  (random) => ['RPOPLPUSH', list(random), list(random)],
  (random) => ['LMPOP', pick(random, ['1', '2', '0', 'x']), list(random), list(random), side(random), ...maybe(random, 'COUNT', number(random))],
  // Too short a time to wait for: it answers at once, or nil.
  (random) => [pick(random, ['BLPOP', 'BRPOP']), list(random), list(random), pick(random, ['0.001', '-1', 'x'])],
  (random) => ['BLMOVE', list(random), list(random), side(random), side(random), '0.001'],
  (random) => ['BRPOPLPUSH', list(random), list(random), '0.001'],
  (random) => ['BLMPOP', '0.001', '1', list(random), side(random)],
];

export const setKinds: readonly Kind[] = [
  (random) => ['SADD', set(random), ...several(random, member)],
  (random) => ['SADD', set(random), ...several(random, member)],
  (random) => ['SREM', set(random), ...several(random, member)],
  (random) => ['SISMEMBER', set(random), member(random)],
  (random) => ['SMISMEMBER', set(random), ...several(random, member)],
  (random) => [pick(random, ['SCARD', 'SMEMBERS']), set(random)],
  (random) => ['SMOVE', set(random), set(random), member(random)],
  (random) => [pick(random, ['SINTER', 'SUNION', 'SDIFF']), set(random), set(random)],
  (random) => [pick(random, ['SINTERSTORE', 'SUNIONSTORE', 'SDIFFSTORE']), set(random), set(random), set(random)],
  (random) => ['SINTERCARD', pick(random, ['2', '0', '9']), set(random), set(random), ...maybe(random, 'LIMIT', number(random))],
  (random) => ['SPOP', 'absent', ...maybe(random, number(random))],
];

const zaddFlag = (random: Random) => pick(random, ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR']);

export const sortedSetKinds: readonly Kind[] = [
  (random) => ['ZADD', zset(random), ...several(random, score, 1).flatMap((one) => [one, member(random)])],
  (random) => ['ZADD', zset(random), '1', 'a', '2', 'b', score(random), member(random)],
  (random) => ['ZADD', zset(random), zaddFlag(random), ...maybe(random, zaddFlag(random)), score(random), member(random)],
  (random) => ['ZINCRBY', zset(random), score(random), member(random)],
  (random) => ['ZREM', zset(random), ...several(random, member)],
  (random) => [pick(random, ['ZSCORE', 'ZRANK', 'ZREVRANK']), zset(random), member(random)],
  (random) => ['ZMSCORE', zset(random), ...several(random, member)],
  (random) => ['ZCARD', zset(random)],
  (random) => [pick(random, ['ZCOUNT', 'ZREMRANGEBYSCORE']), zset(random), pick(random, bounds), pick(random, bounds)],
  (random) => ['ZREMRANGEBYRANK', zset(random), number(random), number(random)],
  // All of its scores are equal, or the order by members would mean nothing.
  (random) => ['ZADD', 'zlex', '0', member(random), '0', member(random)],
  (random) => [pick(random, ['ZLEXCOUNT', 'ZRANGEBYLEX', 'ZREMRANGEBYLEX']), 'zlex', pick(random, lexBounds), pick(random, lexBounds)],
  (random) => [pick(random, ['ZRANGE', 'ZREVRANGE']), zset(random), number(random), number(random), ...maybe(random, 'WITHSCORES')],
  (random) => [
    pick(random, ['ZRANGEBYSCORE', 'ZREVRANGEBYSCORE']), zset(random), pick(random, bounds), pick(random, bounds),
    ...maybe(random, 'WITHSCORES'), ...maybe(random, 'LIMIT', number(random), number(random)),
  ],
  (random) => [
    'ZRANGE', zset(random), pick(random, bounds), pick(random, bounds), pick(random, ['BYSCORE', 'REV']),
    ...maybe(random, 'REV'), ...maybe(random, 'LIMIT', '0', '2'), ...maybe(random, 'WITHSCORES'),
  ],
  (random) => ['ZRANGESTORE', zset(random), zset(random), number(random), number(random)],
  (random) => [pick(random, ['ZPOPMIN', 'ZPOPMAX']), zset(random), ...maybe(random, number(random))],
  (random) => [pick(random, ['BZPOPMIN', 'BZPOPMAX']), zset(random), '0.001'],
  (random) => ['ZMPOP', '1', zset(random), pick(random, ['MIN', 'max', 'LEFT']), ...maybe(random, 'COUNT', number(random))],
];

export const otherKinds: readonly Kind[] = [
  (random) => ['TYPE', pick(random, keys)],
  (random) => [pick(random, ['RENAME', 'RENAMENX']), pick(random, keys), pick(random, keys)],
  (random) => ['COPY', pick(random, keys), pick(random, keys), ...maybe(random, 'REPLACE')],
  (random) => ['UNLINK', ...several(random, (r) => pick(r, keys), 2)],
  (random) => ['TOUCH', ...several(random, (r) => pick(r, keys), 2)],
  (random) => ['APPEND', pick(random, keys), item(random)],
  (random) => ['STRLEN', pick(random, keys)],
  (random) => ['SETRANGE', pick(random, keys), number(random), item(random)],
  (random) => ['GETRANGE', pick(random, keys), number(random), number(random)],
  (random) => ['GETSET', pick(random, ['count', 'lock:a', 'h']), item(random)],
  (random) => ['GETEX', pick(random, keys), ...maybe(random, pick(random, ['EX', 'PX', 'PERSIST']), '900000')],
  (random) => ['MGET', ...several(random, (r) => pick(r, keys))],
  (random) => ['MSET', 'count', number(random), 'lock:a', item(random), ...maybe(random, 'odd')],
  (random) => ['MSETNX', 'nothing', item(random), 'count', number(random)],
  (random) => ['INCRBYFLOAT', 'count', pick(random, ['0.1', '-3.5', '1e2', 'x', 'inf'])],
  (random) => ['DEL', ...several(random, (r) => pick(r, keys), 2)],
  (random) => ['SELECT', pick(random, ['0', '0', '1', '16', 'x', '-1'])],
  () => ['DBSIZE'],
  (random) => ['ECHO', item(random)],
  (random) => ['PUBLISH', 'channel', item(random)],
  () => ['CLIENT', 'GETNAME'],
  (random) => ['CLIENT', 'SETNAME', pick(random, ['me', 'two words'])],
  (random) => ['CLIENT', pick(random, ['KILL', 'UNBLOCK']), 'ID', pick(random, ['99999', 'x'])],
  (random) => ['CLIENT', 'UNBLOCK', pick(random, ['99999', 'x']), ...maybe(random, 'ERROR')],
  (random) => ['SCRIPT', pick(random, ['EXISTS', 'LOAD']), pick(random, ['return 1', 'abc', 'if'])],
  () => ['SCRIPT', 'KILL'],
  (random) => ['SCRIPT', pick(random, ['NOSUCH', 'EXISTS'])],
  (random) => ['CONFIG', 'GET', pick(random, ['notify-keyspace-events', 'min-replicas-to-write', 'no-such'])],
  (random) => ['CONFIG', 'SET', 'notify-keyspace-events', pick(random, ['Ex', 'KEA', '', 'Kg$', 'y'])],
  (random) => ['CONFIG', 'SET', pick(random, ['no-such', 'min-replicas-max-lag']), pick(random, ['10', 'x', '-1'])],
  (random) => ['WAIT', '0', pick(random, ['10', '-1', 'x'])],
  (random) => ['PUBSUB', pick(random, ['CHANNELS', 'NUMSUB', 'NUMPAT'])],
];

/** Often enough that transactions are short; outside of one, EXEC and DISCARD are errors. */
export const transactionKinds: readonly Kind[] = [
  () => ['MULTI'],
  () => ['EXEC'],
  () => ['EXEC'],
  () => ['EXEC'],
  () => ['DISCARD'],
  (random) => ['WATCH', pick(random, keys)],
  () => ['UNWATCH'],
];

const scripts: readonly string[] = [
  'local n = 0 for i = 1, #ARGV do n = n + #ARGV[i] end return n',
  'local t = {} for i, v in ipairs(ARGV) do t[#t+1] = v .. i end return t',
  "if redis.call('exists', KEYS[1]) == 0 then redis.call('hincrby', KEYS[1], ARGV[1], 1) " +
    "redis.call('pexpire', KEYS[1], 900000) return nil end return redis.call('pttl', KEYS[1])",
  "local n = redis.call('incr', KEYS[1]) if n == 1 then redis.call('expire', KEYS[1], 100000) end " +
    'if n > 5 then return 0 else return 1 end',
  "redis.call('zremrangebyscore', KEYS[1], '-inf', 5) local c = redis.call('zcard', KEYS[1]) " +
    "if c < 3 then redis.call('zadd', KEYS[1], 10 + c, ARGV[1]) return {1, c} end return {0, c}",
  "local r = redis.pcall('incr', KEYS[1]) if type(r) == 'table' and r.err then return r.err end return r",
  "local r = redis.pcall('lpush', KEYS[1], 'x') return r",
  "local h = redis.call('hgetall', KEYS[1]) local t = {} for i = 1, #h, 2 do t[h[i]] = h[i+1] end " +
    "return t['f'] or 'none'",
  'return {1, 2.7, "x", true, false, 3}',
  'local a, b, c = 1, 2 return {a, b, tostring(c)}',
  'return string.format("%d-%s-%05.1f", 7, ARGV[1], 2.25)',
  'return (string.gsub(ARGV[1], "[aeiou]", "*"))',
  'local s, e, w = string.find("key=value", "(%w+)=") return {s, e, w}',
  'local t = {} for w in string.gmatch("a,b,,c", "[^,]+") do table.insert(t, w) end return table.concat(t, "|")',
  'local t = {3, 1, 2} table.sort(t) return t',
  'local t = {3, 1, 2} table.sort(t, function(a, b) return a > b end) return {table.remove(t), #t, unpack(t)}',
  'local function f(n) if n < 2 then return n end return f(n-1) + f(n-2) end return f(10)',
  'local i = 0 repeat i = i + 1 if i == 3 then break end until i > 5 return i',
  'local i = 10 while i > 3 do i = i - 2 end return i',
  'return math.floor(7 / 2) + math.max(1, 5, 3) - math.abs(-2) + 7 % 3',
  'return tostring(1/3) .. tostring(100) .. tostring(1e15) .. tostring(-0.5)',
  'return tonumber("0x1F") + tonumber(" 5 ") + (tonumber("abc") or 100) + tonumber("11", 2)',
  'return cjson.encode({a = 1}) .. cjson.encode({1, "x", false})',
  'local d = cjson.decode(\'{"a": [1, 2, {"b": "c"}], "n": null}\') return {d.a[3].b, #d.a}',
  'local ok, err = pcall(function() error("boom") end) return {tostring(ok), err}',
  'local ok, err = pcall(redis.call, "nosuch") return type(err)',
  'return redis.error_reply("MY error")',
  'return redis.status_reply("FINE")',
  'return redis.sha1hex(ARGV[1])',
  'error("stop")',
  'error({err = "MY stop"})',
  'return nil + 1',
  'local t = {} return t.x.y',
  'return #nil',
  'local x return x .. "a"',
  'return {} < {}',
  'return 1 < "2"',
  'return undefined',
  'global = 1',
  'nosuch()',
  'local s = "x" return s:nosuch()',
  'local t = {} t.f()',
  'redis.call()',
  'redis.call({})',
  'return redis.call("get", true)',
  'redis.x = 1',
  'x = = 1',
  'if true then',
  'return "open',
  'for i = 1 do end',
  'local t = {1, 2 return t',
  'end',
  'break',
  "return redis.call('blpop', KEYS[1], 0)",
  "return redis.call('multi')",
  'return select("#", 1, nil, 3)',
  'return {select(2, "a", "b", "c")}',
  'local t = {n = 1, [2] = "two", "one"} return {t.n, t[1], t[2], #t}',
  'local n = 0 for k, v in pairs({a = 1, b = 2, 5}) do n = n + v end return n',
  'local f = {} for i = 1, 3 do f[i] = function() return i end end return {f[1](), f[2](), f[3]()}',
  'local x = 1 local function inc() x = x + 1 return x end inc() return {inc(), x}',
  'return ("abc"):sub(2, -1) .. ("abc"):upper() .. ("ab"):rep(2) .. ("abc"):reverse() .. ("a"):byte()',
  'return not nil == true and 2^3^2 == 512 and -2^2 == -4 and "a" .. 1 + 2 == "a3"',
  '-- a comment\nlocal t = { --[[ long\n]] 1 }\nreturn t[1] +\nnil',
  'assert(false, "no")',
  'return assert(5)',
  'return type(nil) .. type({}) .. type(print)',
  'return {ok = "OK"}, 5',
  'return {err = "ERR own"}',
  'return redis.call("set", KEYS[1], 1.5)',
  'return redis.call("set", KEYS[1], 10 / 2)',
];

export const scriptKinds: readonly Kind[] = [
  (random) => {
    const name = pick(random, ['EVAL', 'EVAL', 'EVAL', 'EVAL_RO']);
    return [name, pick(random, scripts), '1', pick(random, keys), item(random), 'more'];
  },
];
