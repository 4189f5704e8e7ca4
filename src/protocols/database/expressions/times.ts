/** Timestamps: numbers of microseconds, and how PostgreSQL reads and shows them. */
import { notModelled, type SqlError } from '../sql/errors.ts';

export const second = 1_000_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** The years that are read and shown: 1 to 9999. */
export const firstTimestamp = -62_135_596_800 * second;
export const endOfTimestamps = 253_402_300_800 * second;

/** `02:30:00.5`; the hours may have more than two digits. */
export function clockText(time: number): string {
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  const fraction = String(time % second).padStart(6, '0').replace(/0+$/, '');
  const places = [time / hour, (time % hour) / minute, (time % minute) / second];
  const clock = places.map(two).join(':');
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

/** `2026-01-31 12:30:00+00`; undefined if it is not a timestamp. The zone is UTC by default. */
export function toTimestamp(text: string, withoutZone: boolean): number | undefined {
  const found =
    /^\s*(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d)(\.\d+)?)?)?\s*(.*?)\s*$/.exec(text);
  if (found === null) return undefined;
  const [, year, month, date, hours = '0', minutes = '0', seconds = '0', fraction = '0'] = found;
  const zone = offsetOf(found[8]);
  const offset = withoutZone && zone !== undefined ? 0 : zone;
  const days = daysUntil(Number(year), Number(month), Number(date));
  if (offset === undefined || dateText(days) !== dateOf(year, month, date)) return undefined;
  const time = Number(hours) * hour + Number(minutes) * minute + Number(seconds) * second;
  return days * day + time + Math.round(Number(fraction) * second) - offset;
}

function offsetOf(zone: string): number | undefined {
  if (zone === '' || /^(z|utc|gmt)$/i.test(zone)) return 0;
  const found = /^([-+])(\d\d?)(?::?(\d\d))?$/.exec(zone);
  if (found === null) return undefined;
  const offset = Number(found[2]) * hour + Number(found[3] ?? 0) * minute;
  return found[1] === '-' ? -offset : offset;
}

export function timestampText(time: number): string {
  const days = Math.floor(time / day);
  return `${dateText(days)} ${clockText(time - days * day)}`;
}

// Dates of the Gregorian calendar, as days since 1970-01-01. A year is counted from its March, so
// that the day of a leap year is its last.

const daysPerEra = 146_097;
const daysFromYearZero = 719_468;

function daysUntil(year: number, month: number, date: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * daysPerEra + yearOfEra * 365 + leaps + dayOfYear - daysFromYearZero;
}

function dateText(days: number): string {
  const shifted = days + daysFromYearZero;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const leaps =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const before = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - before;
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const date = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return dateOf(String(year), String(month), String(date));
}

function dateOf(year: string, month: string, date: string): string {
  return `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
}

/** `extract(epoch FROM …)`: seconds, with six digits behind the point. */
export function secondsOf(time: number): string {
  const micros = BigInt(Math.round(time));
  const [sign, length] = micros < 0n ? ['-', -micros] : ['', micros];
  const digits = String(length).padStart(7, '0');
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

const truncations: Readonly<Record<string, number>> = {
  microseconds: 1, milliseconds: 1_000, second, minute, hour, day,
};

/** `date_trunc` in the zone UTC. */
export function truncatedTime(unit: string, time: number): number | SqlError {
  const name = unit.toLowerCase();
  if (!Object.hasOwn(truncations, name)) return notModelled(`date_trunc to '${unit}'`);
  return Math.floor(time / truncations[name]) * truncations[name];
}
