/** The source of the panel Locks and Leases: it notes each step of a branch once. */
import type { Code } from '../../code/code.ts';
import type { Reading, RecordedBranch } from '../../session/read/reading.ts';
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

  return {
    selection: null,
    selected: selectionIn,
    view(reading, selection) {
      const { cursor, moment, entered, length } = reading;
      // Until all nodes have booted, nothing is held.
      if (entered?.type === 'start') return viewOf(new LockRecording(0), moment.time, selection);
      const recording = recordingOf(reading);
      const first = Math.max(recording.since, recording.step + 1);
      // What is recorded beyond the cursor is drawn, too, whether or not the panel was open then.
      const last = Math.min(length, cursor.step + stepsMost);
      if (first <= last) reading.walk(first, (step) => recording.note(step), last);
      return viewOf(recording, moment.time, selection);
    },
    asked: () => undefined,
    answer: () => null,
  };
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
