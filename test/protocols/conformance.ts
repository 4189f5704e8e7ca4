/** Test data of other implementations, which is not part of this repository. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = process.env.LOCKSTEP_CONFORMANCE ?? `${root}/../shared/conformance`;

export interface Case {
  command: string;
  args: Record<string, string[]>;
  expected: string[];
}

/**
 * The cases of a file in the datadriven format: `command name=(a,b)`, `----`, the expected output,
 * an empty line. Undefined if the file does not exist.
 */
export function casesOf(path: string): Case[] | undefined {
  const file = `${folder}/${path}`;
  if (!existsSync(file)) return undefined;
  const cases: Case[] = [];
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.forEach((line, i) => {
    if (line !== '----') return;
    const [command] = lines[i - 1].split(' ');
    const args: Record<string, string[]> = {};
    for (const [, name, list] of lines[i - 1].matchAll(/(\w+)=\(([^)]*)\)/g)) {
      args[name] = list.split(',').map((one) => one.trim());
    }
    const end = lines.indexOf('', i);
    cases.push({ command, args, expected: lines.slice(i + 1, end < 0 ? undefined : end) });
  });
  return cases;
}
