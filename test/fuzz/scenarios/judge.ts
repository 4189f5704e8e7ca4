/** What must hold for any text that is read as a scenario, and for any that checks clean. */
import { readFileSync } from 'node:fs';
import { type SimulationResult, simulateInSlices } from '../../../src/check/simulate.ts';
import { subjectText, verdictReason, violationSentence } from '../../../src/check/verdict-words.ts';
import { CodeFault } from '../../../src/code/code-fault.ts';
import { loadProtocol } from '../../../src/code/code.ts';
import { gather, locate, type Reading } from '../../../src/code/load/workspace-files.ts';
import type { Protocol } from '../../../src/protocol/types.ts';
import { library } from '../../../src/protocols/library.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';
import { protocolReference } from '../../../src/scenario/parse/protocol-reference.ts';
import type { Problem } from '../../../src/scenario/problem.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { signatureOf, wordingFault } from '../wording.ts';

export interface ScenarioFailure {
  readonly signature: string;
  readonly message: string;
}

export interface Judged {
  readonly failures: readonly ScenarioFailure[];
  /** True if the text checked clean. */
  readonly isClean: boolean;
  /** The errors that the check reported. */
  readonly errors: readonly string[];
  /** The processor time of the check alone. */
  readonly checkSeconds: number;
  readonly runSeconds: number;
  readonly actions: number;
}

export interface Bounds {
  readonly checkSecondsMost: number;
  readonly actionsMost: number;
}

/** A scenario of a few lines is read within a fraction of this. */
export const boundsByDefault: Bounds = { checkSecondsMost: 1, actionsMost: 1_200 };

export function judge(
  text: string,
  file: string,
  bounds: Bounds,
  progress: (what: string) => void,
): Judged {
  const failures: ScenarioFailure[] = [];
  const fail = (message: string) => {
    const signature = signatureOf(message.split('\n')[0]);
    if (failures.some((one) => one.signature === signature)) return;
    failures.push({ signature, message });
  };
  progress('check');
  const before = process.cpuUsage();
  const checked = check(text, file, fail);
  const checkSeconds = secondsSince(before);
  if (checkSeconds > bounds.checkSecondsMost) {
    fail(`the check of ${text.length} characters takes ${checkSeconds.toFixed(1)} s`);
  }
  const errors = (checked?.problems ?? [])
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
  const scenario = checked?.scenario;
  const start = process.cpuUsage();
  progress('run');
  const actions = scenario ? simulate(scenario, bounds, fail) : 0;
  const runSeconds = secondsSince(start);
  return { failures, isClean: scenario !== undefined, errors, checkSeconds, runSeconds, actions };
}

function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

interface Checked {
  readonly scenario?: Scenario;
  readonly problems: readonly Problem[];
}

function check(text: string, file: string, fail: (why: string) => void): Checked | undefined {
  let protocol: Protocol | undefined;
  let isMissing = false;
  try {
    const reference = protocolReference(text);
    if (reference) {
      try {
        protocol = loaded(file, reference.path);
      } catch (error) {
        if (!(error instanceof CodeFault)) throw error;
        isMissing = true;
      }
    }
    const checked = parseScenario(text, file, library, protocol ? { protocol } : {});
    judgeProblems(text, checked.problems, fail);
    const isSilent = checked.scenario === undefined && checked.problems.length === 0;
    // A protocol that could not be loaded is reported by its own fault.
    if (isSilent && !isMissing) fail('the scenario is refused without a problem');
    const hasErrors = checked.problems.some(({ severity }) => severity === 'error');
    if (checked.scenario && hasErrors) fail('the scenario is accepted in spite of its errors');
    return checked;
  } catch (error) {
    fail(`the check throws: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const protocols = new Map<string, Protocol>();

function loaded(file: string, reference: string): Protocol {
  const entry = withTexts(locate(file, reference));
  const key = `${entry.root}/${entry.file}`;
  const known = protocols.get(key);
  if (known) return known;
  const { protocol } = loadProtocol(withTexts(gather(entry)), entry.file);
  protocols.set(key, protocol);
  return protocol;
}

function withTexts<Result>(reading: Reading<Result>): Result {
  let next = reading.next();
  while (!next.done) next = reading.next(textOf(next.value));
  return next.value;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Every problem is at a place of the text, and says something that a user can read. */
function judgeProblems(
  text: string,
  problems: readonly Problem[],
  fail: (why: string) => void,
): void {
  const lines = text.split('\n');
  if (problems.length > 5_000) fail(`there are ${problems.length} problems`);
  for (const problem of problems.slice(0, 500)) {
    const { line, column, endLine, endColumn, message, hint = '', severity } = problem;
    const isPlace =
      [line, column, endLine, endColumn].every((one) => Number.isSafeInteger(one) && one >= 1) &&
      line <= lines.length &&
      endLine <= lines.length &&
      column <= lines[line - 1].length + 1 &&
      endColumn <= lines[endLine - 1].length + 1 &&
      (endLine > line || (endLine === line && endColumn >= column));
    if (!isPlace) {
      fail(`a problem is outside of the text: ${message}`);
    }
    if (typeof message !== 'string' || message.trim() === '') fail('a problem has no message');
    if (message.length > 2_000) fail(`a message has ${message.length} characters`);
    // YAML knows these values, and a message may name what the file says.
    const given = /\.nan\b/i.test(text) ? `${text} NaN` : text;
    const fault = wordingFault(`${message} ${hint}`, given);
    if (fault) fail(`a problem shows ${fault}: ${message} ${hint}`);
    if (severity !== 'error' && severity !== 'warning') fail(`a problem is of severity ${severity}`);
  }
}

/** Runs what checked clean: a mistake in it shows as a verdict, never as an exception. */
function simulate(scenario: Scenario, bounds: Bounds, fail: (why: string) => void): number {
  const isBuiltIn = library.includes(scenario.protocol);
  let actions = 0;
  const run = simulateInSlices(
    scenario,
    50,
    (_world, _action, effects) => {
      actions++;
      const { failure, violations } = effects;
      if (isBuiltIn && failure) {
        fail(`a handler of a built-in protocol throws: ${scenario.protocol.name}: ${failure.message}`);
      }
      for (const violation of violations) {
        const { monitor, stack } = violation;
        const why = violationSentence(violation);
        if (stack !== undefined && isBuiltIn) fail(`the invariant ${monitor} throws: ${why}`);
        const fault = wordingFault(why, JSON.stringify(scenario.expect.map((one) => one.text)));
        if (fault) fail(`a violation shows ${fault}: ${why}`);
      }
    },
    { actionsMax: bounds.actionsMost },
  );
  try {
    let outcome: SimulationResult | undefined;
    while (outcome === undefined) {
      const slice = run.next();
      if (slice.done) outcome = slice.value;
    }
    for (const verdict of outcome.verdicts) {
      const why = verdictReason(verdict) ?? '';
      const fault = wordingFault(why, subjectText(verdict.subject));
      if (fault) fail(`a verdict shows ${fault}: ${why}`);
    }
  } catch (error) {
    fail(`the run throws: ${error instanceof Error ? error.message : String(error)}`);
  }
  return actions;
}
