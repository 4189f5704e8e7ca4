/** The causal stack: the handler of a step, what sent its message, and so on to the scenario. */
import { isNamed, type MessageName } from '../../kernel/action.ts';
import type { HandlerMoment, StepEffects } from '../../kernel/seam/moment.ts';
import { timeText } from '../../kernel/text/duration.ts';
import type { SourceRange } from '../../scenario/problem.ts';
import { type CodeLine, sourceCalls } from '../../code/call-stack.ts';
import type { Code } from '../../code/code.ts';
import { lamportSuffix } from './frame-clocks.ts';
import { actionName, handlerName } from './names.ts';
import type { ExplainedStep, HandlerTrace, LineFrame, LineMoment, Reading } from './reading.ts';

export type Place =
  | { readonly in: 'scenario'; readonly range: SourceRange }
  | {
      readonly in: 'protocol';
      readonly file: string;
      readonly line: number;
      readonly column?: number;
    };

export interface Frame {
  readonly name: string;
  readonly place?: Place;
  /** The step to which it belongs: its variables are those that this step left. */
  readonly step: number;
  /** True if that step is about to be taken: its variables are those that it will find. */
  readonly inside: boolean;
  /** The node whose handler it is. */
  readonly node?: number;
  readonly handler?: HandlerMoment;
  /** The line at which it is, computed when the frame is opened. */
  readonly look?: () => LineLook | undefined;
  /** True if it shows the moment of that line, not the end of the step. */
  readonly atLine?: boolean;
  /** True if it shows the present moment, however long ago its step was. */
  readonly isNow?: boolean;
  /** A line between frames, which cannot be selected. All other frames have a place. */
  readonly label?: true;
  /** True for the line of the scenario at the bottom, below which there is nothing. */
  readonly bottom?: true;
}

export interface LineLook {
  readonly moment: LineMoment;
  readonly frame: LineFrame;
}

/** How many steps of a causal chain are explained at once. */
const stretch = 16;

/** The frames of the cluster's thread, or of a node; at least `wanted`, if there are that many. */
export function framesOf(reading: Reading, node: number | undefined, wanted: number): Frame[] {
  return plainFrames(reading, node, wanted).map((frame) =>
    frame.label || frame.place ? frame : { ...frame, place: placeOfCause(reading, frame) },
  );
}

/**
 * The place of a frame that has no line of code, such as a crash: the line of the scenario that
 * requested it, or else the one that is current. Editors show a frame without a place as unknown.
 */
function placeOfCause(reading: Reading, { step, inside }: Frame): Place {
  const { entered, scenario } = reading;
  const action = inside ? entered : (reading.explain(step)?.action ?? null);
  const cause = action && 'step' in action ? action.step : undefined;
  const line = lineAt(scenario.steps, reading.scenarioStep(step), cause);
  return { in: 'scenario', range: rangeOf(line) };
}

function plainFrames(reading: Reading, node: number | undefined, wanted: number): Frame[] {
  const frames: Frame[] = [];
  let top = reading.cursor.step;
  const entered = enteredFrames(reading, node, wanted);
  if (entered.length > 0) return entered;
  if (node !== undefined) top = reading.lastActed(node, top);
  const { begins, fails = begins } = reading.stop;
  if (node === undefined && fails !== undefined) {
    frames.push(scenarioFrame(reading, fails, fails, top));
    if (top > 0) frames.push(label('after', top));
  }
  if (node === undefined) frames.push(...failedFrames(reading, top));
  if (top > 0 || frames.length === 0) {
    chainFrames(reading, reading.chain(top), frames, wanted, true);
  }
  return frames;
}

/** The code of an invariant that itself threw after the last step. */
function failedFrames(reading: Reading, step: number): Frame[] {
  const { reason } = reading.stop;
  if (reason.type !== 'violated') return [];
  const lines = thrownLines(reading).map(
    (call, index, { length }): Frame => ({
      name: index === length - 1 ? `${reason.property}: ${reason.name}` : call.function,
      place: statementOf(reading.code, call),
      step,
      inside: false,
    }),
  );
  return lines.length > 0 && step > 0 ? [...lines, label('after', step)] : lines;
}

/** The frames inside the entered action; none if the node that acts is not the wanted one. */
function enteredFrames(reading: Reading, node: number | undefined, wanted: number): Frame[] {
  const { moment, entered, handler } = reading;
  if (entered === null) return [];
  if (entered.type === 'start') return startingFrames(reading, node);
  if (node !== undefined && handler?.node !== node) return [];
  const step = reading.cursor.step + 1;
  const frames = propertyFrames(reading, step);
  if (frames.length > 0) frames.push(label('after', step));
  if (handler) {
    const own = { step, inside: true, node: handler.node, handler };
    const title = handlerName(moment, handler, Math.max(moment.time, entered.at));
    const name = `${title}${lamportSuffix(reading, own)}`;
    const isPast = frames.length > 0;
    if (isPast) frames.push({ name, ...own, ...placeOfEnd(reading, handler) });
    else frames.push(...lineFrames(reading, name, own));
  } else if (frames.length > 0) {
    frames.push({ name: actionName(moment, entered), step, inside: true });
  }
  const message = handler?.message;
  if (message) {
    frames.push(label('sent by', step));
    const chain = message.cause === 0 ? [0] : reading.chain(message.cause);
    chainFrames(reading, chain, frames, wanted, false, message);
  } else {
    const cause = 'step' in entered ? entered.step : undefined;
    frames.push(scenarioFrame(reading, reading.scenarioStep(step), cause, reading.cursor.step));
  }
  return frames;
}

/** The frames of an invariant or a derived event, if the cursor is in one. */
function propertyFrames(reading: Reading, step: number): Frame[] {
  const { trace } = reading;
  const line = lineOf(reading);
  const property = line < 0 ? undefined : trace?.property(line);
  if (property === undefined) return [];
  return lineFrames(reading, `${property.kind}: ${property.name}`, { step, inside: true });
}

/** The boot of the nodes: the one that boots, or an invariant at the start. */
function startingFrames(reading: Reading, node: number | undefined): Frame[] {
  const { trace, moment } = reading;
  const line = lineOf(reading);
  const own = { step: 0, inside: true };
  let frames = propertyFrames(reading, 0);
  if (trace && line >= 0 && frames.length === 0) {
    const { acted, function: number } = trace.root(line);
    if (node !== undefined && acted !== node) return [];
    const { name } = reading.code.variants!.functions[number];
    const booting = { ...own, node: acted };
    const title = `${name} · ${moment.nodes[acted].id} · ${timeText(0)}`;
    frames = lineFrames(reading, `${title}${lamportSuffix(reading, booting)}`, booting);
  }
  return [...frames, scenarioFrame(reading, reading.scenarioStep(0), undefined, 0)];
}

/** The line of the cursor in what was entered; −1 if there is none. */
function lineOf({ cursor }: Reading): number {
  return cursor.inside?.line ?? -1;
}

/** The call stack inside what was entered, each function at its line. */
function lineFrames(reading: Reading, name: string, own: Omit<Frame, 'name'>): Frame[] {
  const moment = reading.inside;
  if (moment === undefined) return [{ name, ...own }];
  return moment.frames.map((frame, index) => ({
    name: index === moment.frames.length - 1 ? name : frame.name,
    place: { in: 'protocol', ...placeOf(frame) },
    ...own,
    look: () => ({ moment, frame }),
    atLine: true,
  }));
}

function placeOf({ site: { file, line, column } }: LineFrame) {
  return { file, line, column };
}

/** Frames of the steps of a chain; each after the first at the line that sent to the one before. */
function chainFrames(
  reading: Reading,
  chain: readonly number[],
  frames: Frame[],
  wanted: number,
  isTop: boolean,
  sent?: MessageName,
): void {
  let cause = sent;
  for (let from = 0; from < chain.length && frames.length < wanted; from += stretch) {
    const descending = chain.slice(from, from + stretch);
    const steps = [...reading.explainAll([...descending].reverse())].reverse();
    for (const [index, explained] of steps.entries()) {
      const isFirst = isTop && from + index === 0;
      if (!isFirst && cause !== undefined && frames.at(-1)?.label === undefined) {
        frames.push(label('sent by', explained.step));
      }
      frames.push(...stepFrames(reading, explained, isFirst, cause));
      cause = explained.effects.message ?? undefined;
      if (from + index === chain.length - 1) frames.push(bottomFrame(reading, explained));
    }
    if (steps.length < descending.length) {
      frames.push(label('earlier steps are not available', descending[steps.length]));
      return;
    }
  }
}

function label(text: string, step: number): Frame {
  return { name: `— ${text} —`, step, inside: false, label: true };
}

function stepFrames(
  reading: Reading,
  explained: ExplainedStep,
  isTop: boolean,
  sent?: MessageName,
): Frame[] {
  const { step, handler, after, effects, action } = explained;
  const lines = isTop ? failureLines(reading, explained) : sentLines(reading, explained, sent);
  const own = { step, inside: false, ...(isTop ? { isNow: true } : {}) };
  if (step === 0) {
    const id = sent?.from ?? (isTop ? effects.failure?.node : undefined);
    const node = id === undefined ? undefined : after.node(id)?.index;
    if (node === undefined) return [];
    const name = `start · ${id} · ${timeText(0)}${lamportSuffix(reading, { ...own, node })}`;
    if (lines.length === 0) {
      const handler: HandlerMoment = { kind: 'start', name: 'start', node };
      return [{ name, ...own, node, ...placeOfEnd(reading, handler) }];
    }
    return codeFrames(reading, explained, lines, name, { ...own, node }, sent);
  }
  if (!handler) {
    const acting = { ...own, ...(effects.acted < 0 ? {} : { node: effects.acted }) };
    const title = `${actionName(explained.before, action!)} · ${timeText(after.time)}`;
    return [{ name: `${title}${lamportSuffix(reading, acting)}`, ...acting }];
  }
  const handled = { ...own, node: handler.node, handler };
  const title = handlerName(after, handler, after.time);
  const name = `${title}${lamportSuffix(reading, handled)}`;
  if (lines.length === 0) return [{ name, ...handled, ...placeOfEnd(reading, handler) }];
  return codeFrames(reading, explained, lines, name, handled, isTop ? undefined : sent);
}

/** A call stack of the protocol's code in a past step: where it sent that message, or threw. */
function codeFrames(
  reading: Reading,
  explained: ExplainedStep,
  lines: readonly CodeLine[],
  name: string,
  own: Omit<Frame, 'name'>,
  sent: MessageName | undefined,
): Frame[] {
  return lines.map((call, index) => ({
    name: index === lines.length - 1 ? name : call.function,
    place: statementOf(reading.code, call),
    ...own,
    look: () => lookAt(reading, explained, sent, index),
    atLine: sent !== undefined,
  }));
}

/** Where the statement of a call begins: editors mark what is in the middle of a line. */
function statementOf({ files }: Code, { file, line, column }: CodeLine): Place {
  const text = files.get(file)?.split('\n')[line - 1] ?? '';
  const before = text.slice(0, column - 1);
  const begins = /^.*(?:[;{}]|=>)/.exec(before)?.[0].length ?? 0;
  const start = before.slice(begins).search(/\S/);
  return { in: 'protocol', file, line, column: start < 0 ? column : begins + start + 1 };
}

/** What a frame of a past step shows of its line: the statement that sent or threw. */
function lookAt(
  reading: Reading,
  explained: ExplainedStep,
  sent: MessageName | undefined,
  index: number,
): LineLook | undefined {
  const trace = reading.traceOf(explained.step);
  const line = trace && tellingLine(trace, explained, sent);
  if (trace === undefined || line === undefined || line < 0) return undefined;
  const moment = trace.at(line);
  const frame = moment.frames[index];
  return frame && { moment, frame };
}

function tellingLine(
  trace: HandlerTrace,
  { effects }: ExplainedStep,
  sent: MessageName | undefined,
): number | undefined {
  return sent ? trace.doing('sent', sentIndex(effects, sent)) : trace.thrownAt;
}

function placeOfEnd({ code, moment }: Reading, handler: HandlerMoment): { place?: Place } {
  const role = moment.nodes[handler.node]?.role;
  if (role === undefined) return {};
  const place = code.variants?.functionOf(functionOf(code, role, handler));
  if (!place) return {};
  const { file, endLine: line, endColumn: column } = place;
  return { place: { in: 'protocol', file, line, column } };
}

/** The function of a role that a handler is. */
function functionOf({ protocol }: Code, role: string, { kind, name }: HandlerMoment): unknown {
  const { messages, timers, operations, init, start = init } = protocol.roles[role];
  switch (kind) {
    case 'message':
      return (messages as Readonly<Record<string, unknown>>)[name];
    case 'timer':
      return timers[name];
    case 'operation':
      return operations?.[name]?.run;
    case 'start':
      return start;
  }
}

/** The call stack when the handler of the last step threw, or an invariant after it. */
export function thrownLines(reading: Reading): readonly CodeLine[] {
  const { stop, code, cursor } = reading;
  const explained = reading.explain(cursor.step);
  if (explained === undefined) return [];
  if (stop.reason.type !== 'violated') return failureLines(reading, explained);
  const { name } = stop.reason;
  const failed = explained.effects.violations.find(({ monitor }) => monitor === name);
  return failed?.stack === undefined ? [] : sourceCalls(code, failed.stack);
}

/**
 * Where a step threw, if it did: from the stack of the error; what was thrown may have none, and is
 * then found in the trace.
 */
function failureLines(reading: Reading, { step, effects }: ExplainedStep): readonly CodeLine[] {
  if (effects.failure === null) return [];
  const calls = sourceCalls(reading.code, effects.failure.stack);
  if (calls.length > 0) return calls;
  const trace = reading.traceOf(step);
  const line = trace?.thrownAt ?? -1;
  if (trace === undefined || line < 0) return [];
  return trace.at(line).frames.map((frame) => ({ function: frame.name, ...placeOf(frame) }));
}

function sentIndex({ sent }: StepEffects, name: MessageName): number {
  return sent.findIndex((message) => isNamed(message, name));
}

function sentLines(
  { code }: Reading,
  { effects }: ExplainedStep,
  sent: MessageName | undefined,
): readonly CodeLine[] {
  const index = sent ? sentIndex(effects, sent) : -1;
  return index < 0 ? [] : sourceCalls(code, effects.sentStacks[index] ?? '');
}

function bottomFrame(reading: Reading, root: ExplainedStep): Frame {
  const position = reading.scenarioStep(root.step);
  return scenarioFrame(reading, position, root.action?.step, root.step);
}

/** The line of the scenario that caused the step, else the current one. */
function scenarioFrame(
  { scenario }: Reading,
  position: number,
  cause: number | undefined,
  step: number,
): Frame {
  const { steps } = scenario;
  const line = lineAt(steps, position, cause);
  const isOver = cause === undefined && position >= steps.length;
  const name = line === undefined ? 'the scenario' : isOver ? `after: ${line.text}` : line.text;
  const place = { in: 'scenario', range: rangeOf(line) } as const;
  return { name, place, step, inside: false, bottom: true };
}

type ScenarioLine = Reading['scenario']['steps'][number];

function lineAt(
  steps: readonly ScenarioLine[],
  position: number,
  cause: number | undefined,
): ScenarioLine | undefined {
  return steps[cause ?? Math.min(position, steps.length - 1)];
}

function rangeOf(line: ScenarioLine | undefined): SourceRange {
  return line?.range ?? { line: 1, column: 1, endLine: 1, endColumn: 1 };
}
