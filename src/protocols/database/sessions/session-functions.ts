/** Functions that act on the session, or whose result depends on it or on the time. */
import { advisory, isAdvisory } from '../locks/advisory.ts';
import { lengthOf } from '../expressions/intervals.ts';
import { sleep } from '../locks/waits.ts';
import { notify } from './notify.ts';
import { changeSetting, shown } from './settings.ts';
import { signal } from './signals.ts';
import { notModelled, type SqlError, sqlError, type Value } from '../sql/syntax.ts';
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
      return signal(context, Number(args[0]), 'terminate');
    case 'current_user':
      return 'postgres';
    case 'current_setting':
      return shown(node, own, String(args[0]).toLowerCase());
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
