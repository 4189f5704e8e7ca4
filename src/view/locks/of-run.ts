/** The source of the panel Locks and Leases: it notes each step of a branch once. */
import type { Code } from '../../code/code.ts';
import type { LineMoment, Reading, RecordedBranch } from '../../session/read/reading.ts';
import { branchOf } from '../branch.ts';
import type { PanelSource } from '../panel-source.ts';
import type { LocksSelection, LocksView } from './locks-view.ts';
import { LockRecording } from './recording.ts';

/** Of a longer run, only so many steps around the cursor are noted when the panel opens. */
const stepsMost = 20_000;
/** More would be too narrow to see, and slow to draw. */
const perRow = 400;

export function locksSource(): PanelSource<'locks'> {
  let known: { code: Code; branch: RecordedBranch; recording: LockRecording } | undefined;
  let past: { of: LockRecording; recording: LockRecording } | undefined;

  function recordingOf(reading: Reading): LockRecording {
    const { code, cursor: { step } } = reading;
    const branch = branchOf(reading);
    const isKnown =
      known?.code === code && known.branch === branch && known.recording.since <= step;
    if (isKnown) return known!.recording;
    const recording = new LockRecording(Math.max(0, step - stepsMost));
    known = { code, branch, recording };
    return recording;
  }

  /** What was so before the action that is under way, and what its statements have done so far. */
  function insideOf(reading: Reading, { moment, effects }: LineMoment): LockRecording {
    const { cursor: { step }, entered } = reading;
    const before = entered?.type === 'start' ? new LockRecording(0) : pastOf(reading).fork();
    before.note({ step: entered?.type === 'start' ? 0 : step + 1, action: null, effects, moment });
    return before;
  }

  /** Up to the cursor; kept, because an action has many statements. */
  function pastOf(reading: Reading): LockRecording {
    const recording = recordingOf(reading);
    const { step } = reading.cursor;
    if (recording.step < step) noteUpTo(reading, recording, step);
    if (recording.step === step) return recording;
    if (past?.of !== recording || past.recording.step !== step) {
      past = { of: recording, recording: new LockRecording(recording.since) };
      noteUpTo(reading, past.recording, step);
    }
    return past.recording;
  }

  return {
    selection: null,
    selected: selectionIn,
    view(reading, selection) {
      const { cursor, moment, entered, inside, length } = reading;
      // The future of an action that is under way is not drawn: it has the rest of the action.
      if (inside) return viewOf(insideOf(reading, inside), inside.moment.time, selection);
      // Until all nodes have booted, nothing is held.
      if (entered?.type === 'start') return viewOf(new LockRecording(0), moment.time, selection);
      const recording = recordingOf(reading);
      // What is recorded beyond the cursor is drawn, too, whether or not the panel was open then.
      noteUpTo(reading, recording, Math.min(length, cursor.step + stepsMost));
      return viewOf(recording, moment.time, selection);
    },
    asked: () => undefined,
    answer: () => null,
  };
}

function noteUpTo(reading: Reading, recording: LockRecording, last: number): void {
  const first = Math.max(recording.since, recording.step + 1);
  if (first <= last) reading.walk(first, (step) => recording.note(step), last);
}

function viewOf(recording: LockRecording, now: number, selection: LocksSelection): LocksView {
  const known = Math.max(now, recording.time);
  const { from, to } = selection ?? { from: 0, to: known };
  return { now, known, since: recording.since, ...recording.parts(from, to, perRow) };
}

function selectionIn(value: unknown): LocksSelection | undefined {
  if (value === null) return null;
  if (typeof value !== 'object') return undefined;
  const { from, to } = value as Record<string, unknown>;
  if (typeof from !== 'number' || typeof to !== 'number') return undefined;
  return Number.isFinite(from) && Number.isFinite(to) && from <= to ? { from, to } : undefined;
}
