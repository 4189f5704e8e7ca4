/** Advisory locks: what they lock is the applications' business. */
// PostgreSQL, System Administration Functions, table 9.99. A lock of the session lasts until it is
// given back as often as it was taken, even if its transaction rolls back. One of the transaction
// ends with it, and cannot be given back.
import type { SqlError } from '../sql/errors.ts';
import type { Value } from '../sql/syntax.ts';
import { sqlError } from '../sql/errors.ts';
import { notice } from '../sessions/notices.ts';
import type { Context, LockedObject } from '../state.ts';
import { scopeOf } from '../transactions/scopes.ts';
import { advisoryKey, giveBack, giveBackAll, keyOf, sessionScope, take } from './lock-table.ts';
import { modeName } from './modes.ts';
import { waitForLock } from './waits.ts';

const pattern = /^pg_(try_)?advisory_(xact_)?(lock|unlock)(_shared|_all)?$/;

/** Whether a function is one of those that take or give back advisory locks. */
export function isAdvisory(name: string): boolean {
  const match = pattern.exec(name);
  if (match === null) return false;
  const [, tries, xact, what, suffix] = match;
  if (what === 'unlock') return tries === undefined && xact === undefined;
  return suffix !== '_all';
}

/** Calls such a function with one key of 64 bits or two of 32; a null key does nothing. */
export function advisory(
  context: Context,
  name: string,
  args: readonly Value[],
): Value | 'waits' | SqlError {
  const { node, session, transaction } = context;
  const [, tries, xact, what, suffix] = pattern.exec(name)!;
  if (suffix === '_all') {
    giveBackAll(node, session, (scope, of) => scope === sessionScope && of.type === 'advisory');
    return '';
  }
  if (args.length < 1 || args.length > 2) {
    return sqlError('42883', `function ${name}() does not exist`);
  }
  if (args.includes(null)) return null;
  const of: LockedObject = { type: 'advisory', keys: args.map(String) };
  const mode = suffix === '_shared' ? 'share' : 'exclusive';
  const scope = xact === undefined ? sessionScope : scopeOf(transaction);
  if (what === 'unlock') return unlock(context, of, mode);
  const own = node.state.sessions[session];
  if (own.granted === keyOf(of)) {
    own.granted = '';
    return tries === undefined ? '' : true;
  }
  if (tries !== undefined) {
    const taken = take(node.state, session, of, mode, scope);
    if (taken) reportTaken(context, of);
    return taken;
  }
  const wait = { on: 'advisory', table: '', row: 0, writes: false } as const;
  const result = waitForLock(context, of, mode, wait, scope);
  if (result !== 'taken') return result;
  reportTaken(context, of);
  return '';
}

function unlock(context: Context, of: LockedObject, mode: 'share' | 'exclusive'): boolean {
  const { node, session } = context;
  if (giveBack(node, session, of, mode, sessionScope)) return true;
  const message = `you don't own a lock of type ${modeName(mode)}`;
  notice(context, '01000', message);
  return false;
}

function reportTaken({ node, session }: Context, of: LockedObject): void {
  const { client } = node.state.sessions[session];
  node.event('AdvisoryLocked', { session: client, key: advisoryKey(keyOf(of)) });
}
