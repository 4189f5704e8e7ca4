/** EVAL, EVALSHA and SCRIPT: https://redis.io/docs/manual/programmability/eval-intro/ */
import { error, notAnInteger, OK, type Reply } from '../reply.ts';
import { compileProblem } from '../script.ts';
import { sha1 } from '../sha1.ts';
import { type Call, type Command, type Commands, notForScripts } from './call.ts';
import { isFlushMode } from './keys.ts';
import { integer } from './numbers.ts';

export const noScript: Reply = Object.freeze({
  err: 'NOSCRIPT No matching script. Please use EVAL.',
});

/** A script with its arguments, or the error for them. */
export interface Evaluation {
  readonly source: string;
  readonly sha: string;
  readonly keys: readonly string[];
  readonly argv: readonly string[];
  /** EVAL_RO and EVALSHA_RO: it may not write. */
  readonly isReadOnly: boolean;
}

export const isEvaluation = (name: string): boolean => /^eval(sha)?(_ro)?$/.test(name);

/** Reads `EVAL script numkeys [key …] [arg …]`. */
export function evaluationOf({ data, args, name }: Call): Evaluation | Reply {
  const bySha = name.startsWith('evalsha');
  // A digest of another length is refused before anything else.
  if (bySha && args[1].length !== 40) return noScript;
  const count = integer(args[2]);
  if (count === undefined) return notAnInteger;
  if (count < 0n) return error("Number of keys can't be negative");
  const words = args.slice(3);
  if (count > words.length) {
    return error("Number of keys can't be greater than number of args");
  }
  const sha = bySha ? args[1].toLowerCase() : sha1(args[1]);
  const known = Object.hasOwn(data.scripts, sha) ? data.scripts[sha] : undefined;
  const source = bySha ? known : args[1];
  if (source === undefined) return noScript;
  const keys = words.slice(0, Number(count));
  return { source, sha, keys, argv: words.slice(keys.length), isReadOnly: name.endsWith('_ro') };
}

function load({ args, data }: Call): Reply {
  const [, , source] = args;
  const problem = compileProblem(source);
  if (problem !== undefined) return problem;
  const sha = sha1(source);
  data.scripts[sha] = source;
  return sha;
}

function flush({ args, data }: Call): Reply {
  if (args.length > 3 || (args.length === 3 && !isFlushMode(args[2]))) {
    return error('SCRIPT FLUSH only support SYNC|ASYNC option');
  }
  data.scripts = {};
  return OK;
}

const plain = (arity: number, run: Command['run']): Command =>
  notForScripts({ arity, writes: false, run });

export const scriptCommands: Commands = {
  'script|load': plain(3, load),
  'script|exists': plain(-3, ({ args, data }) => {
    return args.slice(2).map((sha) => (Object.hasOwn(data.scripts, sha.toLowerCase()) ? 1 : 0));
  }),
  'script|flush': plain(-2, flush),
  // While a script runs, the server answers this without executing it: see busy.ts.
  'script|kill': plain(2, () => ({ err: 'NOTBUSY No scripts in execution right now.' })),
};
