/** Runs a script of Redis: compiles it, gives it `redis`, KEYS and ARGV, converts its result. */
import { functionOf } from './lua/interpreter.ts';
import { SyntaxFault } from './lua/lexer.ts';
import { addLibraries } from './lua/library.ts';
import { jsonNull } from './lua/json.ts';
import { Endless, Machine, nanosecondsPerStep, Unmodelled } from './lua/machine.ts';
import { parse } from './lua/parser.ts';
import { blockOf } from './lua/statements.ts';
import {
  LuaError, LuaFunction, stringOf, Table, textOf, type Value,
} from './lua/values.ts';
import { integerReply, isList, notModelled, type Reply } from './reply.ts';
import { sha1 } from './sha1.ts';

export interface Script {
  readonly source: string;
  readonly sha: string;
  readonly keys: readonly string[];
  readonly argv: readonly string[];
}

/** What a script asks of the server. */
export interface ScriptServer {
  /** Executes a command; the script has run for that long by then. */
  call(args: readonly string[], elapsed: number): Reply;
}

/** How a script ended. `elapsed` is the time that it took, in microseconds. */
export type Run =
  | { readonly type: 'ended'; readonly reply: Reply; readonly elapsed: number }
  /** It runs for ever, unless it is killed. */
  | { readonly type: 'endless' };

export function runScript(script: Script, server: ScriptServer): Run {
  const machine = new Machine(new Table(), blockOf);
  const ended = (reply: Reply): Run => {
    return { type: 'ended', reply, elapsed: elapsedOf(machine) };
  };
  try {
    const body = parse(script.source);
    addLibraries(machine);
    addRedis(machine, script, server);
    const [result = null] = functionOf(machine, body)([]).call([]);
    return ended(asReply(result));
  } catch (error) {
    if (error instanceof Endless) return { type: 'endless' };
    if (error instanceof Unmodelled) return ended(notModelled(error.what));
    if (error instanceof SyntaxFault) return ended(compileError(error));
    if (error instanceof LuaError) return ended(runtimeError(error, script.sha, machine.line));
    if (error instanceof RangeError) return ended(runtimeError(overflow, script.sha, machine.line));
    throw error;
  }
}

const overflow = new LuaError('user_script:1: stack overflow');

/** Why a script does not compile, as SCRIPT LOAD replies; undefined if it does. */
export function compileProblem(source: string): Reply | undefined {
  try {
    parse(source);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxFault) return compileError(error);
    throw error;
  }
}

function compileError({ line, text }: SyntaxFault): Reply {
  return { err: `ERR Error compiling script (new function): user_script:${line}: ${text}` };
}

function runtimeError({ value }: LuaError, sha: string, line: number): Reply {
  const own = value instanceof Table ? value.get('err') : null;
  const text = own === null ? `ERR ${textOf(value)}` : textOf(own);
  return { err: `${text} script: ${sha}, on @user_script:${line}.` };
}

function elapsedOf({ steps }: Machine): number {
  return Math.floor((steps * nanosecondsPerStep) / 1000);
}

/** From Lua to Redis, as redis.io describes it: false becomes null, a number loses its fraction. */
function asReply(value: Value): Reply {
  if (value === null || value === false) return null;
  if (value === true) return 1;
  if (typeof value === 'number') return integerOf(value);
  if (typeof value === 'string') return value;
  if (value instanceof LuaFunction || value === jsonNull) return null;
  const err = value.get('err');
  if (typeof err === 'string') return { err };
  const ok = value.get('ok');
  if (typeof ok === 'string') return { ok };
  const double = value.get('double');
  if (typeof double === 'number') return textOf(double);
  const end = value.list.indexOf(null);
  return (end < 0 ? value.list : value.list.slice(0, end)).map(asReply);
}

/** As C converts a double to a 64-bit integer; one that does not fit becomes the smallest. */
function integerOf(value: number): Reply {
  const isInRange = value > -(2 ** 63) && value < 2 ** 63;
  return integerReply(BigInt(isInRange ? Math.trunc(value) : -(2 ** 63)));
}

/** What `redis.call` returns to the script: null becomes false, an error a table with `err`. */
function asValue(reply: Reply): Value {
  if (reply === null) return false;
  if (typeof reply !== 'object') return reply;
  if (isList(reply)) return Table.of(reply.map(asValue));
  // All numbers of Lua are doubles.
  if ('integer' in reply) return Number(reply.integer);
  return 'err' in reply ? Table.from({ err: reply.err }) : Table.from({ ok: reply.ok });
}

/** Functions of `redis` that are refused. */
const unmodelled = [
  'setresp', 'breakpoint', 'debug', 'set_repl', 'acl_check_cmd', 'register_function',
];

function addRedis(machine: Machine, { keys, argv }: Script, server: ScriptServer): void {
  const { globals } = machine;
  const redis = new Table();
  const define = (name: string, call: (args: readonly Value[]) => readonly Value[]) => {
    redis.set(name, new LuaFunction(call));
  };
  const execute = (args: readonly Value[]): Reply => {
    machine.count(10);
    if (args.length === 0) return noArgument;
    const words = args.map(stringOf);
    if (words.some((word) => word === undefined)) {
      return badCall('Lua redis lib command arguments must be strings or integers');
    }
    return server.call(words as string[], elapsedOf(machine));
  };
  define('call', (args) => {
    const reply = execute(args);
    if (typeof reply === 'object' && reply !== null && 'err' in reply) {
      throw new LuaError(Table.from({ err: reply.err }));
    }
    return [asValue(reply)];
  });
  define('pcall', (args) => [asValue(execute(args))]);
  define('error_reply', (given) => {
    const [text] = given;
    if (given.length !== 1 || typeof text !== 'string') return [wrongArguments()];
    const words = text.startsWith('-') ? text.slice(1) : text;
    return [Table.from({ err: words === '' ? 'ERR ' : words })];
  });
  define('status_reply', (given) => {
    const [ok] = given;
    return [given.length === 1 && typeof ok === 'string' ? Table.from({ ok }) : wrongArguments()];
  });
  define('sha1hex', (given) => {
    if (given.length !== 1) raise('wrong number of arguments');
    return [sha1(stringOf(given[0]) ?? '')];
  });
  define('log', (given) => {
    const [level] = given;
    if (given.length < 2) raise('redis.log() requires two arguments or more.');
    if (typeof level !== 'number') raise('First argument must be a number (log level).');
    else if (level < 0 || level > 3) raise('Invalid debug level.');
    return [];
  });
  define('replicate_commands', () => [true]);
  for (const name of unmodelled) {
    define(name, () => {
      throw new Unmodelled(`redis.${name} in scripts`);
    });
  }
  ['LOG_DEBUG', 'LOG_VERBOSE', 'LOG_NOTICE', 'LOG_WARNING'].forEach((name, level) => {
    redis.set(name, level);
  });
  redis.set('REDIS_VERSION', '7.0.15');
  redis.set('REDIS_VERSION_NUM', 0x07_00_0f);
  redis.isReadOnly = true;
  globals.set('redis', redis);
  globals.set('KEYS', Table.of(keys));
  globals.set('ARGV', Table.of(argv));
}

const wrongArguments = () => Table.from({ err: 'ERR wrong number or type of arguments' });

function raise(text: string): never {
  throw new LuaError(Table.from({ err: `ERR ${text}` }));
}

const badCall = (text: string): Reply => ({ err: `ERR ${text}` });
const noArgument = badCall('Please specify at least one argument for this redis lib call');
