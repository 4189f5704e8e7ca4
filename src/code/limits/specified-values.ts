/** What the functions of a specification and of transactions must return. */
import { findNotPlain, notPlainMessage, type NotPlain } from '../../kernel/data/plain-data.ts';
import { shown } from '../../kernel/data/shown.ts';

/** Something that a call must not return. */
interface Fault {
  readonly message: string;
  readonly path: NotPlain['path'];
}

/** A state of a specification: plain data, with a value that says that there is none. */
export function specifiedFault(state: unknown, by: 'init' | 'step'): Fault | undefined {
  if (state === undefined) {
    return fault('`init` must return the state at the start: write null if there is no value');
  }
  const found = findNotPlain(state);
  if (found === undefined) return undefined;
  return { message: notPlainMessage(found, `the result of \`${by}\``, 'states'), path: found.path };
}

export function keyFault(key: unknown): Fault | undefined {
  if (typeof key === 'string') return undefined;
  const how = 'write `String(…)`, or leave `key` out if the object has no parts';
  return fault(`\`key\` must return a string, not ${shown(key, 60)}: ${how}`);
}

export function transactionFault(name: unknown): Fault | undefined {
  if (name === undefined || typeof name === 'string') return undefined;
  const what = '`transaction` must return the name of a transaction, or undefined';
  return fault(`${what}, not ${shown(name, 60)}`);
}

const kinds: readonly unknown[] = ['read', 'write', 'append'];

export function effectFault(effect: unknown): Fault | undefined {
  if (effect === undefined || ['begin', 'commit', 'rollback'].includes(effect as string)) {
    return undefined;
  }
  if (!Array.isArray(effect)) {
    const form = "'begin', 'commit', 'rollback', or a list such as [['read', key, value]]";
    return fault(`\`effect\` must return ${form}, not ${shown(effect, 60)}`);
  }
  const wrong = (effect as unknown[]).findIndex((part) => !isMicroOperation(part));
  if (wrong < 0) return undefined;
  const part = shown(effect[wrong], 60);
  const form = "['read', key, value], ['write', key, value] or ['append', key, value]";
  return fault(`each part of an effect must be ${form}, with a string or a number as its key and ` +
    `plain data as its value, not ${part}`);
}

function isMicroOperation(part: unknown): boolean {
  if (!Array.isArray(part) || part.length !== 3) return false;
  const [kind, key, value] = part as unknown[];
  const isKey = typeof key === 'string' || Number.isFinite(key);
  return kinds.includes(kind) && isKey && value !== undefined && findNotPlain(value) === undefined;
}

function fault(message: string): Fault {
  return { message, path: [] };
}
