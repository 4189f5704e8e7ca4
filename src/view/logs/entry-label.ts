/** The text of a log entry, short enough for a cell. */
import { cutText, dataText, printable } from '../../kernel/text/data-text.ts';

const longest = 24;

/** The values of an entry, in their order: `put x 1`. */
export function entryLabel(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return dataText(entry, {}, longest);
  const values = Object.values(entry).filter(
    (value) => typeof value !== 'object' && value !== '',
  );
  return cutText(printable(values.join(' ')), longest);
}
