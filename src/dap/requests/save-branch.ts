/** A branch as the text of a file: a scenario of plain steps, or a trace. The client writes it. */
import { embeddedFiles, sourceHash, tracingRun } from '../../check/trace/run-trace.ts';
import { type TraceHeader, withPlainLineEnds } from '../../check/trace/trace-format.ts';
import { savingRun } from '../../explore/saved/branch.ts';
import { withSettings } from '../../explore/saved/saved.ts';
import { patternsFile } from '../../code/pattern-sources.ts';
import type { Json } from '../../protocol/types.ts';
import type { Branch } from '../../session/branches/branch.ts';
import type { Debuggee } from '../debuggee.ts';
import type { Task } from '../motion/tasks.ts';
import { type NotSaved, RequestRefusal } from '../refusal.ts';
import type { TimeLimit } from '../time-limit.ts';
import { listingText, savingTitle } from '../words/progress.ts';

/** The arguments of the request `lockstep/saveBranch`. */
export interface SaveBranch {
  branch: number;
  as: 'scenario' | 'trace';
  /** The protocol's file as a scenario in the folder of the new file names it. */
  protocol?: string;
  /** The version of Lockstep, which a trace names. */
  version?: string;
}

/** The body of its response. */
export interface SavedBranch {
  text: string;
}

/** Other requests are answered between its parts. */
export async function saveBranch(
  debuggee: Debuggee,
  branch: Branch,
  given: SaveBranch,
  task: Task,
  bounded: TimeLimit,
): Promise<SavedBranch> {
  const { run } = branch;
  if (given.as === 'trace') {
    const all = bounded(() => traceOf(debuggee, branch, given.version));
    for (;;) {
      const part = bounded(() => all.next());
      if (part.done) return { text: part.value };
      await task.before(listingText(part.value, run.length));
    }
  }
  const all = bounded(() => scenarioOf(debuggee, branch, given.protocol));
  for (;;) {
    const part = bounded(() => all.next());
    if (!part.done) await task.before(savingTitle());
    else if (part.value.type === 'saved') return { text: part.value.text };
    else throw refused(part.value);
  }
}

function scenarioOf({ session, text, launched }: Debuggee, branch: Branch, protocol?: string) {
  const { scenario, script } = session;
  const { run, number, name } = branch;
  const settings = launched.args as Record<string, Json>;
  const end = run.at(run.length);
  const origin = { scenario, text, settings, ...(protocol === undefined ? {} : { protocol }) };
  return savingRun(origin, {
    length: run.length,
    action: (step) => run.action(step),
    name: `${scenario.title}: ${name === '' ? `branch ${number}` : name}`,
    end,
    verdicts: script.verdicts(end, false),
  });
}

function traceOf({ session, text, launched }: Debuggee, { run }: Branch, version = '0') {
  const { scenario, code } = session;
  for (let step = 1; step <= run.length; step++) {
    if ('draws' in run.action(step)) throw refused({ type: 'chosen draws' });
  }
  const own = [...code.files].filter(([name]) => name !== patternsFile);
  const files = code.root === undefined ? [] : embeddedFiles(own[0][0], new Map(own));
  const header: TraceHeader = {
    version: version.trim().replace(/\s+/g, ' ') || '0',
    seed: scenario.setup.seed,
    protocol: files.length === 0
      ? { type: 'built-in', name: scenario.protocol.name, hash: sourceHash(scenario.protocol) }
      : { type: 'file', entry: files[0].name },
    scenario: {
      name: scenario.file.replace(/^.*[\\/]/, ''),
      text: withPlainLineEnds(withSettings(text, launched.args as Record<string, Json>)),
    },
    files,
  };
  return tracingRun(header, scenario, run);
}

function refused(why: NotSaved): RequestRefusal {
  return new RequestRefusal({ code: 'branch not saved', why });
}
