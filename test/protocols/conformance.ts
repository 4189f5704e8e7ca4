/** Test data of other implementations, which is not part of this repository. */
import { existsSync, readFileSync } from 'node:fs';
import type { TestContext } from 'vitest';
import { skipUnavailable } from '../conformance/unavailable.ts';

export interface Case {
  command: string;
  args: Record<string, string[]>;
  expected: string[];
}

/**
 * The cases of a file in the datadriven format: `command name=(a,b)`, `----`, the expected output,
 * an empty line. Skips the test if the data is not on this machine.
 */
export function casesOf(context: TestContext, path: string): Case[] {
  const folder = process.env.LOCKSTEP_CONFORMANCE;
  const file = `${folder}/${path}`;
  if (folder === undefined || !existsSync(file)) {
    const advice = 'Set LOCKSTEP_CONFORMANCE to the folder that contains it.';
    skipUnavailable(context, `The test data ${path} is missing. ${advice}`);
  }
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
