// Finds which other samples the lessons of a sample lead to: a copy of it needs them, or its links are dead.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Returns the names of the samples that a sample links to, directly or through one of these. */
export function linkedSamples(samples, name) {
  const found = new Set([name]);
  for (const one of found) for (const other of linksOf(samples, one)) found.add(other);
  found.delete(name);
  return [...found].sort();
}

function linksOf(samples, name) {
  const folder = path.join(samples, name);
  const lessons = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  return lessons.flatMap((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .filter(([, link]) => !/^\w+:/.test(link))
      .map(([, link]) => path.relative(samples, path.resolve(folder, path.dirname(file), link)).split(path.sep)[0]);
  });
}
