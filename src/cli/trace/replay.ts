/** `lockstep replay TRACE`: runs a trace again and reports the first difference. */
import { scenarioMonitors } from '../../check/verdicts.ts';
import { CodeFault } from '../../code/code-fault.ts';
import { loadProtocol } from '../../code/code.ts';
import type { Action } from '../../kernel/action.ts';
import { digest } from '../../kernel/compare/digest.ts';
import { Effects } from '../../kernel/effects.ts';
import { type Impossible, whyImpossible } from '../../kernel/impossible.ts';
import { asPending } from '../../kernel/run.ts';
import { start, step } from '../../kernel/step.ts';
import { actionText } from '../../kernel/text/action-text.ts';
import { formatTime } from '../../kernel/text/duration.ts';
import { effectLines } from '../../kernel/text/effects-text.ts';
import { messageLabel } from '../../kernel/text/message-text.ts';
import { impossibleText } from '../../kernel/text/impossible-text.ts';
import type { World } from '../../kernel/world.ts';
import type { Protocol } from '../../protocol/types.ts';
import { library } from '../../protocols/library.ts';
import { parseScenario } from '../../scenario/parse/parse.ts';
import { protocolReference } from '../../scenario/parse/protocol-reference.ts';
import { problemText } from '../../scenario/problem.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { didYouMean, oneOf } from '../../scenario/suggest.ts';
import { readText } from '../files.ts';
import { refuse, type Values, withUntil } from '../options.ts';
import { sourceHash } from '../../check/trace/run-trace.ts';
import { commandOn } from '../process/shell-words.ts';
import type { Terminal } from '../terminal.ts';
import {
  type Entry,
  entriesOf,
  type PlacedHeader,
  type PlacedText,
  readTrace,
  type Trace,
  type TraceProblem,
} from './read-trace.ts';
import { LimitError } from '../../kernel/text/execution-limits.ts';
import { loadInTime, stepInTime } from '../../dap/process/run-limit.ts';

export async function replay(
  files: string[],
  _values: Values,
  terminal: Terminal,
): Promise<number> {
  if (files.length === 0) {
    return refuse('replay needs a trace: `lockstep replay TRACE…`', terminal);
  }
  let code = 0;
  for (const file of files) code = Math.max(code, await replayOne(file, terminal));
  return code;
}

async function replayOne(file: string, terminal: Terminal): Promise<number> {
  const read = readText(file, terminal);
  if ('problem' in read) {
    await terminal.error(`${read.problem}\n`);
    return 2;
  }
  const trace = readTrace(read.text);
  const problem = 'message' in trace ? trace : undefined;
  const loaded = problem ?? loadTraced(trace as Trace);
  if ('message' in loaded) {
    const { line, column, message } = loaded;
    const isScenario = file.endsWith('.scenario.yaml');
    const hint = isScenario ? `: run a scenario with \`${commandOn('run', file)}\`` : '';
    await terminal.error(`${file}:${line}:${column}: ${message}${hint}\n`);
    return 2;
  }
  const { header } = trace as Trace;
  const change = changeOf(header, loaded);
  const { steps, difference } = compared(read.text, trace as Trace, loaded);
  if (difference === undefined) {
    await terminal.out(`${file}: ${steps} steps, no difference\n`);
    if (change !== undefined) await terminal.error(`note: ${change}\n`);
    return 0;
  }
  const { line, what, expected, found } = difference;
  const lines = [`${file}:${line}:1: ${what}`, `  expected: ${expected}`, `  found:    ${found}`];
  if (change !== undefined) lines.push(`  note:     ${change}`);
  await terminal.out(`${lines.join('\n')}\n`);
  return 1;
}

/** The scenario that a trace holds, or the first problem with it. */
function loadTraced({ header, lastStep }: Trace): Scenario | TraceProblem {
  const found = tracedProtocol(header);
  if ('message' in found) return found;
  const { scenario: own, seed } = header;
  const overrides = { seed, ...(found.protocol && { protocol: found.protocol }) };
  const { scenario, problems } = parseScenario(own.text, own.name, library, overrides);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) {
    const { line, column } = error;
    return inText(own, line, column, problemText(own.name, error));
  }
  if (scenario === undefined) return inText(own, 1, 1, 'this scenario cannot be read');
  const { length } = scenario.steps;
  if (lastStep.step >= length) {
    const message = `step ${lastStep.step} of the scenario does not exist: it has ${length}`;
    return { line: lastStep.line, column: 1, message: `${message} steps, counted from 0` };
  }
  const ending = withUntil(scenario, header.until);
  if ('scenario' in ending) return ending.scenario;
  const { fault, column } = ending;
  return { line: header.untilLine, column: column + 'until '.length, message: fault };
}

/** A problem in a file of the trace, at its place in the trace. */
function inText({ line: first }: PlacedText, line: number, column: number, message: string) {
  return { line: first + line - 1, column: column + 2, message };
}

/** The protocol of the workspace that a trace holds; none if it runs a built-in one. */
function tracedProtocol(header: PlacedHeader): { readonly protocol?: Protocol } | TraceProblem {
  const { protocol: of, files, scenario, protocolLine: line } = header;
  const isOwn = protocolReference(scenario.text) !== undefined;
  const at = { line, column: 'protocol '.length + 1 };
  if (isOwn !== (of.type === 'file')) {
    const is = isOwn ? 'a file of its own' : 'a built-in protocol';
    return { ...at, message: `the scenario of this trace runs ${is}, which contradicts this line` };
  }
  if (of.type === 'built-in') {
    const names = library.map(({ name }) => name);
    if (names.includes(of.name)) return {};
    const hint = didYouMean(of.name, names) ?? `there is ${oneOf(names)}`;
    return { ...at, message: `there is no built-in protocol \`${of.name}\` (${hint})` };
  }
  if (!files.some(({ name }) => name === of.entry)) {
    return { ...at, message: `the trace has no section \`file ${of.entry}\`: record it again` };
  }
  try {
    const texts = new Map(files.map(({ name, text }) => [name, text]));
    return loadInTime(() => loadProtocol(texts, of.entry));
  } catch (error) {
    if (error instanceof LimitError) return { ...at, message: `${of.entry}:1:1: ${error.message}` };
    if (!(error instanceof CodeFault)) throw error;
    const text = files.find(({ name }) => name === error.file);
    const message = `${error.file}:${error.line}:${error.column}: ${error.message}`;
    return text ? inText(text, error.line, error.column, message) : { ...at, message };
  }
}

/** Says so if a built-in protocol has changed since the trace was recorded. */
function changeOf({ protocol: of, version }: PlacedHeader, scenario: Scenario): string | undefined {
  if (of.type === 'file' || sourceHash(scenario.protocol) === of.hash) return undefined;
  const since = `since lockstep ${version} recorded this trace`;
  return `the built-in protocol ${of.name} has changed ${since}`;
}

/** Where a trace and its replay part. */
interface Divergence {
  /** Of the trace. */
  readonly line: number;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

function compared(text: string, trace: Trace, scenario: Scenario): Compared {
  const effects = new Effects();
  const world = start(scenario.setup, scenarioMonitors(scenario), effects);
  let lastEqual = 0;
  const isOwn = trace.header.protocol.type === 'file';
  for (const entry of entriesOf(text, trace)) {
    const difference =
      entry.type === 'digest' || entry.type === 'end'
        ? digestDifference(entry, world, lastEqual)
        : inTimeIf(isOwn, scenario.file, world.step, () => stepDifference(entry, world, effects));
    if (difference !== undefined) return { steps: world.step, difference };
    if (entry.type === 'digest') lastEqual = world.step;
  }
  return { steps: world.step };
}

interface Compared {
  readonly steps: number;
  readonly difference?: Divergence;
}

function inTimeIf<Result>(isOwn: boolean, file: string, step: number, act: () => Result): Result {
  return isOwn ? stepInTime(file, step, act) : act();
}

type StepEntry = Extract<Entry, { type: 'start' | 'action' }>;

function stepDifference(entry: StepEntry, world: World, effects: Effects): Divergence | undefined {
  const { line } = entry;
  if (entry.type === 'action') {
    const { action } = entry;
    const reason = reasonAgainst(world, action);
    if (reason !== undefined) {
      const what = `step ${world.step + 1} is no longer possible: ${nameOf(world, action)}`;
      const expected = `it happens at ${formatTime(action.at)}`;
      return { line, what, expected, found: impossibleText(reason) };
    }
    if (!step(world, asPending(world, action), effects)) {
      throw new Error(`an action that is possible was not taken: ${actionText(action)}`);
    }
  }
  const found = effectLines(effects);
  const { effects: expected } = entry;
  const most = Math.max(expected.length, found.length);
  for (let i = 0; i < most; i++) {
    if (expected[i] === found[i]) continue;
    const name = entry.type === 'start' ? 'the start' : `step ${world.step}`;
    const what = entry.type === 'start' ? '' : `: ${nameOf(world, entry.action, effects)}`;
    return {
      // The effect that differs, or the last one above the one that is new.
      line: line + Math.min(i + 1, expected.length),
      what: `${name} has another effect${what}`,
      expected: expected[i] ?? 'nothing more',
      found: found[i] ?? 'nothing more',
    };
  }
  return undefined;
}

/** The action, with the summary of its message. */
function nameOf(world: World, action: Action, effects?: Effects): string {
  const isOfMessage = 'ordinal' in action;
  const message = effects?.message ?? (isOfMessage ? world.message(action) : undefined);
  const details = message ? ` ${messageLabel(message, world.wording)}` : '';
  return `${actionText(action)}${details}`;
}

/** Why an action cannot be taken; a fault of the network may name nodes that do not exist. */
function reasonAgainst(world: World, action: Action): Impossible | undefined {
  const unknown = nodesOf(action).find((id) => world.node(id) === undefined);
  if (unknown !== undefined) return { type: 'unknown node', node: unknown };
  return whyImpossible(world, action);
}

function nodesOf(action: Action): readonly string[] {
  switch (action.type) {
    case 'partition':
      return action.groups.flat();
    case 'cut':
    case 'heal':
      return [...(action.from ?? []), ...(action.to ?? [])];
    case 'network':
      return [...(action.rule.from ?? []), ...(action.rule.to ?? [])];
    default:
      return [];
  }
}

type DigestEntry = Extract<Entry, { type: 'digest' | 'end' }>;

function digestDifference(
  entry: DigestEntry,
  world: World,
  lastEqual: number,
): Divergence | undefined {
  const found = digest(world);
  if (found === entry.digest) return undefined;
  const since = `its effects do not; the states were last equal after step ${lastEqual}`;
  return {
    line: entry.line,
    what: `the state after step ${world.step} differs, although ${since}`,
    expected: `digest ${entry.digest}`,
    found: `digest ${found}`,
  };
}
