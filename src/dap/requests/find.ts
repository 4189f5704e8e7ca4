/** Requests that search for a schedule, beside the session, and open or save what was found. */
import type { Action } from '../../kernel/action.ts';
import { patternsFile } from '../../code/pattern-sources.ts';
import { conditionProblem, type FindRequest } from '../../explore/find/request.ts';
import { targetsOf } from '../../explore/find/targets.ts';
import {
  branchOf, type FoundRun, momentAfter, openFound,
} from '../../session/recorded/found-run.ts';
import type { Session } from '../../session/session.ts';
import type { Branch } from '../../session/simulation.ts';
import type { FoundEnd } from '../../session/stop.ts';
import type { Debuggee } from '../debuggee.ts';
import type {
  Finder, FindJob, FindReport, FindResult, FindTargets, SavedText,
} from '../find/finder.ts';
import type { Findings } from '../find/findings.ts';
import type { Parts, Task } from '../motion/tasks.ts';
import { RequestRefusal } from '../refusal.ts';
import { outputText } from '../words/console.ts';
import { conditionText } from '../words/conditions.ts';
import { findText, findTitle } from '../words/progress.ts';
import type { LaunchedFinding } from './arguments.ts';
import { type Advance, arrived, travelling } from './motions.ts';
import type { PanelHost } from './panel.ts';

/** What searches need of the adapter. */
export interface FindingHost extends PanelHost {
  readonly options: { readonly find?: Finder };
  readonly findings: Findings;
  /** `isShown`: whether the client shows the progress as that of any work. */
  work<Result>(title: string, parts: Parts<Result>, isShown?: boolean): Promise<Result>;
  send(event: string, body: object): void;
}

/** The body of the response to `lockstep/find`. The actions stay here, under a number. */
export type FindResponse = Omit<FindResult, 'finding'> & {
  /** The moment from which the search began, for another one from there. */
  readonly from: Moment;
  /** Where the session was then: elsewhere if the search began at a given moment. */
  readonly at: Moment;
  readonly finding?: {
    readonly number: number;
    readonly promise: string;
    readonly why: string;
    readonly ends: FoundEnd;
    /** How many actions lead from the moment to the break. */
    readonly actions: number;
    readonly from: Moment;
  };
};

export interface Moment {
  readonly branch: number;
  readonly step: number;
}

/** `from`: a moment of any branch; without it, the one at which the session is. */
type Given = FindRequest & { readonly hasProgress?: boolean; readonly from?: Moment };

export function findHandlers(host: FindingHost) {
  return {
    'lockstep/findTargets': ({ condition }: { condition?: string }) =>
      condition === undefined
        ? host.work(findTitle(), (task) => targets(host, task), false)
        : checked(host, condition),
    'lockstep/find': ({ hasProgress = false, ...request }: Given) =>
      host.work(findTitle(), (task) => found(host, task, request), !hasProgress),
    'lockstep/cancelFind': () => host.findings.cancel(),
    'lockstep/openFinding': ({ finding }: { finding: number }) => open(host, finding),
    'lockstep/savedFinding': async ({ finding }: { finding: number }) => {
      const saved = await host.findings.get(finding).saved;
      if ('notSaved' in saved) throw new RequestRefusal({ code: 'not saved', why: saved.notSaved });
      return saved;
    },
  };
}

/** While a condition is typed, each letter is checked: no search is needed for that. */
function checked({ stopped }: FindingHost, condition: string): FindTargets {
  const { scenario } = stopped.session.script;
  const problem = conditionProblem(condition, scenario);
  if (problem !== undefined) {
    throw new RequestRefusal({ code: 'not found', why: conditionText(problem) });
  }
  return { targets: targetsOf(scenario), nodes: scenario.setup.nodes.map(({ id }) => id) };
}

async function targets(
  host: FindingHost,
  task: Task,
): Promise<FindTargets> {
  const finder = finderOf(host);
  const job: FindJob = {
    ...jobOf(host.stopped),
    actions: [],
    task: { type: 'describe' },
  };
  let described: FindTargets | undefined;
  const search = finder(job, (report) => {
    if (report.type === 'refused') refused = report.text;
    if (report.type === 'described') described = report;
  });
  let refused: string | undefined;
  task.cancelled.catch(() => search.end());
  await search.done;
  if (described === undefined) {
    throw new RequestRefusal({ code: 'not found', why: refused ?? 'the search ended' });
  }
  const { targets: all, nodes, alike, readsClock } = described;
  return { targets: all, nodes, ...(alike && { alike }), ...(readsClock && { readsClock }) };
}

async function found(
  host: FindingHost,
  task: Task,
  { from: given, ...request }: FindRequest & { readonly from?: Moment },
): Promise<FindResponse> {
  const finder = finderOf(host);
  const { stopped: debuggee, findings } = host;
  if (findings.isSearching) throw new RequestRefusal({ code: 'searching' });
  const { branch, step } = given === undefined ? debuggee.session : momentOf(debuggee, given);
  const from: Moment = { branch: branch.number, step };
  const at: Moment = { branch: debuggee.session.branch.number, step: debuggee.session.step };
  const end = findings.begin();
  try {
    const actions = await actionsUntil(branch, step, task);
    const job: FindJob = { ...jobOf(debuggee), actions, task: { type: 'find', request } };
    const { result, saved } = await searched(host, finder, job, task);
    const { finding, ...rest } = result;
    if (finding === undefined) return { ...rest, from, at };
    const { promise, why, ends } = finding;
    const own = finding.actions as readonly Action[];
    const before = momentAfter(actions);
    const number = findings.add({ before, actions: own, promise, ends, saved });
    const told = { number, promise, why, ends, actions: own.length, from };
    return { ...rest, from, at, finding: told };
  } finally {
    end();
  }
}

interface Searched {
  readonly result: FindResult;
  /** Resolves later: a finding is shrunk before it is saved. */
  readonly saved: Promise<SavedText>;
}

function searched(
  host: FindingHost,
  finder: Finder,
  job: FindJob,
  task: Task,
): Promise<Searched> {
  return new Promise((resolve, reject) => {
    let keep: (saved: SavedText) => void = () => undefined;
    const saved = new Promise<SavedText>((settle) => (keep = settle));
    const obey = (report: FindReport) => {
      switch (report.type) {
        case 'progress': {
          const { type: _, ...status } = report;
          host.send('lockstep/findProgress', status);
          return task.note(findText(report));
        }
        case 'found':
          return resolve({ result: report.result, saved });
        case 'saved':
          return keep(report.saved);
        case 'refused':
          return reject(new RequestRefusal({ code: 'not found', why: report.text }));
        case 'best':
        case 'described':
      }
    };
    const search = finder(job, obey);
    host.findings.onEnd(() => search.end());
    const refuse = () => reject(new RequestRefusal({ code: 'cancelled' }));
    host.findings.onCancel(() => {
      if (!search.cancel()) refuse();
    });
    task.hasResult = () => search.cancel();
    task.cancelled.catch(() => {
      search.end();
      refuse();
    });
    // Both have no effect after a finding, or after its saved text.
    const ended = (why: string) => {
      reject(new RequestRefusal({ code: 'not found', why }));
      keep({ notSaved: 'the search ended before that' });
    };
    search.done.then(
      () => ended('The search ended without a result: search again.'),
      (error: unknown) => ended(`The search failed: ${String(error)}`),
    );
  });
}

function finderOf({ options: { find } }: FindingHost): Finder {
  if (find === undefined) throw new RequestRefusal({ code: 'no search' });
  return find;
}

/** The scenario and its protocol as the session runs them, whatever the files say now. */
function jobOf({ launched, text, session }: Debuggee): Omit<FindJob, 'actions' | 'task'> {
  const { code, scenario } = session;
  const files = [...code.files].filter(([name]) => name !== patternsFile);
  return {
    program: launched.program,
    text,
    settings: launched.args,
    seed: scenario.setup.seed,
    ...(code.root === undefined ? {} : { own: { files } }),
  };
}

/** So many actions are read at once: some milliseconds. */
const partActions = 20_000;

function momentOf(
  { session: { branches } }: Debuggee,
  { branch: number, step }: Moment,
): { readonly branch: Branch; readonly step: number } {
  const branch = branches.find((one) => one.number === number);
  if (branch === undefined) throw new RequestRefusal({ code: 'finding stale' });
  const { length } = branch.run;
  if (step > length) throw new RequestRefusal({ code: 'no step', step, length });
  return { branch, step };
}

async function actionsUntil(
  { run }: Branch,
  last: number,
  task: Task,
): Promise<readonly Action[]> {
  const actions: Action[] = [];
  for (let step = 1; step <= last; step++) {
    actions.push(run.action(step));
    if (step % partActions === 0) await task.before(findTitle());
  }
  return actions;
}

/** The run becomes a branch, on which the session stops before its last action. */
function open(host: FindingHost, number: number): void {
  const { session } = host.stopped;
  const one = host.findings.get(number);
  const from = branchOf(session, one);
  if (from === undefined) throw new RequestRefusal({ code: 'finding stale' });
  const advance = openingFound(session, one, from, (line) => host.print(line));
  host.later(() => host.move(advance, undefined));
}

/** A launch may name a run from the start that was found without a session. */
export function openingLaunched(
  session: Session,
  finding: LaunchedFinding,
  print: (line: string) => void,
): Advance {
  const { actions, ...about } = finding;
  const found = { ...about, before: momentAfter([]), actions: actions as readonly Action[] };
  return openingFound(session, found, session.branch, print);
}

function openingFound(
  session: Session,
  found: FoundRun,
  from: Branch,
  print: (line: string) => void,
): Advance {
  const { step } = found.before;
  const obstacle = session.simulation.obstacleToGoto(step, from);
  if (obstacle) arrived(session, obstacle);
  return travelling(session, step, from, () => {
    const { length } = session.branches;
    const arrival = openFound(session, found, from);
    const { number } = session.branch;
    const isNew = arrival.type === 'stopped' && session.branches.length > length;
    if (isNew) print(outputText({ type: 'branch', number, step: step + 1 }));
    return arrival;
  });
}
