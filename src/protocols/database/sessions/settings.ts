/** Settings: those of PostgreSQL that the server has, by their names there, and SET and SHOW. */
import type { Node } from '../../../protocol/types.ts';
import { milliseconds, seconds } from '../../../protocol/units.ts';
import { notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Level } from '../sql/syntax.ts';
import { settingsNotModelled } from '../sql/setting-names.ts';
import type { Database, NumberSettingName, Session, Settings } from '../state.ts';

type Server = Node<Database>;

interface NumberSetting {
  /** The unit of a number without one, in microseconds; 0 for a plain count. */
  readonly unit: number;
  readonly min: number;
  readonly max: number;
  /** Whether SHOW gives the number without its unit. */
  readonly plain: boolean;
}

const integerMax = 2_147_483_647;
const timeout: NumberSetting = { unit: milliseconds(1), min: 0, max: integerMax, plain: false };

/** The settings that are numbers. The role has an option of the same name for each. */
const numberSettings: Readonly<Record<NumberSettingName, NumberSetting>> = {
  statement_timeout: timeout,
  lock_timeout: timeout,
  idle_in_transaction_session_timeout: timeout,
  idle_session_timeout: timeout,
  deadlock_timeout: { ...timeout, min: 1 },
  client_connection_check_interval: timeout,
  tcp_keepalives_idle: { unit: seconds(1), min: 0, max: integerMax, plain: true },
  tcp_keepalives_interval: { unit: seconds(1), min: 0, max: integerMax, plain: true },
  tcp_keepalives_count: { unit: 0, min: 0, max: integerMax, plain: true },
  tcp_user_timeout: { ...timeout, plain: true },
};

/** The settings that are words. */
const wordSettings = [
  'transaction_isolation', 'default_transaction_isolation', 'application_name',
  'synchronous_commit',
];

/** The values of `synchronous_commit`. Without standby servers, all but `off` are the same. */
const commitWaits: Readonly<Record<string, string>> = {
  on: 'on', true: 'on', yes: 'on', '1': 'on', off: 'off', false: 'off', no: 'off', '0': 'off',
  local: 'local', remote_write: 'remote_write', remote_apply: 'remote_apply',
};

const levels = ['serializable', 'repeatable read', 'read committed', 'read uncommitted'];

/** The value of a number for a session, in its unit: milliseconds, seconds, or a count. */
export function settingOf(node: Server, session: Session, name: NumberSettingName): number {
  const given = session.local[name] ?? session.settings[name];
  if (given !== undefined) return Number(given);
  const { unit } = numberSettings[name];
  const option = node.options[name];
  return unit === 0 ? option : Math.round(option / unit);
}

/** The same as a duration in microseconds. */
export function durationOf(node: Server, session: Session, name: NumberSettingName): number {
  return settingOf(node, session, name) * numberSettings[name].unit;
}

/** SHOW and `current_setting`: the value as PostgreSQL writes it. */
export function shown(node: Server, session: Session, name: string): string | SqlError {
  if (isNumber(name)) {
    const value = settingOf(node, session, name);
    return numberSettings[name].plain ? String(value) : withUnit(value, name);
  }
  if (name === 'transaction_isolation') {
    return session.transaction?.level ?? defaultLevel(node, session);
  }
  if (name === 'default_transaction_isolation') return defaultLevel(node, session);
  const given = session.local[name] ?? session.settings[name];
  if (name === 'synchronous_commit') return given ?? node.options.synchronous_commit;
  if (given !== undefined || name === 'application_name') return given ?? '';
  return faultOf(name) ?? unrecognized(name);
}

/** Whether a commit of the session waits for the disk. */
export function isSynchronous(node: Server, session: Session): boolean {
  return shown(node, session, 'synchronous_commit') !== 'off';
}

/** The isolation level of a transaction that does not name one. */
export function defaultLevel(node: Server, { local, settings }: Session): Level {
  const name = 'default_transaction_isolation';
  const given = local[name] ?? settings[name];
  return given === undefined ? node.options.isolation : (given as Level);
}

/** SET, SET LOCAL and `set_config`; null restores the default. Returns why it is not possible. */
export function changeSetting(
  session: Session,
  name: string,
  value: string | null,
  local: boolean,
): SqlError | undefined {
  const parsed = value === null ? null : parse(name, value);
  if (typeof parsed === 'object' && parsed !== null) return parsed;
  const fault = faultOf(name);
  if (fault !== undefined) return fault;
  if (local) {
    session.local = withValue(session.local, name, parsed);
    return undefined;
  }
  session.settings = withValue(session.settings, name, parsed);
  session.local = withValue(session.local, name, null);
  return undefined;
}

/** RESET ALL. */
export function resetAll(session: Session): void {
  session.settings = {};
  session.local = {};
}

function withValue(settings: Settings, name: string, value: string | null): Settings {
  const { [name]: _, ...rest } = settings;
  return value === null ? rest : { ...rest, [name]: value };
}

function isNumber(name: string): name is NumberSettingName {
  return Object.hasOwn(numberSettings, name);
}

/** Why a setting cannot be used. A name with a dot is one that the application makes up. */
function faultOf(name: string): SqlError | undefined {
  if (isNumber(name) || wordSettings.includes(name) || name.includes('.')) return undefined;
  return settingsNotModelled.has(name) ? notModelled(`the setting ${name}`) : unrecognized(name);
}

function unrecognized(name: string): SqlError {
  return sqlError('42704', `unrecognized configuration parameter "${name}"`);
}

function parse(name: string, value: string): string | SqlError {
  const invalid = sqlError('22023', `invalid value for parameter "${name}": "${value}"`);
  if (name === 'default_transaction_isolation') {
    const level = value.toLowerCase();
    return levels.includes(level) ? level.replace('uncommitted', 'committed') : invalid;
  }
  if (name === 'synchronous_commit') {
    const word = value.toLowerCase();
    return Object.hasOwn(commitWaits, word) ? commitWaits[word] : invalid;
  }
  if (!isNumber(name)) return value;
  const { unit, min, max } = numberSettings[name];
  const match = /^\s*([-+]?\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  if (match === null || (match[2] !== undefined && unit === 0)) return invalid;
  const scale = match[2] === undefined ? 1 : units[match[2]] / unit;
  const number = Math.round(Number(match[1]) * scale);
  // A number that does not fit into 32 bits is not even compared with the range.
  if (number > integerMax || number < -integerMax - 1) return invalid;
  if (number >= min && number <= max) return String(number);
  const named = unit === 0 ? '' : unit === milliseconds(1) ? ' ms' : ' s';
  const range = `${min} .. ${max}`;
  const what = `${number}${named} is outside the valid range for parameter "${name}" (${range})`;
  return sqlError('22023', what);
}

const units: Readonly<Record<string, number>> = {
  us: 1, ms: milliseconds(1), s: seconds(1), min: seconds(60), h: seconds(3_600),
  d: seconds(86_400),
};

/** A duration in the largest unit of which it is a multiple, as SHOW gives it. */
function withUnit(value: number, name: NumberSettingName): string {
  if (value === 0) return '0';
  const micros = value * numberSettings[name].unit;
  const unit = ['d', 'h', 'min', 's'].find((one) => micros % units[one] === 0) ?? 'ms';
  return `${micros / units[unit]}${unit}`;
}
