/** Commands on hashes. */
import { byteLength } from '../lua/operators.ts';
import { error, integerReply, notAFloat, type Reply } from '../reply.ts';
import {
  type Call, type Commands, hashAt, notify, placeOf, reads, store, storeItems, writes,
} from './call.ts';
import { scanMembers } from './keys.ts';
import { decimalSum, float, integer, largest, smallest } from './numbers.ts';

type Fields = readonly (readonly [field: string, value: string])[];

const valueIn = (hash: Fields, field: string): string | undefined =>
  hash.find(([name]) => name === field)?.[1];

/** The hash with a field set: in its place, or at the end. */
function withField(hash: Fields, field: string, value: string): Fields {
  if (valueIn(hash, field) === undefined) return [...hash, [field, value]];
  return hash.map((pair) => (pair[0] === field ? [field, value] : pair));
}

/** HSET replies how many fields it added; HMSET replies OK. */
function setFields(call: Call): Reply {
  const [, key, ...words] = call.args;
  if (words.length % 2 === 1) {
    return error(`wrong number of arguments for '${call.name}' command`);
  }
  const before = hashAt(call, key);
  let hash: Fields = before;
  for (let i = 0; i < words.length; i += 2) hash = withField(hash, words[i], words[i + 1]);
  store(call, key, { hash });
  notify(call, 'h', 'hset', placeOf(call, key));
  return call.name === 'hmset' ? { ok: 'OK' } : hash.length - before.length;
}

function deleteFields(call: Call): Reply {
  const [, key, ...fields] = call.args;
  const before = hashAt(call, key);
  const hash = before.filter(([field]) => !fields.includes(field));
  if (hash.length === before.length) return 0;
  const isGone = storeItems(call, key, { hash });
  notify(call, 'h', 'hdel', placeOf(call, key));
  if (isGone) notify(call, 'g', 'del', placeOf(call, key));
  return before.length - hash.length;
}

function increment(call: Call): Reply {
  const [, key, field, by] = call.args;
  const amount = integer(by);
  if (amount === undefined) return error('value is not an integer or out of range');
  const hash = hashAt(call, key);
  const value = integer(valueIn(hash, field) ?? '0');
  if (value === undefined) return error('hash value is not an integer');
  const sum = value + amount;
  if (sum > largest || sum < smallest) return error('increment or decrement would overflow');
  store(call, key, { hash: withField(hash, field, String(sum)) });
  notify(call, 'h', 'hincrby', placeOf(call, key));
  return integerReply(sum);
}

function incrementByFloat(call: Call): Reply {
  const [, key, field, by] = call.args;
  if (float(by) === undefined) return notAFloat;
  const hash = hashAt(call, key);
  const value = valueIn(hash, field) ?? '0';
  if (float(value) === undefined) return error('hash value is not a float');
  const sum = decimalSum(value, by);
  store(call, key, { hash: withField(hash, field, sum) });
  notify(call, 'h', 'hincrbyfloat', placeOf(call, key));
  return sum;
}

function scan(call: Call): Reply {
  return scanMembers(call, (matches) =>
    hashAt(call, call.args[1]).filter(([field]) => matches(field)).flat(),
  );
}

export const hashCommands: Commands = {
  hset: writes(-4, setFields),
  hmset: writes(-4, setFields),
  hsetnx: writes(4, (call) => {
    const [, key, field, value] = call.args;
    const hash = hashAt(call, key);
    if (valueIn(hash, field) !== undefined) return 0;
    store(call, key, { hash: withField(hash, field, value) });
    notify(call, 'h', 'hset', placeOf(call, key));
    return 1;
  }),
  hget: reads(3, (call) => valueIn(hashAt(call, call.args[1]), call.args[2]) ?? null),
  hmget: reads(-3, (call) => {
    const hash = hashAt(call, call.args[1]);
    return call.args.slice(2).map((field) => valueIn(hash, field) ?? null);
  }),
  hgetall: reads(2, (call) => hashAt(call, call.args[1]).flat()),
  hkeys: reads(2, (call) => hashAt(call, call.args[1]).map(([field]) => field)),
  hvals: reads(2, (call) => hashAt(call, call.args[1]).map(([, value]) => value)),
  hlen: reads(2, (call) => hashAt(call, call.args[1]).length),
  hexists: reads(3, (call) => {
    return valueIn(hashAt(call, call.args[1]), call.args[2]) === undefined ? 0 : 1;
  }),
  hstrlen: reads(3, (call) => byteLength(valueIn(hashAt(call, call.args[1]), call.args[2]) ?? '')),
  hdel: writes(-3, deleteFields),
  hincrby: writes(4, increment),
  hincrbyfloat: writes(4, incrementByFloat),
  hscan: reads(-3, scan),
};
