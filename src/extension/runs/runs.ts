// The Runs view: the branches of the active session, and what can be done with them.
import * as vscode from 'vscode';
import type { BranchRequest } from '../../dap/requests/branches.ts';
import type { NearestBranch } from '../../dap/requests/nearest.ts';
import type { BranchView } from '../../view/branches.ts';
import { reasonOf, refuse } from '../failures.ts';
import {
  branchRequest, clickRun, commands, contextKeys, debugType, nearestRequest, runsView,
} from '../names.ts';
import type { Panels } from '../panels/panels.ts';
import { runs as words } from '../words.ts';
import { childrenOf, type Rows, titleOf } from './row.ts';
import { saveRun } from './saving.ts';
import { type Element, RunsTree } from './tree.ts';

export function registerRuns(
  panels: Panels,
  context: vscode.ExtensionContext,
): vscode.Disposable {
  void vscode.commands.executeCommand('setContext', contextKeys.isActive, true);
  const tree = new RunsTree();
  const view = vscode.window.createTreeView(runsView, { treeDataProvider: tree });
  const runs = new Runs(tree, view, panels, context);
  const register = (
    command: string,
    act: (chosen: Chosen, given: unknown) => unknown,
    fits: (branch: BranchView) => boolean = () => true,
  ) =>
    vscode.commands.registerCommand(command, async (row?: unknown, given?: unknown) => {
      const chosen = await runs.chosen(row, fits);
      return chosen && act(chosen, given);
    });
  const isBranch = ({ number }: BranchView) => number !== 0;
  const isLive = ({ stale }: BranchView) => stale === undefined;
  const save = (as: 'scenario' | 'trace') => (chosen: Chosen, given: unknown) =>
    runs.save(chosen, as, given instanceof vscode.Uri ? given : undefined);
  tree.shown(view.visible);
  return vscode.Disposable.from(
    tree,
    view,
    view.onDidChangeVisibility(({ visible }) => tree.shown(visible)),
    register(commands.goToRun, (chosen) => runs.goTo(chosen), isLive),
    vscode.commands.registerCommand(clickRun, (row: BranchView) => runs.click(row)),
    register(commands.nameRun, (chosen, name) => runs.name(chosen, name), isLive),
    register(commands.deleteRun, (chosen, isSure) => runs.delete(chosen, isSure), isBranch),
    register(commands.saveRunAsScenario, save('scenario'), isLive),
    register(commands.saveRunAsTrace, save('trace'), isLive),
    register(commands.nearestRun, (chosen) => runs.nearest(chosen), ({ broken }) => !!broken),
    register(commands.compareRun, (chosen) => runs.compare(chosen), isLive),
  );
}

/** What a command is about. */
interface Chosen {
  readonly session: vscode.DebugSession;
  readonly branch: BranchView;
  readonly rows: Rows;
}

const doubleClickMs = 500;

class Runs {
  private clicked = { number: -1, at: 0 };

  constructor(
    private readonly tree: RunsTree,
    private readonly view: vscode.TreeView<Element>,
    private readonly panels: Panels,
    private readonly context: vscode.ExtensionContext,
  ) {}

  /**
   * The clicked row, or the one that is selected while the view has the focus; else the user
   * chooses among those that fit.
   */
  async chosen(
    row: unknown,
    fits: (branch: BranchView) => boolean,
  ): Promise<Chosen | undefined> {
    const session = vscode.debug.activeDebugSession;
    const rows = await this.tree.ready();
    if (session?.type !== debugType || rows === undefined) return refuse(words.noSession);
    const number = typeof row === 'number' || typeof row === 'string' ? Number(row)
      : typeof row === 'object' && row !== null && 'number' in row ? Number(row.number)
      : this.selected;
    const clicked = number === undefined ? undefined : rows.branches.get(number);
    const branch = clicked && fits(clicked) ? clicked : await pick(rows, fits);
    return branch && { session, branch, rows };
  }

  /** A key acts on the row that is selected. */
  private get selected(): number | undefined {
    const [element] = this.view.visible ? this.view.selection : [];
    return element === undefined ? undefined : Number(element);
  }

  /** A click selects, so that keys act on the row; a double click goes there. */
  async click({ number }: BranchView): Promise<void> {
    const now = performance.now();
    const { number: before, at } = this.clicked;
    this.clicked = { number, at: now };
    const openMode = vscode.workspace.getConfiguration('workbench.list').get<string>('openMode');
    // Where only a double click opens a row, this is one.
    const isDouble = openMode === 'doubleClick' || (before === number && now - at < doubleClickMs);
    if (!isDouble) return;
    this.clicked = { number: -1, at: 0 };
    const chosen = await this.chosen(number, () => true);
    if (chosen !== undefined) await this.goTo(chosen);
  }

  goTo({ session, branch }: Chosen): Promise<void> {
    return send(session, { type: 'go', branch: branch.number });
  }

  /** `given` is the name; without it, the user types one. */
  async name({ session, branch }: Chosen, given: unknown): Promise<void> {
    const name = typeof given === 'string' ? given : await vscode.window.showInputBox({
      title: words.nameTitle(titleOf({ ...branch, name: '' })),
      prompt: words.namePrompt,
      value: branch.name,
    });
    if (name !== undefined) await send(session, { type: 'name', branch: branch.number, name });
  }

  /** `isSure` is true if the user need not be asked. */
  async delete({ session, branch, rows }: Chosen, isSure: unknown): Promise<void> {
    if (isSure !== true) {
      const others = descendants(rows, branch.number);
      const message = words.confirmDelete(titleOf(branch), others);
      const options = { modal: true, detail: words.cannotUndo };
      const chosen = await vscode.window.showWarningMessage(message, options, words.delete);
      if (chosen !== words.delete) return;
    }
    await send(session, { type: 'delete', branch: branch.number });
  }

  save(
    { session, branch }: Chosen,
    as: 'scenario' | 'trace',
    place: vscode.Uri | undefined,
  ): Promise<vscode.Uri | undefined> {
    return saveRun(session, branch, as, String(this.context.extension.packageJSON.version), place);
  }

  /** Space-Time shows the branch below the one of the debugger. */
  compare({ branch, rows }: Chosen): Promise<void> {
    const other = branch.number === rows.current ? (branch.parted?.from ?? 0) : branch.number;
    return this.panels.compareWithBranch(other);
  }

  /** Returns what was found; the user is told, and may go there or compare the two. */
  async nearest(chosen: Chosen): Promise<NearestBranch | undefined> {
    const { session, branch } = chosen;
    let result: NearestBranch;
    try {
      const request = { branch: branch.number };
      result = (await session.customRequest(nearestRequest, request)) as NearestBranch;
    } catch (error) {
      return refuse(reasonOf(error));
    }
    const { found, tried } = result;
    if (found === undefined) {
      void vscode.window.showInformationMessage(words.noNearest(tried));
      return result;
    }
    void this.offer(chosen, found);
    return result;
  }

  private async offer(
    { session, branch }: Chosen,
    { branch: other, change }: NonNullable<NearestBranch['found']>,
  ): Promise<void> {
    const message = words.nearest(words.branch(other), changeText(change));
    const buttons = [words.compare, words.goThere];
    const button = await vscode.window.showInformationMessage(message, ...buttons);
    if (button === words.goThere) await send(session, { type: 'go', branch: other });
    if (button !== words.compare) return;
    await send(session, { type: 'go', branch: branch.number });
    await this.panels.compareWithBranch(other);
  }
}

function changeText(change: NonNullable<NearestBranch['found']>['change']): string {
  const { type, action, other = '', step } = change;
  switch (type) {
    case 'before':
      return words.before(action, other, step);
    case 'last':
      return words.last(action, step);
    case 'left out':
      return words.leftOut(action, step);
    case 'lost':
      return words.lost(action, step);
  }
}

async function send(session: vscode.DebugSession, request: BranchRequest): Promise<void> {
  try {
    await session.customRequest(branchRequest, request);
  } catch (error) {
    refuse(reasonOf(error));
  }
}

function descendants(rows: Rows, number: number): number {
  return childrenOf(rows, number).reduce((sum, one) => sum + 1 + descendants(rows, one.number), 0);
}

async function pick(
  rows: Rows,
  fits: (branch: BranchView) => boolean,
): Promise<BranchView | undefined> {
  const fitting = [...rows.branches.values()].filter(fits);
  if (fitting.length === 0) return refuse(words.noOther);
  const items = fitting.map((branch) => ({
    label: titleOf(branch),
    description: branch.number === rows.current ? words.here : '',
    detail: branch.began ?? '',
    branch,
  }));
  const isOfBranches = fitting.every(({ number }) => number !== 0);
  const placeHolder = isOfBranches ? words.chooseBranch : words.choose;
  const options = { title: words.chooseTitle, placeHolder, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.branch;
}
