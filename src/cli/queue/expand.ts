/** Parts of a search, expanded by a machine that has only the job. */
import { stepInTime } from '../../dap/process/run-limit.ts';
import { type Expanded, type Part, PartExpander } from '../../explore/search/parts/part.ts';
import { problemOf } from '../../explore/search/of-scenario.ts';
import type { Sweep } from '../seeds/chunk.ts';
import { readOptions } from '../explore/request.ts';
import type { SearchJob } from '../seeds/seeds-thread.ts';
import type { Terminal } from '../terminal.ts';

export function expanderOf(
  { scenario }: Sweep,
  { search, readsHistory }: SearchJob,
  terminal: Terminal,
): PartExpander {
  const asked = readOptions(search, scenario, terminal);
  if ('problem' in asked) throw new Error(asked.problem);
  if (asked.type !== 'search') throw new Error('only searches have parts');
  const { setting, limits, targets } = asked.request;
  return new PartExpander(problemOf(scenario, setting, { limits, targets }, readsHistory));
}

/** State by state for code of a workspace, because a limit of time ends one call. */
export function expandInTime(expander: PartExpander, part: Part, isOwn: boolean): Expanded[] {
  const all = expander.expanding(part);
  for (;;) {
    const next = isOwn ? stepInTime('', part.depth, () => all.next()) : all.next();
    if (next.done) return next.value;
  }
}
