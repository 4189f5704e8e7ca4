// The manifest as VS Code reads it: with the English of package.nls.json in place of its keys.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export function jsonFile(file: string): unknown {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

/** `words` are those of package.nls.json, or their translations. */
export function readManifest<Manifest>(words = jsonFile('package.nls.json')): Manifest {
  return withWords(jsonFile('package.json'), words as Record<string, string>) as Manifest;
}

function withWords(value: unknown, words: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one) => withWords(one, words));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, part]) => [key, withWords(part, words)]);
    return Object.fromEntries(entries);
  }
  if (typeof value !== 'string') return value;
  const key = /^%(.+)%$/.exec(value)?.[1];
  return key === undefined ? value : words[key];
}
