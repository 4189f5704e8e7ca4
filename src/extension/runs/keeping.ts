// Keeps the named branches of a scenario in the state of the workspace, for its next session.
import * as vscode from 'vscode';
import type { KeptBranches } from '../../dap/motion/restoration.ts';
import type { ViewEvent } from '../../view/contract.ts';
import { debugType, keepBranchesRequest, keptBranchesEvent, viewEvent } from '../names.ts';
import { uriOf } from '../scenario-files.ts';
import { mergedBranches } from './merging.ts';

type Branches = KeptBranches['branches'];

const key = 'lockstep.branchesOf';
/** Of so many scenarios, those whose branches changed last. */
const scenariosMost = 20;

export function registerKeeping({ workspaceState }: vscode.ExtensionContext): vscode.Disposable {
  const all = () => workspaceState.get<Readonly<Record<string, Branches>>>(key) ?? {};
  /** What each session that has received the branches of earlier ones had last, by its identity. */
  const had = new Map<string, Branches>();
  const receive = async (session: vscode.DebugSession) => {
    if (had.has(session.id)) return;
    const branches = all()[nameOf(session)] ?? [];
    had.set(session.id, branches);
    try {
      await session.customRequest(keepBranchesRequest, { branches });
    } catch {
      // It moved on: the next stop is another opportunity.
      had.delete(session.id);
    }
  };
  /** Another session of the scenario may have changed what is kept. */
  const keep = (session: vscode.DebugSession, { branches: now }: KeptBranches) => {
    const name = nameOf(session);
    const branches = mergedBranches(all()[name] ?? [], had.get(session.id) ?? [], now);
    had.set(session.id, now);
    const others = Object.entries(all()).filter(([other]) => other !== name);
    const kept = branches.length === 0 ? [] : [[name, branches] as const];
    const entries = [...others.slice(kept.length - scenariosMost), ...kept];
    return workspaceState.update(key, Object.fromEntries(entries));
  };
  return vscode.Disposable.from(
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type !== debugType) return;
      if (event === keptBranchesEvent) void keep(session, body as KeptBranches);
      if (event === viewEvent && (body as ViewEvent).type === 'stopped') void receive(session);
    }),
    vscode.debug.onDidTerminateDebugSession(({ id }) => void had.delete(id)),
  );
}

/** Runs with another seed or other settings are other runs. */
function nameOf({ configuration, workspaceFolder }: vscode.DebugSession): string {
  const { program, seed, args } = configuration;
  const scenario = uriOf(String(program), workspaceFolder).toString();
  const others = { ...(seed !== undefined && { seed }), ...(args !== undefined && { args }) };
  return Object.keys(others).length === 0 ? scenario : `${scenario} ${JSON.stringify(others)}`;
}
