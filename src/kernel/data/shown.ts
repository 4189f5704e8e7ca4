/** Values in a few words, for messages to users. Describing a value never throws. */

/** `{code: 1}`, `"text"`, `a Map`: at most `most` characters. */
export function shown(value: unknown, most = 200): string {
  let text: string;
  try {
    text = textOf(value, most, 0);
  } catch {
    text = 'a value that cannot be shown';
  }
  return cut(text, most);
}

/** Shortens a string to at most `most` characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function textOf(value: unknown, most: number, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(cut(value, most));
    case 'bigint':
      return `${value}n`;
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : partsText(value, most, depth);
    default:
      return String(value);
  }
}

function partsText(value: object, most: number, depth: number): string {
  const isList = Array.isArray(value);
  const name = isList || isPlain(value) ? '' : kindOf(value);
  if (depth > 8) return '…';
  let text = '';
  for (const key of Object.keys(value)) {
    // The caller would cut off the rest.
    if (text.length > most) break;
    const part = textOf((value as Record<string, unknown>)[key], most, depth + 1);
    text += `${text === '' ? '' : ', '}${isList ? '' : `${key}: `}${part}`;
  }
  if (isList) return `[${text}]`;
  if (name === '') return `{${text}}`;
  return text === '' ? name : `${name} {${text}}`;
}

/** Whether an object is made by `{ … }`, in this realm or another, and not by a class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  const isRoot = Object.getPrototypeOf(prototype) === null;
  return isRoot && Object.hasOwn(prototype as object, 'toString');
}

/** What a value is, in a word or two: `a Set`, `an Error`, `a function`. */
export function kindOf(value: unknown): string {
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = nameOfClass(value as object);
  if (name === '') return 'an instance of a class';
  // The U of Uint8Array is spoken as in "you".
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** The name of an object's class; empty if it has none. */
export function nameOfClass(value: object): string {
  const { name } = (value as { constructor?: { name?: unknown } }).constructor ?? {};
  return typeof name === 'string' && name !== 'Object' ? name : '';
}
