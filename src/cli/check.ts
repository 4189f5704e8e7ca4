/** `lockstep check FILE…`: says what is wrong with scenario files, and runs none. */
import { loadScenario } from './load.ts';
import type { Terminal } from './terminal.ts';

export async function check(
  files: string[],
  _values: unknown,
  terminal: Terminal,
): Promise<number> {
  if (files.length === 0) {
    await terminal.error('lockstep: check needs a file: `lockstep check FILE…`\n');
    return 2;
  }
  let code = 0;
  for (const file of files) {
    const { scenario, problems } = loadScenario(file, terminal);
    for (const problem of problems) await terminal.error(`${problem}\n`);
    if (scenario === undefined) code = 2;
    else
      await terminal.out(
        `${file}: ${scenario.steps.length} steps, ${scenario.expect.length} expectations\n`,
      );
  }
  return code;
}
