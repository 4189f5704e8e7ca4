/** Each request of the Debug Adapter Protocol, in a few lines. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { FunctionSite } from '../../code/transform/instrument.ts';
import { consoleInput, consoleWords } from '../../session/console.ts';
import { nodeName } from '../../session/read/names.ts';
import { presentOf, scopesOf } from '../../session/read/scopes.ts';
import { placeInScenario } from '../../session/breakpoints/placement.ts';
import { gotoTargets, stepTargets } from '../../session/targets.ts';
import type { PanelCommand } from '../../view/contract.ts';
import type { Debuggee } from '../debuggee.ts';
import { clusterThread, nodeOfThread, threadOfNode } from './frames.ts';
import {
  type Advance,
  continuing,
  goingTo,
  leavingBranch,
  restarting,
  reversing,
  steppingBack,
  steppingInto,
  steppingOut,
  steppingOver,
} from './motions.ts';
import { answerBefore } from './before.ts';
import {
  type BranchHost, type BranchRequest, keepBranches, listBranches, obeyBranch, openNearest,
  saveBranchOf,
} from './branches.ts';
import { recordedRun } from './export.ts';
import { type FindingHost, findHandlers } from './find.ts';
import { obeyPanel } from './panel.ts';
import { RequestRefusal } from '../refusal.ts';
import type { SaveBranch } from './save-branch.ts';
import type { StoredBranch } from '../../session/branches/stored.ts';
import type { Task } from '../motion/tasks.ts';
import type { TimeLimit } from '../time-limit.ts';
import { exportingTitle, listingText, listingTitle, searchTitle } from '../words/progress.ts';
import type { BetweenRows, VariablesStore } from './variables.ts';
import type { ReloadResult } from '../reload-result.ts';
import { exceptionInfo } from '../motion/stopped.ts';
import {
  clusterThreadName,
  doneText,
  gotoTargetLabel,
  helpText,
  leftText,
  stepTargetLabels,
} from '../words/console.ts';

/** What requests need of the adapter. */
export interface Conversation extends FindingHost, BranchHost {
  /** What was launched; refuses if nothing was. */
  readonly launched: Debuggee;
  /** The same; refuses while the run is in progress. */
  readonly stopped: Debuggee;
  /** True once the client has finished its first settings. */
  readonly isUnderWay: boolean;
  begin(client: Given<DebugProtocol.InitializeRequest>): Promise<DebugProtocol.Capabilities>;
  launch(given: unknown): Promise<void>;
  configurationDone(): void;
  restart(given: Given<DebugProtocol.RestartRequest>): Promise<void>;
  /** Reads scenario and protocol again, and repeats the run on them. */
  reload(): Promise<ReloadResult>;
  pause(): void;
  /** Stops the motion or the launch with this progress or request; others have ended already. */
  cancel(given: Given<DebugProtocol.CancelRequest>): void;
  terminate(): void;
  end(): void;
  disconnect(): void;
  /** Does something once the current request is answered. */
  later(next: () => void): void;
}

export type Handlers = Record<string, (given: never) => unknown>;

type Given<Type extends DebugProtocol.Request> = NonNullable<Type['arguments']>;

export function requestHandlers(adapter: Conversation): Handlers {
  return {
    initialize: (given: Given<DebugProtocol.InitializeRequest>) => adapter.begin(given),
    launch: (given: unknown) => adapter.launch(given),
    configurationDone: () => adapter.configurationDone(),
    restart: (given: Given<DebugProtocol.RestartRequest>) => adapter.restart(given),
    'lockstep/reload': () => adapter.reload(),
    'lockstep/export': () => {
      const { stopped } = adapter;
      return adapter.work(exportingTitle(), (...by) => recordedRun(stopped, ...by));
    },
    ...findHandlers(adapter),
    ...branchHandlers(adapter),
    cancel: (given: Given<DebugProtocol.CancelRequest>) => adapter.cancel(given),
    terminate: () => adapter.terminate(),
    disconnect: () => adapter.disconnect(),
    ...breakpointHandlers(adapter),
    ...motionHandlers(adapter),
    ...readingHandlers(adapter),
    'lockstep/panel': (given: PanelCommand) => obeyPanel(adapter, given),
  };
}

function branchHandlers(adapter: Conversation): Handlers {
  const work: Conversation['work'] = (...of) => adapter.work(...of);
  return {
    'lockstep/branches': () => listBranches(adapter),
    'lockstep/branch': (given: BranchRequest) => void obeyBranch(adapter, given),
    'lockstep/keepBranches': (given: { branches?: StoredBranch[] }) =>
      keepBranches(adapter, given),
    'lockstep/saveBranch': (given: SaveBranch) => saveBranchOf(adapter, given, work),
    'lockstep/nearest': (given: { branch: number }) => openNearest(adapter, given, work),
  };
}

function breakpointHandlers(adapter: Conversation): Handlers {
  const requests = () => adapter.launched.breakpoints;
  return {
    setBreakpoints: (given: Given<DebugProtocol.SetBreakpointsRequest>) => ({
      breakpoints: requests().setLines(given),
    }),
    breakpointLocations: (given: Given<DebugProtocol.BreakpointLocationsRequest>) => ({
      breakpoints: requests().locations(given),
    }),
    setFunctionBreakpoints: (given: Given<DebugProtocol.SetFunctionBreakpointsRequest>) => ({
      breakpoints: requests().setFunctions(given),
    }),
    setDataBreakpoints: (given: Given<DebugProtocol.SetDataBreakpointsRequest>) => ({
      breakpoints: requests().setData(given),
    }),
    setExceptionBreakpoints: (given: Given<DebugProtocol.SetExceptionBreakpointsRequest>) => ({
      breakpoints: requests().setFilters(given, adapter.isUnderWay),
    }),
    dataBreakpointInfo(given: Given<DebugProtocol.DataBreakpointInfoRequest>) {
      const { frames, variables, breakpoints } = adapter.stopped;
      return breakpoints.dataInfo(given, variables, frames.frame(given.frameId)?.node);
    },
  };
}

interface OnThread {
  threadId?: number;
}

function motionHandlers(adapter: Conversation): Handlers {
  const moving = (begin: (node: number | undefined) => Advance) => (given: OnThread) => {
    const { session } = adapter.stopped;
    const node = nodeOfThread(session, given.threadId ?? clusterThread);
    const advance = begin(node);
    adapter.later(() => adapter.move(advance, node));
  };
  const session = () => adapter.stopped.session;
  return {
    continue: () => {
      const stopped = session();
      if (stopped.stop.type === 'end' && stopped.next() === undefined) {
        adapter.later(() => adapter.end());
      } else {
        const advance = continuing(stopped);
        adapter.later(() => adapter.move(advance, undefined));
      }
      return { allThreadsContinued: true };
    },
    next: moving((node) => steppingOver(session(), node)),
    stepIn: (given: Given<DebugProtocol.StepInRequest>) => {
      const { stepTargets: offered } = adapter.stopped;
      const target = given.targetId === undefined ? undefined : offered[given.targetId - 1];
      if (given.targetId !== undefined && !target)
        throw new RequestRefusal({ code: 'out of date', what: 'target' });
      moving((node) => steppingInto(session(), node, target))(given);
    },
    stepOut: moving((node) => steppingOut(session(), node)),
    stepBack: moving((node) => steppingBack(session(), node)),
    reverseContinue: moving(() => reversing(session())),
    pause: () => adapter.pause(),
    restartFrame: (given: Given<DebugProtocol.RestartFrameRequest>) =>
      restartFrame(adapter, given.frameId),
    gotoTargets: (given: Given<DebugProtocol.GotoTargetsRequest>) => targetsOfLine(adapter, given),
    'lockstep/leaveBranch': () => moveLater(adapter, leavingBranch(session())),
    goto: (given: Given<DebugProtocol.GotoRequest>) => {
      const debuggee = adapter.stopped;
      const target = debuggee.gotoTargets[given.targetId - 1];
      if (!target) throw new RequestRefusal({ code: 'out of date', what: 'target' });
      moveLater(adapter, goingTo(debuggee.session, target.step, target.branch));
    },
    stepInTargets: () => {
      const debuggee = adapter.stopped;
      debuggee.stepTargets = stepTargets(debuggee.session);
      const labels = stepTargetLabels(debuggee.stepTargets);
      return { targets: labels.map((label, index) => ({ id: index + 1, label })) };
    },
  };
}

function moveLater(adapter: Conversation, advance: Advance): void {
  adapter.later(() => adapter.move(advance, undefined));
}

function restartFrame(adapter: Conversation, id: number): void {
  const { session, frames } = adapter.stopped;
  const frame = frames.frame(id);
  const isRestartable = frame && !frame.label && frame.step !== 0;
  if (!isRestartable) throw new RequestRefusal({ code: 'not restartable' });
  moveLater(adapter, restarting(session, frame));
}

function targetsOfLine(adapter: Conversation, given: Given<DebugProtocol.GotoTargetsRequest>) {
  const debuggee = adapter.stopped;
  const { session, sources, lines } = debuggee;
  const meaning = sources.meaning(given.source);
  const placed = placeInScenario(session.script.scenario, lines.fromClient(given.line));
  const isStep =
    meaning?.in === 'scenario' && 'trigger' in placed && placed.trigger.type === 'scenario';
  debuggee.gotoTargets = isStep
    ? gotoTargets(session, (placed.trigger as { step: number }).step)
    : [];
  const line =
    'line' in placed && placed.line !== undefined ? lines.toClient(placed.line) : given.line;
  const targets = debuggee.gotoTargets.map((target, index) => {
    return { id: index + 1, label: gotoTargetLabel(target), line };
  });
  return { targets };
}

function readingHandlers(adapter: Conversation): Handlers {
  return {
    threads: () => {
      const { session } = adapter.launched;
      const moment = presentOf(session);
      const cluster = { id: clusterThread, name: clusterThreadName(session.cursor.branch) };
      const nodes = moment.nodes.map((node) => {
        return { id: threadOfNode(node.index), name: nodeName(node) };
      });
      return { threads: [cluster, ...nodes] };
    },
    stackTrace: (given: Given<DebugProtocol.StackTraceRequest>) =>
      adapter.stopped.frames.list(given),
    scopes: (given: Given<DebugProtocol.ScopesRequest>) => {
      const { session, frames, variables } = adapter.stopped;
      const frame = frames.frame(given.frameId);
      const scopes = frame && !frame.label ? scopesOf(session, frame) : [];
      return {
        scopes: scopes.map(({ name, hint, expensive, children, around }) => ({
          name,
          expensive,
          ...(hint ? { presentationHint: hint } : {}),
          ...variables.reference(children),
          ...(around ? rangeOf(adapter.stopped, around) : {}),
        })),
      };
    },
    variables: (given: Given<DebugProtocol.VariablesRequest>) => {
      const { variables } = adapter.stopped;
      return variables.isLong(given)
        ? adapter.work(listingTitle(), (...by) => listed(variables, given, ...by))
        : { variables: variables.list(given) };
    },
    evaluate: (given: Given<DebugProtocol.EvaluateRequest>) => evaluate(adapter, given),
    completions: (given: Given<DebugProtocol.CompletionsRequest>) => {
      const { session, evaluator, frames, columns } = adapter.stopped;
      const text = given.text.slice(0, columns.fromClient(given.column) - 1);
      const { script } = session;
      const frame = frames.frame(given.frameId);
      const events = Object.keys(script.scenario.protocol.events);
      const known = [...script.words(session.world), ...consoleWords];
      const { words, from } = evaluator.completions(text, frame, known, events);
      const place = { start: columns.toClient(from + 1), length: text.length - from };
      // Without `sortText`, editors sort by the label.
      const sortText = (index: number) => String(index).padStart(4, '0');
      return {
        targets: words.map((label, index) => ({ label, sortText: sortText(index), ...place })),
      };
    },
    exceptionInfo: () => exceptionInfo(adapter.stopped.session),
    loadedSources: () => ({ sources: adapter.launched.sources.all() }),
    source: (given: Given<DebugProtocol.SourceRequest>) => {
      const reference = given.source?.sourceReference ?? given.sourceReference ?? 0;
      return { content: adapter.launched.sources.text(reference), mimeType: 'text/x-typescript' };
    },
  };
}

/** A long list; other requests are answered between its parts. */
async function listed(
  variables: VariablesStore,
  given: Given<DebugProtocol.VariablesRequest>,
  task: Task,
  bounded: TimeLimit,
): Promise<DebugProtocol.VariablesResponse['body']> {
  const between: BetweenRows = (done, all, isLong) => task.before(listingText(done, all), isLong);
  return { variables: await variables.listInParts(given, between, bounded) };
}

/** The lines in which the names of a scope are visible: editors show values only there. */
function rangeOf({ sources, lines, columns }: Debuggee, around: FunctionSite) {
  const { file, line, endLine, endColumn } = around;
  return {
    source: sources.ofFile(file),
    line: lines.toClient(line),
    column: columns.toClient(1),
    endLine: lines.toClient(endLine),
    endColumn: columns.toClient(endColumn + 1),
  };
}

function evaluate(adapter: Conversation, given: Given<DebugProtocol.EvaluateRequest>) {
  const { session, evaluator, frames, variables } = adapter.stopped;
  const { expression, context } = given;
  const frame = context === 'repl' ? frames.frameOrTop(given.frameId) : frames.frame(given.frameId);
  const answer =
    context === 'repl'
      ? consoleInput(session, evaluator, expression, frame)
      : evaluator.evaluate(expression, frame);
  switch (answer.type) {
    case 'problem':
      throw new RequestRefusal({ code: 'problem', problem: answer.problem });
    case 'help':
      return { result: helpText(), variablesReference: 0 };
    case 'moved':
      adapter.later(() => adapter.reportStop(answer.stop, undefined, 'console'));
      return { result: doneText(answer.done, session.moment.wording.units), variablesReference: 0 };
    case 'before':
      return adapter.work(searchTitle(), (...by) => answerBefore(answer.question, ...by));
    case 'branch':
      return { result: obeyBranch(adapter, answer.command, 'console'), variablesReference: 0 };
    case 'leave branch':
      moveLater(adapter, leavingBranch(session));
      return { result: leftText(answer), variablesReference: 0 };
    case 'value': {
      const { value, type, children } = answer.variable;
      return { result: value, type, ...variables.reference(children) };
    }
  }
}
