/** Lock modes: which of them conflict, and how a row lock appears in the queue for its row. */
// PostgreSQL, Explicit Locking: tables 13.2 (modes of table locks) and 13.3 (modes of row locks).
import type { Strength, TableMode } from '../sql/syntax.ts';

const conflicts: Readonly<Record<TableMode, readonly TableMode[]>> = {
  'access share': ['access exclusive'],
  'row share': ['exclusive', 'access exclusive'],
  'row exclusive': ['share', 'share row exclusive', 'exclusive', 'access exclusive'],
  'share update exclusive': [
    'share update exclusive', 'share', 'share row exclusive', 'exclusive', 'access exclusive',
  ],
  share: [
    'row exclusive', 'share update exclusive', 'share row exclusive', 'exclusive',
    'access exclusive',
  ],
  'share row exclusive': [
    'row exclusive', 'share update exclusive', 'share', 'share row exclusive', 'exclusive',
    'access exclusive',
  ],
  exclusive: [
    'row share', 'row exclusive', 'share update exclusive', 'share', 'share row exclusive',
    'exclusive', 'access exclusive',
  ],
  'access exclusive': [
    'access share', 'row share', 'row exclusive', 'share update exclusive', 'share',
    'share row exclusive', 'exclusive', 'access exclusive',
  ],
};

/** Whether two sessions cannot hold a lock in these modes at the same time. */
export function conflict(one: TableMode, other: TableMode): boolean {
  return conflicts[one].includes(other);
}

/** The mode in which a session waits at the head of a row's queue. The conflicts are the same. */
export const modeOf: Readonly<Record<Strength, TableMode>> = {
  'key share': 'access share',
  share: 'row share',
  'no key update': 'exclusive',
  update: 'access exclusive',
};

/** Whether two transactions cannot have a row with these strengths at the same time. */
export function strengthsConflict(one: Strength, other: Strength): boolean {
  return conflict(modeOf[one], modeOf[other]);
}

const order: Readonly<Record<Strength, number>> = {
  'key share': 0, share: 1, 'no key update': 2, update: 3,
};

export function isAtLeast(one: Strength, other: Strength): boolean {
  return order[one] >= order[other];
}

/** The name of a mode in `pg_locks` and in messages, such as `AccessShareLock`. */
export function modeName(mode: TableMode): string {
  const words = mode.split(' ').map((word) => word[0].toUpperCase() + word.slice(1));
  return `${words.join('')}Lock`;
}
