/** `lockstep test [FILES]`: scenarios must hold, and broken twins must fail for their reason. */
import { simulate } from '../check/simulate.ts';
import { subjectText, verdictReason } from '../check/verdict-words.ts';
import type { World } from '../kernel/world.ts';
import type { Verdict } from '../scenario/verdict.ts';
import { loadScenario } from './load.ts';
import { refuse, type Values } from './options.ts';
import type { Terminal } from './terminal.ts';

/** A working directory may be the root of a disk: more files are not searched. */
const filesMax = 10_000;
const actionsMax = 1_000_000;

export async function test(files: string[], _values: Values, terminal: Terminal): Promise<number> {
  const found = files.length > 0 ? files : terminal.scenarios?.(filesMax);
  if (found === undefined) return refuse('test needs a file: `lockstep test FILE…`', terminal);
  if (found.length === 0) return refuse('there is no *.scenario.yaml in this folder', terminal);
  let passed = 0;
  let isInputWrong = false;
  for (const file of found) {
    const result = testOne(file, terminal);
    if (result.problems.length > 0) {
      isInputWrong = true;
      await terminal.error(`${result.problems.join('\n')}\n`);
    }
    const { why } = result;
    if (why === undefined) passed++;
    await terminal.out(why === undefined ? `✓ ${file}\n` : `✗ ${file}: ${why}\n`);
  }
  const failed = found.length - passed;
  await terminal.out(`${passed} passed, ${failed} failed\n`);
  if (isInputWrong) return 2;
  return failed === 0 ? 0 : 1;
}

interface Tested {
  /** Why the test failed; undefined if it passed. */
  readonly why?: string;
  readonly problems: readonly string[];
}

function testOne(file: string, terminal: Terminal): Tested {
  const { scenario, problems } = loadScenario(file, terminal);
  if (scenario === undefined) return { why: 'it is not a valid scenario', problems };
  const { verdicts, cut, world } = simulate(scenario, undefined, { actionsMax });
  if (cut) return { why: `it was stopped after ${world.step} actions`, problems: [] };
  const violated = verdicts.filter((verdict) => verdict.type === 'violated');
  const why = isBrokenTwin(file)
    ? whyNotBroken(violated, scenario.breaks)
    : firstReason(violated, world);
  return { ...(why === undefined ? {} : { why }), problems: [] };
}

function isBrokenTwin(file: string): boolean {
  return /\.broken\.[^\\/]*$/.test(file);
}

function firstReason(violated: readonly Verdict[], { wording }: World): string | undefined {
  const [first] = violated;
  return first && `${subjectText(first.subject)}: ${verdictReason(first, wording.units)}`;
}

function whyNotBroken(violated: readonly Verdict[], breaks: string | undefined) {
  if (violated.length === 0) return 'everything holds, but a broken twin must fail';
  if (breaks === undefined) return undefined;
  const names = violated.map(({ subject }) => subjectText(subject));
  if (names.includes(breaks)) return undefined;
  return `it must break \`${breaks}\`, and it broke ${names.map((one) => `\`${one}\``).join(', ')}`;
}
