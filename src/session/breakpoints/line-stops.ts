/** What is stopped at inside of an action: its breakpoints, and its events where they are told. */
import type { ReplayedTrace } from '../replayed-trace.ts';
import { joined, type Stop } from '../stop.ts';
import type { Watch } from './watch.ts';

/** `before` is how many actions were taken before it; −1 for the boot of the nodes. */
export function stopAtLine(
  watch: Watch,
  lines: ReplayedTrace,
  line: number,
  before: number,
): Stop | undefined {
  return joined(breakpointAt(watch, lines, line, before), reportAt(watch, lines, line));
}

function breakpointAt(
  watch: Watch,
  lines: ReplayedTrace,
  line: number,
  before: number,
): Stop | undefined {
  const { id: site } = lines.site(line);
  if (!watch.hasLine(site)) return undefined;
  const { moment, effects, frames } = lines.at(line);
  const occurrence = lines.occurrence(line);
  return watch.atLine(moment, effects, { site, occurrence, before, reads: frames[0].reads });
}

/** At a statement that is about to report an event. */
export function reportAt(watch: Watch, lines: ReplayedTrace, line: number): Stop | undefined {
  if (!watch.hasEvents) return undefined;
  let stop: Stop | undefined;
  for (const index of lines.reports(line)) {
    stop = joined(stop, watch.atReport(lines.at(line).moment, lines.effects, index));
  }
  return stop;
}
