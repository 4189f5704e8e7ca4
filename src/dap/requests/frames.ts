/** Stack frames by number, valid until the debugger moves on. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Session } from '../../session/session.ts';
import { type Frame, framesOf } from '../../session/read/stack.ts';
import type { Counts } from './breakpoints.ts';
import { RequestRefusal } from '../refusal.ts';
import type { Sources } from './sources.ts';

/** The cluster's thread; the nodes' follow. */
export const clusterThread = 1;

export function nodeOfThread(session: Session, thread: number): number | undefined {
  if (thread === clusterThread) return undefined;
  const node = thread - clusterThread - 1;
  const { nodes } = session.inside?.moment ?? session.moment;
  if (nodes[node] === undefined) {
    throw new RequestRefusal({ code: 'no thread', number: thread });
  }
  return node;
}

export function threadOfNode(node: number | undefined): number {
  return node === undefined ? clusterThread : clusterThread + 1 + node;
}

export type KeptFrames = ReadonlyMap<number, { readonly thread: number; readonly index: number }>;

export class FramesStore {
  private readonly numbered: Frame[] = [];
  /** The thread of each frame and its index there. */
  private readonly placed: { thread: number; index: number }[] = [];
  private readonly byThread = new Map<number, { frames: Frame[]; first: number; wanted: number }>();
  private base = 0;
  /** Frames of a session that this one replaced, which the client may still show. */
  private kept: KeptFrames = new Map();

  constructor(
    private readonly session: Session,
    private readonly sources: Sources,
    private readonly counts: Counts,
  ) {}

  clear(): void {
    this.base += this.numbered.length;
    this.numbered.length = 0;
    this.placed.length = 0;
    this.byThread.clear();
    this.kept = new Map();
  }

  /** The thread and the index of each frame, by its number. */
  places(): KeptFrames {
    const places = new Map(this.kept);
    this.placed.forEach((place, index) => places.set(this.base + index + 1, place));
    return places;
  }

  /** Lets numbers of a session that this one replaces name the frames at the same places. */
  replace(kept: KeptFrames): void {
    this.kept = kept;
    this.base = Math.max(this.base, ...kept.keys());
  }

  list(wanted: DebugProtocol.StackTraceArguments): DebugProtocol.StackTraceResponse['body'] {
    const start = wanted.startFrame ?? 0;
    const levels = wanted.levels || 1_000;
    const { frames, first } = this.framesOf(wanted.threadId, start + levels);
    const end = Math.min(frames.length, start + levels);
    const isWhole = frames.length === 0 || frames.at(-1)!.bottom === true;
    const stackFrames = frames
      .slice(start, end)
      .map((frame, index) => this.toClient(frame, this.base + first + start + index + 1));
    return { stackFrames, totalFrames: isWhole ? frames.length : frames.length + 20 };
  }

  private framesOf(thread: number, wanted: number) {
    const known = this.byThread.get(thread);
    if (known && known.wanted >= wanted) return known;
    const frames = framesOf(this.session, nodeOfThread(this.session, thread), wanted);
    const made = { frames, first: this.numbered.length, wanted };
    this.numbered.push(...frames);
    this.placed.push(...frames.map((_, index) => ({ thread, index })));
    this.byThread.set(thread, made);
    return made;
  }

  /** The frame of a number; the top of the cluster's stack if there is no number. */
  frame(id: number | undefined): Frame | undefined {
    if (id === undefined) return this.framesOf(clusterThread, 1).frames[0];
    const frame = this.numbered[id - this.base - 1] ?? this.inPlaceOf(id);
    if (!frame) throw new RequestRefusal({ code: 'out of date', what: 'frame' });
    return frame;
  }

  private inPlaceOf(id: number): Frame | undefined {
    const place = this.kept.get(id);
    return place && this.framesOf(place.thread, place.index + 1).frames[place.index];
  }

  /** The same, but the top of the stack also for a number that is out of date. */
  frameOrTop(id: number | undefined): Frame | undefined {
    return this.frame(this.numbered[(id ?? 0) - this.base - 1] ? id : undefined);
  }

  private toClient(frame: Frame, id: number): DebugProtocol.StackFrame {
    const { name, place, label } = frame;
    const shared = { id, name, canRestart: label === undefined && frame.step > 0 };
    if (label || !place) {
      return { ...shared, line: 0, column: 0, presentationHint: label ? 'label' : 'subtle' };
    }
    const source = this.sources.of(place);
    const { lines, columns } = this.counts;
    if (place.in === 'protocol') {
      return {
        ...shared,
        source,
        line: lines.toClient(place.line),
        column: columns.toClient(place.column ?? 1),
      };
    }
    const { line, column, endLine, endColumn } = place.range;
    return {
      ...shared,
      source,
      line: lines.toClient(line),
      column: columns.toClient(column),
      endLine: lines.toClient(endLine),
      endColumn: columns.toClient(endColumn),
    };
  }
}
