/** Executes the commands of a connection, as processCommand of Redis 7.0 does, step by step. */
import type { RedisData, Session } from '../data.ts';
import { error, errorOf, isNotModelled, type Reply } from '../reply.ts';
import { type Run, runScript } from '../script.ts';
import { serveReady } from './blocking.ts';
import { type Call, type Command, type Host, WrongType } from './call.ts';
import { subscriptions } from './pubsub.ts';
import { evaluationOf, isEvaluation } from './scripting.ts';
import { find } from './table.ts';
import { endTransaction, hasChanged } from './transactions.ts';

/** The server at the time of a command. */
export interface Server {
  readonly data: RedisData;
  readonly host: ServerHost;
  /** Unix time in microseconds. */
  readonly clock: number;
}

export interface ServerHost extends Host {
  /** Whether enough replicas have confirmed recently: min-replicas-to-write. */
  readonly hasEnoughReplicas: boolean;
  /** Called when a script runs for ever: nothing else runs until it is killed. */
  runaway(script: { session: Session; request: number; sha: string; hasWritten: boolean }): void;
}

/** Returns the reply; undefined if it comes later. */
export function execute(
  server: Server, session: Session, args: readonly string[], request: number,
): Reply | undefined {
  const found = find(args);
  if (found.type === 'refused') return refuse(session, found.reply, args);
  const { name, command } = found;
  const problem = standingProblem(server, session, name, command);
  if (problem !== undefined) return refuse(session, problem, args);
  if (subscriptions(session) > 0 && !isAllowedInSubscription(name)) {
    const allowed = '(P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET';
    const text = `Can't execute '${name}': only ${allowed} are allowed in this context`;
    return refuse(session, error(text), args);
  }
  if (session.queue !== null && !endsOrNests(name)) {
    session.queue.push(args);
    return { ok: 'QUEUED' };
  }
  const now = Math.floor(server.clock / 1000);
  const call: Call = { ...server, session, args, name, request, now, from: 'client' };
  const reply = name === 'exec' ? execTransaction(call) : run(call, command);
  serveReady({ ...server, now, from: 'client' });
  return reply;
}

function isAllowedInSubscription(name: string): boolean {
  return /^(p?(un)?subscribe|ping|quit|reset)$/.test(name);
}

/** These are executed inside MULTI, too. */
function endsOrNests(name: string): boolean {
  return ['exec', 'discard', 'multi', 'watch', 'quit', 'reset'].includes(name);
}

/** A command that is refused while it is queued makes EXEC fail; EXEC itself ends with it. */
function refuse(session: Session, reply: Reply, args: readonly string[]): Reply {
  const text = errorOf(reply) ?? '';
  if (/^exec$/i.test(args[0] ?? '')) {
    endTransaction(session);
    const reason = text.replace(/^ERR /, '');
    return { err: `EXECABORT Transaction discarded because of: ${reason}` };
  }
  if (session.queue !== null) session.isAborted = true;
  return reply;
}

const readOnly: Reply = { err: "READONLY You can't write against a read only replica." };
const noReplicas: Reply = { err: 'NOREPLICAS Not enough good replicas to write.' };

/** Why the server, as what it is now, does not execute a command. */
function standingProblem(
  { host }: Server, session: Session, name: string, { writes }: Command,
): Reply | undefined {
  const isWrite = writes || (name === 'exec' && (session.queue ?? []).some(isWriteCommand));
  if (!isWrite) return undefined;
  if (!host.isPrimary) return readOnly;
  return host.hasEnoughReplicas ? undefined : noReplicas;
}

export function isWriteCommand(args: readonly string[]): boolean {
  const found = find(args);
  return found.type === 'found' && found.command.writes;
}

/** Runs a command; an error that a value of another type causes is a reply. */
function run(call: Call, command: Command): Reply | undefined {
  if (isEvaluation(call.name)) return evaluate(call);
  try {
    return command.run(call);
  } catch (fault) {
    if (fault instanceof WrongType) return fault.reply;
    throw fault;
  }
}

// EXEC: the commands run one after the other, and no key expires meanwhile

function execTransaction(call: Call): Reply {
  const { session } = call;
  const { queue } = session;
  if (queue === null) return error('EXEC without MULTI');
  const isAborted = session.isAborted;
  const isVoid = hasChanged(call);
  endTransaction(session);
  if (isAborted) return { err: 'EXECABORT Transaction discarded because of previous errors.' };
  if (isVoid) return null;
  return queue.map((args) => {
    const found = find(args);
    if (found.type === 'refused') return found.reply;
    const { name, command } = found;
    const clock = call.clock + call.host.elapsed;
    return run({ ...call, args, name, clock, from: 'exec' }, command) ?? null;
  });
}

// EVAL: no key expires while the script runs

function evaluate(call: Call): Reply | undefined {
  const evaluation = evaluationOf(call);
  if (typeof evaluation !== 'object' || evaluation === null || !('source' in evaluation)) {
    return evaluation;
  }
  const { source, sha } = evaluation;
  const { data, host, session, request } = call;
  const isKnown = Object.hasOwn(data.scripts, sha);
  data.scripts[sha] = source;
  let hasWritten = false;
  const { db } = session;
  const result: Run = runScript(evaluation, {
    call(args, elapsed) {
      const found = find(args);
      if (found.type === 'refused') return scriptRefusal(found.reply);
      const { name, command } = found;
      if (command.isNotForScripts) return error('This Redis command is not allowed from script');
      const problem = command.writes ? writeProblem(call, evaluation.isReadOnly) : undefined;
      if (problem !== undefined) return problem;
      hasWritten ||= command.writes;
      const clock = call.clock + elapsed;
      return run({ ...call, args, name, clock, from: 'script' }, command) ?? null;
    },
  });
  // A SELECT in a script is for that script.
  session.db = db;
  if (result.type === 'endless') {
    (host as ServerHost).runaway({ session, request, sha, hasWritten });
    return undefined;
  }
  // A script that does not compile is not kept.
  const { reply, elapsed } = result;
  const isCompiled = !(typeof reply === 'object' && reply !== null && 'err' in reply &&
    reply.err.startsWith('ERR Error compiling script'));
  if (!isCompiled && !isKnown) delete data.scripts[sha];
  if (elapsed >= 100) host.sleep(elapsed);
  return reply;
}

function writeProblem({ host }: Call, isReadOnly: boolean): Reply | undefined {
  if (isReadOnly) return error('Write commands are not allowed from read-only scripts.');
  if (!host.isPrimary) return readOnly;
  return (host as ServerHost).hasEnoughReplicas ? undefined : noReplicas;
}

/** Scripts see other words for commands that do not exist. */
function scriptRefusal(reply: Reply): Reply {
  const text = typeof reply === 'object' && reply !== null && 'err' in reply ? reply.err : '';
  if (isNotModelled(text)) return reply;
  if (text.includes('wrong number')) {
    return error('Wrong number of args calling Redis command from script');
  }
  return error('Unknown Redis command called from script');
}
