/** Functions that act on the session, or whose result depends on it or on the time. */
import { advisory, isAdvisory } from '../locks/advisory.ts';
import { lengthOf } from '../expressions/intervals.ts';
import { blockingPids, serverUser } from '../locks/views.ts';
import { sleep } from '../locks/waits.ts';
import { notify } from './notify.ts';
import { changeSetting, shown } from './settings.ts';
import { signal } from './signals.ts';
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Value } from '../sql/syntax.ts';
import type { Context, Running } from '../state.ts';
import { assignXid } from '../versions.ts';

export function performFunction(
  context: Context,
  running: Running,
  name: string,
  args: readonly Value[],
): Value | SqlError | 'waits' {
  const { node, session, transaction } = context;
  const own = node.state.sessions[session];
  if (isAdvisory(name)) return advisory(context, name, args);
  switch (name) {
    case 'now':
    case 'transaction_timestamp':
      return transaction.began;
    case 'statement_timestamp':
      return running.began;
    case 'clock_timestamp':
      return node.now();
    case 'pg_sleep':
      return sleep(context, Number(args[0]) * 1_000_000) === 'waits' ? 'waits' : '';
    case 'pg_sleep_for':
      return sleep(context, lengthOf(args[0])) === 'waits' ? 'waits' : '';
    case 'pg_backend_pid':
      return own.pid;
    case 'pg_cancel_backend':
      return signal(context, Number(args[0]), 'cancel');
    case 'pg_terminate_backend':
      // The session ends before this statement does, so that no timeout is too short.
      if (Number(args[1] ?? 0) < 0) return sqlError('22003', '"timeout" must not be negative');
      return signal(context, Number(args[0]), 'terminate');
    case 'pg_blocking_pids':
      return blockingPids(node.state, Number(args[0]));
    case 'current_user':
      return serverUser;
    case 'current_setting': {
      const value = shown(node, own, String(args[0]).toLowerCase());
      return args[1] === true && isError(value) && value.code === '42704' ? null : value;
    }
    case 'txid_current':
      assignXid(node.state, transaction);
      return transaction.scopes[0].xid;
    case 'set_config': {
      const [setting, value, local] = args;
      const fault = changeSetting(own, String(setting).toLowerCase(), text(value), local === true);
      return fault ?? shown(node, own, String(setting).toLowerCase());
    }
    case 'pg_notify':
      if (text(args[0]) === '') return sqlError('22023', 'channel name cannot be empty');
      notify(context, text(args[0]), text(args[1]));
      return '';
    default:
      return notModelled(`the function ${name}`);
  }
}

function text(value: Value): string {
  return value === null ? '' : String(value);
}
