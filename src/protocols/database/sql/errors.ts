/** The errors of statements: those of PostgreSQL, and what the simulation does not have. */

/** Why a statement failed: the SQLSTATE and, as far as possible, the message of PostgreSQL. */
export interface SqlError {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

export function sqlError(code: string, message: string): SqlError {
  return Object.freeze({ type: 'error', code, message });
}

/** The error for what PostgreSQL would accept, but the simulation does not have. */
export function notModelled(what: string): SqlError {
  return sqlError('0A000', `${ours} ${what}`);
}

const ours = "Lockstep's database does not model";

/** Whether an error is one of the simulation, which PostgreSQL would not report. */
export function isOurs({ message }: Pick<SqlError, 'message'>): boolean {
  return message.startsWith(ours);
}

export function isError(value: unknown): value is SqlError {
  return typeof value === 'object' && value !== null && 'code' in value;
}
