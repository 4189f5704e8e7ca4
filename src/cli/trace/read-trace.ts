/** Reads a trace, which may be damaged in any way: what is wrong with it has a place. */
import type { Action } from '../../kernel/action.ts';
import { cut } from '../../kernel/data/shown.ts';
import { effectWords } from '../../kernel/text/effects-text.ts';
import { parseTraceLine } from '../../kernel/text/trace.ts';
import { type Embedded, type TraceHeader, traceVersion } from '../../check/trace/trace-format.ts';

/** Lines and columns count from 1. */
export interface TraceProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Trace {
  readonly header: PlacedHeader;
  /** Where in the text the run begins, and in which line. */
  readonly runAt: number;
  readonly runLine: number;
  /** The last scenario step that an action names, counted from 0, and where it does; −1 if none. */
  readonly lastStep: { readonly step: number; readonly line: number };
}

/** Texts with the line of the trace in which each begins. */
export interface PlacedHeader extends TraceHeader {
  readonly scenario: PlacedText;
  readonly files: readonly PlacedText[];
  readonly untilLine: number;
  readonly protocolLine: number;
}

export interface PlacedText extends Embedded {
  readonly line: number;
}

/** The lines of a string one by one: a trace may have millions. */
class Lines {
  number = 0;

  constructor(
    private readonly text: string,
    public at = 0,
    before = 0,
  ) {
    this.number = before;
  }

  /**
   * The next line without its end; undefined after the last. A copied file may end lines with CR.
   */
  peek(): string | undefined {
    if (this.at >= this.text.length) return undefined;
    const line = this.text.slice(this.at, this.end());
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  take(): string | undefined {
    const line = this.peek();
    if (line !== undefined) this.number++;
    this.at = this.end() + 1;
    return line;
  }

  private end(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }
}

/** A problem that ends the reading. */
class Damaged extends Error {
  constructor(readonly problem: TraceProblem) {
    super(problem.message);
  }
}

function damaged(line: number, message: string, column = 1): never {
  throw new Damaged({ line, column, message });
}

/** The header of a trace, and a check of all of its run; or the first problem. */
export function readTrace(text: string): Trace | TraceProblem {
  try {
    const lines = new Lines(text);
    const header = readHeader(lines);
    const run = { runAt: lines.at, runLine: lines.number };
    return { header, ...run, lastStep: checkRun(text, run) };
  } catch (error) {
    if (error instanceof Damaged) return error.problem;
    throw error;
  }
}

function readHeader(lines: Lines): PlacedHeader {
  const [, version] = /^lockstep trace (\d+)$/.exec(lines.take() ?? '') ?? [];
  if (version === undefined) {
    damaged(1, `not a trace: its first line must be \`lockstep trace ${traceVersion}\``);
  }
  if (Number(version) !== traceVersion) {
    const reads = `this version of lockstep reads version ${traceVersion}`;
    damaged(1, `this is a trace of version ${version}, and ${reads}`, 'lockstep trace '.length + 1);
  }
  const recordedBy = readField(lines, 'version', /^\S.*$/, 'version 0.5.0');
  const seed = readField(lines, 'seed', /^\d{1,16}$/, 'seed 7');
  if (!Number.isSafeInteger(Number(seed))) {
    damaged(lines.number, `the seed ${seed} is too large`, 6);
  }
  const until = lines.peek()?.startsWith('until ')
    ? readField(lines, 'until', /^\S.*$/, 'until 10s')
    : undefined;
  const untilLine = lines.number;
  const protocol = readProtocol(lines);
  const protocolLine = lines.number;
  const scenario = readText(lines, 'scenario');
  const files: PlacedText[] = [];
  while (lines.peek()?.startsWith('file ')) files.push(readText(lines, 'file'));
  const placed = { untilLine, protocolLine, ...(until !== undefined && { until }) };
  return { version: recordedBy, seed: Number(seed), protocol, scenario, files, ...placed };
}

function readField(lines: Lines, name: string, form: RegExp, example: string): string {
  const line = lines.take();
  const value = line?.startsWith(`${name} `) ? line.slice(name.length + 1) : '';
  if (form.test(value)) return value;
  return damaged(lines.number, `${found(line)}, but \`${example}\` is expected here`);
}

function readProtocol(lines: Lines): TraceHeader['protocol'] {
  const value = readField(lines, 'protocol', /^(built-in|file) \S/, 'protocol built-in raft …');
  if (value.startsWith('file ')) return { type: 'file', entry: value.slice(5) };
  const [, name, hash] = /^built-in (\S+) ([0-9a-f]{16})$/.exec(value) ?? [];
  if (name !== undefined) return { type: 'built-in', name, hash };
  const expected = 'a built-in protocol has a name and a hash of 16 hexadecimal digits';
  return damaged(lines.number, `${expected}, unlike \`${cut(value, 80)}\``, 10);
}

/** A section: its name, then lines, each of which is indented or empty. */
function readText(lines: Lines, section: 'scenario' | 'file'): PlacedText {
  const name = readField(lines, section, /^\S.*$/, `${section} NAME`);
  const line = lines.number + 1;
  const text: string[] = [];
  for (let next = lines.peek(); next !== undefined; next = lines.peek()) {
    if (next !== '' && !next.startsWith('  ')) break;
    text.push(next.slice(2));
    lines.take();
  }
  return { name, text: text.join('\n'), line };
}

function found(line: string | undefined): string {
  if (line === undefined) return 'the trace ends';
  return line === '' ? 'this line is empty' : `this is \`${cut(line, 80)}\``;
}

/** A part of the run, with the line that it begins in, and what was caused as lines. */
export type Entry =
  | { readonly type: 'start'; readonly line: number; readonly effects: readonly string[] }
  | {
      readonly type: 'action';
      readonly line: number;
      readonly action: Action;
      readonly effects: readonly string[];
    }
  | ({ readonly type: 'digest' } & Digest)
  | ({ readonly type: 'end' } & Digest);

interface Digest {
  readonly line: number;
  readonly step: number;
  readonly digest: string;
}

type RunPlace = Pick<Trace, 'runAt' | 'runLine'>;

/** The parts of the run in their order; `readTrace` has checked that they can be read. */
export function* entriesOf(text: string, { runAt, runLine }: RunPlace): Generator<Entry> {
  const lines = new Lines(text, runAt, runLine);
  for (let line = lines.take(); line !== undefined; line = lines.take()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    yield readEntry(line, lines);
  }
}

function readEntry(text: string, lines: Lines): Entry {
  const line = lines.number;
  const [, word, steps, digest] = /^(digest|end) (\d{1,15}) ([0-9a-f]{16})$/.exec(text) ?? [];
  if (word !== undefined) {
    return { type: word === 'end' ? 'end' : 'digest', line, step: Number(steps), digest };
  }
  if (text === 'start') return { type: 'start', line, effects: readEffects(lines) };
  const action = parseTraceLine(text);
  if (action !== undefined) return { type: 'action', line, action, effects: readEffects(lines) };
  const example = 'an action is expected here, such as `0.012345s deliver n1->n3#4`';
  return damaged(line, `${found(text)}, but ${example}`);
}

function readEffects(lines: Lines): string[] {
  const effects: string[] = [];
  for (let next = lines.peek(); next?.startsWith('  '); next = lines.peek()) {
    const effect = next.slice(2);
    lines.take();
    if (!effectWords.has(effect.split(' ', 1)[0])) {
      const known = [...effectWords].join(', ');
      damaged(lines.number, `${found(effect)}, but an effect begins with one of ${known}`, 3);
    }
    effects.push(effect);
  }
  return effects;
}

/** Throws what is wrong with the run of a trace: a damaged trace is not a different run. */
function checkRun(text: string, run: RunPlace): Trace['lastStep'] {
  let steps = -1;
  let time = 0;
  let last: Entry | undefined;
  let lastStep = { step: -1, line: 0 };
  for (const entry of entriesOf(text, run)) {
    const { line } = entry;
    if (last?.type === 'end') damaged(line, 'the trace continues after its `end` line');
    if ((entry.type === 'start') !== (steps < 0)) {
      damaged(line, 'a run begins with one line `start`, followed by what the boot caused');
    }
    if (entry.type === 'start' || entry.type === 'action') steps++;
    else if (entry.step !== steps) {
      const lost = 'lines are missing, so record it again';
      damaged(line, `this line is for ${entry.step} steps, but ${steps} are above it: ${lost}`);
    }
    if (entry.type === 'action') {
      if (entry.action.at < time) damaged(line, 'this action is earlier than the one above it');
      time = entry.action.at;
      const { step = -1 } = entry.action;
      if (step > lastStep.step) lastStep = { step, line };
    }
    last = entry;
  }
  if (last?.type === 'end') return lastStep;
  const lines = new Lines(text, run.runAt, run.runLine);
  while (lines.take() !== undefined);
  const rule = 'its last line must be `end`, so record it again';
  return damaged(lines.number, `the trace is cut off: ${rule}`);
}
