/** The writes of a `multi`, as a scenario writes them. */
import { type Kind, kinds, type Write } from './wire.ts';

/** Returns the writes of a string such as `check /lock 0; set /data new`, or what is wrong. */
export function parseWrites(text: string): Write[] | string {
  const writes: Write[] = [];
  for (const part of text.split(';')) {
    const parsed = parseWrite(part.trim().split(/\s+/));
    if (typeof parsed === 'string') return parsed;
    writes.push(parsed);
  }
  return writes;
}

function parseWrite([op, path, ...rest]: string[]): Write | string {
  if (path === undefined) return `${op || 'an empty part of multi'} needs a path`;
  switch (op) {
    case 'create': {
      const kind = rest.join(' ') || 'persistent';
      if (isKind(kind)) return { op, path, data: '', kind };
      return kindFault(kind);
    }
    case 'set': {
      const [data, version] = rest;
      if (data === undefined || rest.length > 2) return `set ${path} needs the data, in one word`;
      return withVersion(version, (number) => ({ op, path, data, version: number }));
    }
    case 'delete':
    case 'check':
      if (rest.length > 1) return `${op} ${path} takes a version and no more`;
      if (op === 'check' && rest.length === 0) return `check ${path} needs a version`;
      return withVersion(rest[0], (number) => ({ op, path, version: number }));
    default:
      return `${op} cannot be part of multi: use create, delete, set or check`;
  }
}

export function isKind(text: string): text is Kind {
  return (kinds as readonly string[]).includes(text);
}

export function kindFault(kind: string): string {
  return `${kind} is not a kind of znode: use ${kinds.join(', ')}`;
}

function withVersion(text: string | undefined, write: (version: number) => Write): Write | string {
  if (text === undefined) return write(-1);
  return /^-?\d+$/.test(text) ? write(Number(text)) : `${text} is not a version`;
}
