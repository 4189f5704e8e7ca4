/** The limit of a text, which a statement repeated some thirty times would otherwise exceed. */
import { notModelled, type SqlError, type Value } from '../sql/syntax.ts';

export const textLengthMax = 1_000_000;
export const tooLongText = notModelled('texts of more than 1,000,000 characters');

export function joinedText(parts: readonly string[]): Value | SqlError {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return length > textLengthMax ? tooLongText : parts.join('');
}
