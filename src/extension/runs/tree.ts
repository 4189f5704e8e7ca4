// The rows of the Runs view: it follows the active session, which sends what changes.
import * as vscode from 'vscode';
import type { BranchesChange, BranchesView, BranchView } from '../../view/branches.ts';
import type { ViewEvent } from '../../view/contract.ts';
import { branchesEvent, branchesRequest, debugType, viewEvent } from '../names.ts';
import { childrenOf, rowOf, type Rows } from './row.ts';

interface SessionRows extends Rows {
  current: number;
  step: number;
  readonly branches: Map<number, BranchView>;
}

/** A branch by its number, as a string: VS Code leaves out the element 0. */
export type Element = string;

export class RunsTree implements vscode.TreeDataProvider<Element>, vscode.Disposable {
  /** Those of which the adapter was asked for its branches: it sends what changes from then on. */
  private readonly sessions = new Map<string, SessionRows>();
  private readonly stopped = new Set<string>();
  private isVisible = false;
  private readonly changed = new vscode.EventEmitter<Element | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.type !== debugType) return;
        if (event === branchesEvent) this.apply(session, body as BranchesChange);
        if (event === viewEvent && (body as ViewEvent).type === 'stopped') {
          this.stopped.add(session.id);
          if (this.isVisible) void this.ready();
        }
      }),
      vscode.debug.onDidChangeActiveDebugSession(() => {
        this.changed.fire(undefined);
        if (this.isVisible) void this.ready();
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.sessions.delete(id);
        this.stopped.delete(id);
        this.changed.fire(undefined);
      }),
    );
  }

  /** Those of the active session. */
  get rows(): Rows | undefined {
    return this.sessions.get(vscode.debug.activeDebugSession?.id ?? '');
  }

  /** What is not shown is not computed. */
  shown(isVisible: boolean): void {
    this.isVisible = isVisible;
    if (isVisible) void this.ready();
  }

  /** The rows of the active session, once it has paused; undefined before that. */
  async ready(): Promise<Rows | undefined> {
    const session = vscode.debug.activeDebugSession;
    if (session === undefined || !this.stopped.has(session.id)) return undefined;
    if (!this.sessions.has(session.id)) await this.load(session);
    return this.rows;
  }

  getChildren(parent?: Element): Element[] {
    const { rows } = this;
    if (rows === undefined) return [];
    const of = parent === undefined ? null : Number(parent);
    return childrenOf(rows, of).map(({ number }) => String(number));
  }

  getTreeItem(element: Element): vscode.TreeItem {
    const { rows } = this;
    const branch = rows?.branches.get(Number(element));
    // VS Code may ask for a row that was deleted meanwhile.
    return rows && branch ? rowOf(rows, branch) : new vscode.TreeItem('');
  }

  getParent(element: Element): Element | undefined {
    const { rows } = this;
    const from = rows?.branches.get(Number(element))?.parted?.from;
    return from !== undefined && rows!.branches.has(from) ? String(from) : undefined;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async load(session: vscode.DebugSession): Promise<void> {
    const rows: SessionRows = { current: 0, step: 0, branches: new Map() };
    this.sessions.set(session.id, rows);
    try {
      const view = (await session.customRequest(branchesRequest)) as BranchesView;
      const { current, step, branches } = view;
      this.apply(session, { current, step, changed: branches, gone: [] });
    } catch {
      // It moved on: the next stop loads them.
      if (this.sessions.get(session.id) === rows) this.sessions.delete(session.id);
    }
  }

  /** Only rows that differ are drawn again, unless a branch came or went. */
  private apply(
    { id }: vscode.DebugSession,
    { current, step, changed, gone }: BranchesChange,
  ): void {
    const rows = this.sessions.get(id);
    if (rows === undefined) return;
    const { branches, current: before } = rows;
    const isShape = gone.length > 0 || changed.some(({ number }) => !branches.has(number));
    for (const number of gone) branches.delete(number);
    for (const branch of changed) branches.set(branch.number, branch);
    Object.assign(rows, { current, step });
    if (vscode.debug.activeDebugSession?.id !== id) return;
    if (isShape) return this.changed.fire(undefined);
    for (const number of new Set([...changed.map((one) => one.number), before, current])) {
      if (branches.has(number)) this.changed.fire(String(number));
    }
  }
}
