/** What monitors remember that can influence a run, or what they will find in it. */
import { DerivedEventMonitor } from '../../check/derived-events.ts';
import { HistoryMonitor, type Recording } from '../../check/history/recording.ts';
import { InvariantMonitor } from '../../check/invariants.ts';
import { ThrownMonitor } from '../../check/thrown-errors.ts';
import { contentText } from '../../kernel/data/plain.ts';
import type { Monitor, World } from '../../kernel/world.ts';
import { ScenarioMonitor } from '../../scenario/driver.ts';
import { ExpectationMonitor } from '../../scenario/expect.ts';
import type { Progress } from '../../scenario/progress.ts';
import type { TimeMode } from '../verdict.ts';

/** Without what only counts: how often a condition was true, and in which step. */
export function memoryText({ monitors, memories }: World, has: (part: 'memory') => boolean) {
  if (!has('memory')) return '';
  let text = '';
  for (let i = 0; i < monitors.length; i++) {
    if (monitors[i] instanceof ScenarioMonitor || monitors[i].isNote === true) continue;
    const own = monitorText(monitors[i], memories[i]);
    if (own !== '') text += `|${i}:${own}`;
  }
  return text;
}

/** Of one monitor; of that of a scenario, without time. */
// oxlint-disable-next-line typescript/no-explicit-any -- each monitor has its own
export function monitorText(monitor: Monitor, memory: any): string {
  if (monitor instanceof ScenarioMonitor) return progressText(memory as Progress, 'untimed');
  if (monitor instanceof InvariantMonitor || monitor instanceof DerivedEventMonitor) {
    const isBroken = memory.violated !== null;
    const { own } = memory;
    return own !== undefined || isBroken ? `${contentText(own)}${isBroken}` : '';
  }
  if (monitor instanceof ExpectationMonitor) {
    return memory.met || memory.violated !== null ? `${memory.met}${memory.violated}` : '';
  }
  if (monitor instanceof ThrownMonitor) return memory.thrown.length > 0 ? 'thrown' : '';
  return monitor instanceof HistoryMonitor ? historyText(memory) : contentText(memory);
}

function historyText({ blocks, recent }: Recording): string {
  return contentText([...blocks.flat(), ...recent].map((one) => ({ ...one, step: 0, at: 0 })));
}

/** The progress of the scenario, without what only tells a run that goes on by itself to end. */
export function progressText(progress: Progress | undefined, time: TimeMode): string {
  if (progress === undefined) return '';
  const { index, placed, taken, operation, answered, eventFor, over, activities } = progress;
  const failures = progress.failures.map((one) => [one.index, one.reason.code]);
  const answers = progress.answers.map(({ requested, arrived }) => [requested >= 0, arrived]);
  const times = time === 'timed' ? [progress.began, progress.since] : [];
  const isEnded = progress.stall.found !== null;
  return contentText([
    index, placed, taken, operation, answered, eventFor, over, activities, failures, answers,
    times, isEnded,
  ]);
}

/** After the last step, what the moment depends on at which only heartbeats are left. */
export function activeText(world: World, { quiescent, activeUntil }: Progress): string {
  if (quiescent) return 'quiescent';
  const old: unknown[] = [];
  for (const one of world.queue.items) {
    if (one.type !== 'deliver' || one.tie >= activeUntil) continue;
    old.push(contentText([one.from, one.to, one.ordinal, one.copy, one.connection]));
  }
  for (const { id, timers } of world.nodes) {
    for (const { isSet, tie, name, key } of timers) {
      if (isSet && tie < activeUntil) old.push(contentText([id, name, key]));
    }
  }
  return contentText(old.sort());
}

/** Which messages in flight count as answers: they were sent after the request arrived. */
export function answersText(progress: Progress | undefined, cause: number): string {
  if (progress === undefined || progress.answers.length === 0) return '';
  return progress.answers
    .map(({ requested }) => (requested >= 0 && cause >= requested ? '1' : '0'))
    .join('');
}
