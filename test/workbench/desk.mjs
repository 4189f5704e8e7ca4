// All panels beside each other in one window, and the session whose moments they show.
import path from 'node:path';
import { holdAgainstSession } from './truth.mjs';

/** The groups of the editor area, from the top left; the first is the code's. */
const grid = {
  orientation: 0,
  groups: [
    { size: 0.4, groups: [{ size: 0.2 }, { size: 0.4 }, { size: 0.4 }] },
    { size: 0.6, groups: [{ size: 0.5 }, { size: 0.5 }] },
  ],
};

/** Two layouts of that grid: the number of the group of each panel. */
export const layouts = {
  run: { cluster: 4, sequence: 5, spacetime: 2, roles: 3 },
  data: { locks: 4, logs: 5, history: 2, roles: 3 },
};

export const titles = {
  cluster: 'Cluster', sequence: 'Sequence', spacetime: 'Space-Time', history: 'History',
  locks: 'Locks and Leases', logs: 'Logs', roles: 'State Machine',
};
const places = Object.keys(titles).map((name) => ({ name, group: layouts.run[name] ?? layouts.data[name] }));

export class Desk {
  /** The moment of the last stop. */
  moment;

  constructor(workbench, probe, folder) {
    Object.assign(this, { workbench, probe, folder });
  }

  /** Opens the panels as tabs, each in the group of its layout. */
  async open() {
    const { probe } = this;
    await probe.setting('workbench.colorTheme', 'Dark Modern');
    await probe.command('workbench.action.closeSidebar');
    for (const { name } of places) await probe.command(`${openCommand(name)}InEditor`);
    // Opening has made groups; the grid is laid over them, and each tab moved to its own.
    await probe.command('vscode.setEditorLayout', grid);
    for (const { name, group } of places) {
      await probe.command(openCommand(name));
      await probe.command('moveActiveEditor', { to: 'position', by: 'group', value: group });
      // No source opens over it.
      await probe.command('workbench.action.lockEditorGroup');
    }
  }

  /** Waits until each tab is in its group. */
  async untilOpen() {
    for (const { name, group } of places) {
      const place = this.workbench.page.locator('.editor-group-container').nth(group - 1);
      await place.locator('.tab', { hasText: titles[name] }).waitFor();
    }
  }

  /** Starts a session of a scenario in the folder, and waits for its first stop. */
  async start(scenario) {
    const file = path.join(this.folder, scenario);
    await this.probe.show(file, { viewColumn: 1 });
    this.moment = await this.probe.debug(file);
  }

  /** Continues to the end of the run, past the events at which VS Code would stop. */
  async goToEnd() {
    await this.probe.request('setExceptionBreakpoints', { filters: [] });
    this.moment = await this.probe.moveByCommand('workbench.action.debug.continue');
  }

  async stop() {
    await this.probe.command('workbench.action.debug.stop');
  }

  async step() {
    this.moment = await this.probe.moveByCommand('workbench.action.debug.stepOver');
  }

  async stepBack() {
    this.moment = await this.probe.moveByCommand('workbench.action.debug.stepBack');
  }

  /** Brings the tabs of a layout to the front; the pages of the others are discarded. */
  async show(layout) {
    for (const name of Object.keys(layouts[layout])) await this.probe.command(openCommand(name));
  }

  async reloadPages() {
    await this.probe.command('workbench.action.webview.reloadWebviewAction');
  }

  async reloadWindow() {
    const { page } = this.workbench;
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.locator('.tab', { hasText: titles.cluster }).waitFor();
  }

  /** Fails unless panels, those of a layout by default, draw what the session has. */
  hold(layout, names = Object.keys(layouts[layout])) {
    return holdAgainstSession(this.workbench, this.probe, names, this.moment);
  }
}

/** As in src/extension/names.ts. */
function openCommand(name) {
  return `lockstep.open${name[0].toUpperCase()}${name.slice(1)}`;
}
