/** Intervals: days and a time, and how PostgreSQL reads, calculates and shows them. */
// As in PostgreSQL, 24 hours and a day are equal but are not shown alike, so an interval keeps them
// apart. One without days is its number of microseconds, and one with days is its text.
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Value } from '../sql/syntax.ts';
import { clockText, day, hour, minute, second } from './times.ts';

interface Parts {
  readonly days: number;
  readonly time: number;
}

const units: Readonly<Record<string, number>> = {
  us: 1, usec: 1, usecs: 1, microsecond: 1, microseconds: 1,
  ms: 1000, msec: 1000, msecs: 1000, millisecond: 1000, milliseconds: 1000,
  s: second, sec: second, secs: second, second, seconds: second,
  m: minute, min: minute, mins: minute, minute, minutes: minute,
  h: hour, hr: hour, hrs: hour, hour, hours: hour,
};

const days: Readonly<Record<string, number>> = {
  d: 1, day: 1, days: 1, w: 7, week: 7, weeks: 7,
};

/** Months and years have no fixed length, so an interval of them cannot be compared exactly. */
export const calendarUnit = /\b(mon|mons|month|months|y|yr|yrs|year|years|decade|century)\b/i;

/** `5 minutes`, `1 day 02:00`, `90`; undefined if it is not an interval of fixed length. */
export function toInterval(text: string): Value | SqlError | undefined {
  const parts = partsIn(text);
  return parts === undefined ? undefined : intervalOf(parts);
}

function partsIn(text: string): Parts | undefined {
  const sign = /\bago\s*$/i.test(text) ? -1 : 1;
  let rest = text.replace(/\bago\s*$/i, '').trim();
  if (rest === '') return undefined;
  let sum: Parts = { days: 0, time: 0 };
  while (rest !== '') {
    const clock = /^([-+]?)(\d+):(\d\d?)(?::(\d\d?(?:\.\d+)?))?\s*/.exec(rest);
    const amount = /^([-+]?(?:\d+(?:\.\d*)?|\.\d+))\s*([a-z]*)\s*/i.exec(rest);
    if (clock !== null) {
      const [, minus, hours, minutes, seconds = '0'] = clock;
      const time = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * second;
      sum = added(sum, { days: 0, time: minus === '-' ? -time : time });
    } else if (amount !== null) {
      const unit = amount[2].toLowerCase();
      const number = Number(amount[1]);
      if (unit in days) sum = added(sum, scaled({ days: days[unit], time: 0 }, number));
      else if (unit === '') sum = added(sum, { days: 0, time: number * second });
      else if (unit in units) sum = added(sum, { days: 0, time: number * units[unit] });
      else return undefined;
    } else return undefined;
    rest = rest.slice((clock ?? amount!)[0].length);
  }
  return scaled(sum, sign);
}

function added(one: Parts, other: Parts): Parts {
  return { days: one.days + other.days, time: one.time + other.time };
}

/** A fraction of a day becomes a time; the time never becomes a day. */
function scaled(parts: Parts, factor: number): Parts {
  const wanted = parts.days * factor;
  const whole = Math.trunc(wanted);
  return { days: whole, time: parts.time * factor + (wanted - whole) * day };
}

function partsOf(interval: Value): Parts {
  if (typeof interval === 'number') return { days: 0, time: interval };
  return partsIn(String(interval))!;
}

/** Days are counted with 32 bits, and times as far as a number of JavaScript is exact. */
const daysMax = 2_147_483_647;

function intervalOf(parts: Parts): Value | SqlError {
  // Turns −0 into 0.
  const time = Math.round(parts.time) + 0;
  if (!(Math.abs(parts.days) <= daysMax) || !Number.isSafeInteger(time)) {
    return sqlError('22008', 'interval out of range');
  }
  return parts.days === 0 ? time : textOf({ days: parts.days, time });
}

/** The length in microseconds, with 24 hours a day. */
export function lengthOf(interval: Value): number {
  const { days: count, time } = partsOf(interval);
  return count * day + time;
}

/** The time between two timestamps has as many days as possible. */
export function intervalBetween(from: number, to: number): Value | SqlError {
  const length = to - from;
  const whole = Math.trunc(length / day);
  return intervalOf({ days: whole, time: length - whole * day });
}

export function addIntervals(one: Value, other: Value): Value | SqlError {
  return intervalOf(added(partsOf(one), partsOf(other)));
}

export function scaleInterval(interval: Value, factor: number): Value | SqlError {
  return intervalOf(scaled(partsOf(interval), factor));
}

/** Days and a time of day: `1 day 02:30:00`. */
export function intervalText(interval: Value): string {
  return textOf(partsOf(interval));
}

function textOf({ days: count, time }: Parts): string {
  const parts: string[] = [];
  if (count !== 0) parts.push(`${count} day${count === 1 ? '' : 's'}`);
  if (time !== 0 || count === 0) {
    const sign = time < 0 ? '-' : count < 0 ? '+' : '';
    parts.push(`${sign}${clockText(Math.abs(time))}`);
  }
  return parts.join(' ');
}
