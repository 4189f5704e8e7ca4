/** `lockstep test [FILES]`: scenarios must hold, and broken twins must fail for their reason. */
import { simulate, simulateInSlices, type SimulationResult } from '../check/simulate.ts';
import { isBrokenTwin } from '../check/broken-twin.ts';
import { isFailure, subjectText, verdictReason } from '../check/verdict-words.ts';
import type { Code } from '../code/code.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Verdict } from '../scenario/verdict.ts';
import { loadScenario } from './load.ts';
import { refuse, type Values } from './options.ts';
import type { Terminal } from './terminal.ts';
import { inTime, Interrupted, ownSliceActions } from './time-limit.ts';

/** A working directory may be the root of a disk: more files are not searched. */
const filesMax = 10_000;
const actionsMax = 1_000_000;

export async function test(files: string[], values: Values, terminal: Terminal): Promise<number> {
  const found = files.length > 0 ? files : terminal.scenarios?.(filesMax);
  if (found === undefined) return refuse('test needs a file: `lockstep test FILE…`', terminal);
  if (found.length === 0) return refuse('there is no *.scenario.yaml in this folder', terminal);
  let passed = 0;
  let isInputWrong = false;
  const untested = new UntestedInvariants();
  for (const file of found) {
    const { why, problems, isValid, verdicts } = testOne(file, terminal, { values, untested });
    if (problems.length > 0) await terminal.error(`${problems.join('\n')}\n`);
    if (!isValid) isInputWrong = true;
    if (why === undefined) passed++;
    await terminal.out(why === undefined ? `✓ ${file}\n` : `✗ ${file}: ${why}\n`);
    for (const note of untestedNotes(verdicts)) await terminal.out(`    ${note}\n`);
  }
  for (const note of untested.notes()) await terminal.out(`${note}\n`);
  const failed = found.length - passed;
  await terminal.out(`${passed} passed, ${failed} failed\n`);
  if (isInputWrong) return 2;
  return failed === 0 ? 0 : 1;
}

interface Tested {
  /** Why the test failed; undefined if it passed. */
  readonly why?: string;
  readonly problems: readonly string[];
  readonly isValid: boolean;
  readonly verdicts: readonly Verdict[];
}

interface Session {
  readonly values: Values;
  readonly untested: UntestedInvariants;
}

function testOne(file: string, terminal: Terminal, { values, untested }: Session): Tested {
  const { scenario, problems, code } = loadScenario(file, terminal, values);
  if (scenario === undefined) {
    return { why: 'it is not a valid scenario', problems, isValid: false, verdicts: [] };
  }
  let result: SimulationResult;
  try {
    result = simulated(scenario, code);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { why: error.message, problems, isValid: true, verdicts: [] };
  }
  const { verdicts, cut, world } = result;
  const tested = { problems, isValid: true, verdicts };
  if (cut) return { ...tested, why: `it was stopped after ${world.step} actions` };
  untested.note(scenario.protocol.name, verdicts);
  const failures = verdicts.filter(isFailure);
  // A broken twin is there for its violations, but not to be impossible to judge.
  const [first] = isBrokenTwin(scenario)
    ? failures.filter(({ type, subject }) => type === 'unknown' || subject.kind === 'broken twin')
    : failures;
  if (first === undefined) return tested;
  return { ...tested, why: `${subjectText(first.subject)}: ${verdictReason(first)}` };
}

function simulated(scenario: Scenario, own: Code | undefined): SimulationResult {
  const bounds = { actionsMax };
  if (own === undefined) return simulate(scenario, undefined, bounds);
  const slices = inTime('', simulateInSlices(scenario, ownSliceActions, undefined, bounds));
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
  }
}

/** The expectations that hold only because they were not tested: each is worth a look. */
function untestedNotes(verdicts: readonly Verdict[]): string[] {
  return verdicts.flatMap((verdict) => {
    if (verdict.type !== 'holds' || verdict.subject.kind === 'invariant') return [];
    const why = verdictReason(verdict);
    return why === undefined ? [] : [`! ${subjectText(verdict.subject)}: ${why}`];
  });
}

/** Invariants whose condition was true in none of the scenarios: most scenarios test only some. */
class UntestedInvariants {
  private readonly times = new Map<string, number>();

  note(protocol: string, verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) {
      if (verdict.subject.kind !== 'invariant') continue;
      const name = `${verdict.subject.name} (${protocol})`;
      // A violated invariant was tested, and so was one without a condition.
      const isTested = verdict.type !== 'holds' || verdict.tested === undefined;
      const times = isTested ? 1 : verdict.tested.times;
      this.times.set(name, (this.times.get(name) ?? 0) + times);
    }
  }

  notes(): string[] {
    const never = [...this.times].filter(([, times]) => times === 0);
    return never.map(([name]) => `! ${name}: its condition was true in none of these scenarios`);
  }
}
