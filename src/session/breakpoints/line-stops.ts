/** Stops inside an action: the breakpoints of its lines, and the events that its lines report. */
import type { ReplayedTrace } from '../replayed-trace.ts';
import { joined, type Stop } from '../stop.ts';
import type { Watch } from './watch.ts';

/** `before` is how many actions were taken before this one; −1 for the boot of the nodes. */
export function stopAtLine(
  watch: Watch,
  trace: ReplayedTrace,
  line: number,
  before: number,
): Stop | undefined {
  return joined(breakpointAt(watch, trace, line, before), reportAt(watch, trace, line));
}

function breakpointAt(
  watch: Watch,
  trace: ReplayedTrace,
  line: number,
  before: number,
): Stop | undefined {
  const { id: site } = trace.site(line);
  if (!watch.hasLine(site)) return undefined;
  const { moment, effects, frames } = trace.at(line);
  const occurrence = trace.occurrence(line);
  return watch.atLine(moment, effects, { site, occurrence, before, reads: frames[0].reads });
}

/** A stop at a statement that is about to report an event. */
export function reportAt(watch: Watch, trace: ReplayedTrace, line: number): Stop | undefined {
  if (!watch.hasEvents) return undefined;
  let stop: Stop | undefined;
  for (const index of trace.reports(line)) {
    if (!watch.watchesEvent(trace.effects.events[index])) continue;
    // Conditions are evaluated when it is reported, as in a run that was not entered.
    const found = trace.whenReported(index, (world, effects) =>
      watch.atReport(world, effects, index),
    );
    stop = joined(stop, found);
  }
  return stop;
}
