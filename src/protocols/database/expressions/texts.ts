/** Functions of texts, and the limit of a text, which a statement could exceed by repetition. */
import { notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Value } from '../sql/syntax.ts';

export const textLengthMax = 1_000_000;
export const tooLongText = notModelled('texts of more than 1,000,000 characters');

export function joinedText(parts: readonly string[]): Value | SqlError {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length > textLengthMax ? tooLongText : parts.join('');
}

/** A text without these characters at its start, its end, or both. */
export function trimmed(text: string, characters: string, start: boolean, end: boolean): string {
  const list = [...text];
  let from = 0;
  let to = list.length;
  while (start && from < to && characters.includes(list[from])) from++;
  while (end && to > from && characters.includes(list[to - 1])) to--;
  return list.slice(from, to).join('');
}

export function repeated(text: string, times: number): Value | SqlError {
  if (text === '' || times <= 0) return '';
  return text.length * times > textLengthMax ? tooLongText : text.repeat(times);
}

/** A text of this length: cut, or with as much of `fill` as is missing. */
export function padded(
  text: string,
  length: number,
  fill: string,
  join: (text: string, fill: string) => string,
): Value | SqlError {
  const wanted = Math.max(length, 0);
  if (wanted > textLengthMax) return tooLongText;
  const list = [...text];
  const missing = wanted - list.length;
  if (missing <= 0 || fill === '') return list.slice(0, wanted).join('');
  const filling = [...fill];
  const added = Array.from({ length: missing }, (_, i) => filling[i % filling.length]);
  return join(text, added.join(''));
}

/** The last characters; a negative number leaves out that many at the start. */
export function lastOf(list: readonly string[], count: number): readonly string[] {
  return count >= 0 ? list.slice(Math.max(list.length - count, 0)) : list.slice(-count);
}

/** Counts from 1; what lies before the text counts, too. */
export function part(text: string, from: number, length = Infinity): Value | SqlError {
  if (length < 0) return sqlError('22011', 'negative substring length not allowed');
  return [...text].slice(Math.max(from - 1, 0), Math.max(from - 1 + length, 0)).join('');
}

/** A negative number counts from the end. */
export function splitPart(text: string, separator: string, number: number): Value | SqlError {
  if (number === 0) return sqlError('22023', 'field position must not be zero');
  const parts = separator === '' ? [text] : text.split(separator);
  return parts.at(number > 0 ? number - 1 : number) ?? '';
}
