/** The causal stack: the handler of a step, who sent what it received, down to the scenario. */
import type { Effects } from '../../kernel/effects.ts';
import type { SourceRange } from '../../scenario/problem.ts';
import { type CodeLine, sourceCalls } from '../../code/call-stack.ts';
import type { Code } from '../../code/code.ts';
import type { Explained } from './explain.ts';
import type { Handler } from '../../kernel/next-handler.ts';
import { isNamed } from '../../kernel/network/in-flight.ts';
import type { HandlerLines, LineFrame, LineMoment } from '../lines.ts';
import { actionName, handlerName } from './names.ts';
import { momentText } from '../../kernel/text/duration.ts';
import { lastActed } from '../reverse.ts';
import type { Session } from '../session.ts';

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
  /** True where that step is about to be taken: its variables are those that it will find. */
  readonly inside: boolean;
  /** The node whose handler it is. */
  readonly node?: number;
  readonly handler?: Handler;
  /** The line at which it stands, looked into where somebody opens it. */
  readonly look?: () => LineLook | undefined;
  /** True where what it shows is the moment of that line, not the end of the step. */
  readonly atLine?: boolean;
  /** A line between frames, nothing to select. */
  readonly label?: true;
}

export interface LineLook {
  readonly moment: LineMoment;
  readonly frame: LineFrame;
}

/** How many steps of a causal chain are explained at once. */
const stretch = 16;

/** The frames of the cluster's thread, or a node's; `wanted` at least, if there are so many. */
export function framesOf(session: Session, node: number | undefined, wanted: number): Frame[] {
  const frames: Frame[] = [];
  let top = session.step;
  const entered = enteredFrames(session, node, wanted);
  if (entered.length > 0) return entered;
  if (node !== undefined) top = lastActed(session, node, top);
  const { begins } = session.stop;
  if (node === undefined && begins !== undefined) {
    frames.push(scenarioFrame(session, begins, begins, top));
    if (top > 0) frames.push(label('after', top));
  }
  if (node === undefined) frames.push(...failedFrames(session, top));
  if (top > 0 || frames.length === 0) {
    chainFrames(session, session.chain(top), frames, wanted, true);
  }
  return frames;
}

/** Where an invariant itself threw after the last step. */
function failedFrames(session: Session, step: number): Frame[] {
  const { finding } = session.stop;
  if (finding?.type !== 'broken') return [];
  const lines = thrownLines(session).map(
    (call, index, { length }): Frame => ({
      name: index === length - 1 ? `invariant: ${finding.name}` : call.function,
      place: statementOf(session.code, call),
      step,
      inside: false,
    }),
  );
  return lines.length > 0 && step > 0 ? [...lines, label('after', step)] : lines;
}

/** The frames inside of what was entered; none where another node than the wanted one acts. */
function enteredFrames(session: Session, node: number | undefined, wanted: number): Frame[] {
  const { world, entered, handler } = session;
  if (entered === null) return [];
  if (entered.type === 'start') return startingFrames(session, node);
  if (node !== undefined && handler?.node !== node) return [];
  const step = session.step + 1;
  const frames = propertyFrames(session, step);
  if (frames.length > 0) frames.push(label('after', step));
  if (handler) {
    const name = handlerName(world, handler, Math.max(world.time, entered.at));
    const own = { step, inside: true, node: handler.node, handler };
    const isPast = frames.length > 0;
    if (isPast) frames.push({ name, ...own, ...placeOfEnd(session.code, handler) });
    else frames.push(...lineFrames(session, name, own));
  } else if (frames.length > 0) {
    frames.push({ name: actionName(world, entered), step, inside: true });
  }
  const message = handler?.message;
  if (message) {
    frames.push(label('sent by', step));
    const chain = session.chain(message.cause);
    chainFrames(session, message.cause === 0 ? [0] : chain, frames, wanted, false, message);
  } else {
    const asked = 'step' in entered ? entered.step : undefined;
    frames.push(scenarioFrame(session, session.script.position(world), asked, session.step));
  }
  return frames;
}

/** The frames of an invariant or a derived event, where the session stands in one. */
function propertyFrames(session: Session, step: number): Frame[] {
  const { lines, line } = session;
  const property = line < 0 ? undefined : lines?.property(line);
  if (property === undefined) return [];
  return lineFrames(session, `${property.kind}: ${property.name}`, { step, inside: true });
}

/** The boot of the nodes: the one that boots, or an invariant at the start. */
function startingFrames(session: Session, node: number | undefined): Frame[] {
  const { lines, line, world } = session;
  const own = { step: 0, inside: true };
  let frames = propertyFrames(session, 0);
  if (lines && line >= 0 && frames.length === 0) {
    const { acted, function: number } = lines.root(line);
    if (node !== undefined && acted !== node) return [];
    const { name } = session.code.variants!.functions[number];
    const title = `${name} · ${world.nodes[acted].id} · ${momentText(0)}`;
    frames = lineFrames(session, title, { ...own, node: acted });
  }
  return [...frames, scenarioFrame(session, session.script.position(world), undefined, 0)];
}

/** The functions under way in what was entered, at the lines where they stand. */
function lineFrames(session: Session, name: string, own: Omit<Frame, 'name'>): Frame[] {
  const { lines, line } = session;
  if (lines === undefined || line < 0) return [{ name, ...own }];
  const moment = lines.at(line);
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

type Sent = { from: string; to: string; ordinal: number; copy: number };

/** Frames of the steps of a chain; each after the first at the line that sent to the one before. */
function chainFrames(
  session: Session,
  chain: readonly number[],
  frames: Frame[],
  wanted: number,
  isTop: boolean,
  sent?: Sent,
): void {
  let cause = sent;
  for (let from = 0; from < chain.length && frames.length < wanted; from += stretch) {
    const ascending = chain.slice(from, from + stretch).reverse();
    const steps = session.explanations.all(session.branch.run, ascending).reverse();
    for (const [index, explained] of steps.entries()) {
      const isFirst = isTop && from + index === 0;
      if (!isFirst && cause !== undefined && frames.at(-1)?.label === undefined) {
        frames.push(label('sent by', explained.step));
      }
      frames.push(...stepFrames(session, explained, isFirst, cause));
      cause = explained.effects.message ?? undefined;
      if (from + index === chain.length - 1) frames.push(bottomFrame(session, explained));
    }
  }
}

function label(text: string, step: number): Frame {
  return { name: `— ${text} —`, step, inside: false, label: true };
}

function stepFrames(session: Session, explained: Explained, isTop: boolean, sent?: Sent): Frame[] {
  const { step, handler, after, effects, action } = explained;
  const lines = isTop ? topLines(session, explained) : sentLines(session, explained, sent);
  const own = { step, inside: false };
  if (step === 0) {
    const id = sent?.from ?? (isTop ? stoppedAt(session, effects) : undefined);
    const node = id === undefined ? undefined : after.plan.indexOf.get(id);
    if (node === undefined) return [];
    const name = `start · ${id} · ${momentText(0)}`;
    if (lines.length === 0) return [{ name, ...own, node }];
    return codeFrames(session, explained, lines, name, { ...own, node }, sent);
  }
  if (!handler) {
    const name = `${actionName(explained.before, action!)} · ${momentText(after.time)}`;
    const node = effects.acted < 0 ? {} : { node: effects.acted };
    return [{ name, ...own, ...node }];
  }
  const name = handlerName(after, handler, after.time);
  const handled = { ...own, node: handler.node, handler };
  if (lines.length === 0) return [{ name, ...handled, ...placeOfEnd(session.code, handler) }];
  return codeFrames(session, explained, lines, name, handled, isTop ? undefined : sent);
}

/** A call stack of the protocol's code in a past step: where it sent that message, or stopped. */
function codeFrames(
  session: Session,
  explained: Explained,
  lines: readonly CodeLine[],
  name: string,
  own: Omit<Frame, 'name'>,
  sent: Sent | undefined,
): Frame[] {
  return lines.map((call, index) => ({
    name: index === lines.length - 1 ? name : call.function,
    place: statementOf(session.code, call),
    ...own,
    look: () => lookAt(session, explained, sent, index),
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

/** What a frame of a past step shows of its line: where it sent, reported, or threw. */
function lookAt(
  session: Session,
  explained: Explained,
  sent: Sent | undefined,
  index: number,
): LineLook | undefined {
  const lines = session.linesOf(explained);
  const record = lines && recordOf(session, lines, explained, sent);
  if (lines === undefined || record === undefined || record < 0) return undefined;
  const moment = lines.at(record);
  const frame = moment.frames[index];
  return frame && { moment, frame };
}

function recordOf(
  session: Session,
  lines: HandlerLines,
  { effects }: Explained,
  sent: Sent | undefined,
): number | undefined {
  if (sent) return lines.doing('sent', sentIndex(effects, sent));
  if (effects.failure) return lines.records.thrownAt;
  const { event } = session.stop;
  return event === undefined ? undefined : lines.doing('events', event);
}

function placeOfEnd({ variants }: Code, handler: Handler): { place?: Place } {
  const place = variants?.functionOf(handler.run);
  if (!place) return {};
  const { file, endLine: line, endColumn: column } = place;
  return { place: { in: 'protocol', file, line, column } };
}

/** Where the last step stopped: at the line that threw, that reported the event, or at its end. */
function topLines(session: Session, explained: Explained): readonly CodeLine[] {
  const { stop, code, step: here } = session;
  const { effects, step } = explained;
  if (effects.failure) return failureLines(session, explained);
  if (step !== here || stop.event === undefined) return [];
  return sourceCalls(code, effects.eventStacks[stop.event] ?? '');
}

/** The calls under way where the handler of the last step threw, or an invariant after it. */
export function thrownLines(session: Session): readonly CodeLine[] {
  const { stop, code, explanations, branch, step } = session;
  const explained = explanations.of(branch.run, step);
  if (stop.finding?.type !== 'broken') return failureLines(session, explained);
  const { name } = stop.finding;
  const failed = explained.effects.violations.find(({ monitor }) => monitor === name);
  return failed?.stack === undefined ? [] : sourceCalls(code, failed.stack);
}

/** From the stack of an error; what is no error has none, and is looked for by its lines. */
function failureLines(session: Session, explained: Explained): readonly CodeLine[] {
  const told = sourceCalls(session.code, explained.effects.failure?.stack ?? '');
  if (told.length > 0) return told;
  const lines = session.linesOf(explained);
  const record = lines?.records.thrownAt ?? -1;
  if (lines === undefined || record < 0) return [];
  return lines.at(record).frames.map(({ name, site: { file, line, column } }) => {
    return { function: name, file, line, column };
  });
}

function sentIndex({ sent }: Effects, name: Sent): number {
  return sent.findIndex((message) => isNamed(message, name));
}

function sentLines(
  { code }: Session,
  { effects }: Explained,
  sent: Sent | undefined,
): readonly CodeLine[] {
  const index = sent ? sentIndex(effects, sent) : -1;
  return index < 0 ? [] : sourceCalls(code, effects.sentStacks[index] ?? '');
}

/** The node at which the start stopped: it threw, or reported that event. */
function stoppedAt({ stop }: Session, { failure, events }: Effects): string | undefined {
  return failure?.node ?? (stop.event === undefined ? undefined : events[stop.event].node);
}

function bottomFrame(session: Session, root: Explained): Frame {
  const position = session.script.position(root.before);
  return scenarioFrame(session, position, root.action?.step, root.step);
}

/** The line of the scenario that asked for this, else the one that is under way. */
function scenarioFrame(
  session: Session,
  position: number,
  asked: number | undefined,
  step: number,
): Frame {
  const { steps } = session.script.scenario;
  const at = asked ?? Math.min(position, steps.length - 1);
  const line = steps[at];
  const isOver = asked === undefined && position >= steps.length;
  const name = line === undefined ? 'the scenario' : isOver ? `after: ${line.text}` : line.text;
  const range = line?.range ?? { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { name, place: { in: 'scenario', range }, step, inside: false };
}
