/** The causal stack: the handler of a step, who sent what it received, down to the scenario. */
import type { Effects } from '../kernel/effects.ts';
import type { SourceRange } from '../scenario/problem.ts';
import { type Code, type CodeLine, codeLines } from './code.ts';
import type { Explained } from './explain.ts';
import { type Handler, handlerOf, isNamed } from './handler.ts';
import type { HandlerLines, LineFrame, LineMoment } from './lines.ts';
import { actionName, handlerName, momentText } from './names.ts';
import { lastActed } from './reverse.ts';
import type { Session } from './session.ts';

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
  const { entered } = session;
  if (entered !== null) {
    const handler = handlerOf(session.world, entered);
    if (node === undefined || handler?.node === node) return enteredFrames(session, wanted);
  }
  if (node !== undefined) top = lastActed(session, node, top);
  const { begins } = session.stop;
  if (node === undefined && begins !== undefined) {
    frames.push(scenarioFrame(session, begins, begins, top));
    if (top > 0) frames.push(label('after', top));
  }
  if (top > 0 || frames.length === 0) {
    chainFrames(session, session.chain(top), frames, wanted, true);
  }
  return frames;
}

function enteredFrames(session: Session, wanted: number): Frame[] {
  const { world, entered } = session;
  const handler = handlerOf(world, entered!);
  const frames: Frame[] = [];
  const step = session.step + 1;
  const time = Math.max(world.time, entered!.at);
  if (handler) {
    const own = { step, inside: true, node: handler.node, handler };
    frames.push(...lineFrames(session, handlerName(world, handler, time), own));
  }
  const message = handler?.message;
  if (message) {
    frames.push(label('sent by', step));
    const chain = session.chain(message.cause);
    chainFrames(session, message.cause === 0 ? [0] : chain, frames, wanted, false, message);
  } else {
    const asked = entered!.type === 'invoke' ? entered!.step : undefined;
    frames.push(scenarioFrame(session, session.script.position(world), asked, session.step));
  }
  return frames;
}

/** The functions under way in the entered handler, at the lines where they stand. */
function lineFrames(session: Session, name: string, own: Omit<Frame, 'name'>): Frame[] {
  const { lines, line } = session;
  if (lines === undefined || lines.length === 0) return [{ name, ...own }];
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
  const lines = isTop ? topLines(session, explained) : sentLines(explained, sent);
  if (step === 0) return sent && !isTop ? [startFrame(sent, lines)] : [];
  if (!handler) {
    const name = `${actionName(explained.before, action!)} · ${momentText(after.time)}`;
    const node = effects.acted < 0 ? undefined : effects.acted;
    return [{ name, step, inside: false, ...(node === undefined ? {} : { node }) }];
  }
  const name = handlerName(after, handler, after.time);
  const own = { step, inside: false, node: handler.node, handler };
  if (lines.length === 0) return [{ name, ...own, ...placeOfEnd(session.code, handler) }];
  return lines.map(({ function: called, file, line }, index) => ({
    name: index === lines.length - 1 ? name : called,
    place: { in: 'protocol', file, line },
    ...own,
    look: () => lookAt(session, explained, isTop ? undefined : sent, index),
    atLine: !isTop,
  }));
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

function placeOfEnd({ editions }: Code, handler: Handler): { place?: Place } {
  const place = editions?.functionOf(handler.run);
  return place ? { place: { in: 'protocol', file: place.file, line: place.endLine } } : {};
}

/** Where the last step stopped: at the line that threw, that reported the event, or at its end. */
function topLines(session: Session, { effects, step }: Explained): readonly CodeLine[] {
  const { stop } = session;
  if (effects.failure) return codeLines(effects.failure.stack);
  if (step !== session.step || stop.event === undefined) return [];
  return codeLines(effects.eventStacks[stop.event] ?? '');
}

function sentIndex({ sent }: Effects, name: Sent): number {
  return sent.findIndex((message) => isNamed(message, name));
}

function sentLines({ effects }: Explained, sent: Sent | undefined): readonly CodeLine[] {
  const index = sent ? sentIndex(effects, sent) : -1;
  return index < 0 ? [] : codeLines(effects.sentStacks[index] ?? '');
}

function startFrame(sent: Sent, lines: readonly CodeLine[]): Frame {
  const [line] = lines;
  const place: Place | undefined = line && { in: 'protocol', file: line.file, line: line.line };
  const name = `start · ${sent.from} · ${momentText(0)}`;
  return { name, step: 0, inside: false, ...(place ? { place } : {}) };
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
