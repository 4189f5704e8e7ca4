// Every panel in the workbench, held against the session, and photographed in the four themes.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { photograph, problemsOf, themes } from './pictures.mjs';
import { Probe, wantProbe } from './probe.mjs';
import { holdAgainstSession } from './truth.mjs';

/** Clients wait for a lock in etcd: members with logs, leases, a queue of operations. */
const queue = readFileSync(path.join(root, 'samples/distributed-locks/etcd-line.scenario.yaml'), 'utf8');
const scenarios = {
  'queue.scenario.yaml': queue.replace('breakOn: [WatchFired]', 'breakOn: [LockReleased]'),
};

/** The groups of the editor area, from the top left; the first is the code's. */
const grid = {
  orientation: 0,
  groups: [
    { size: 0.4, groups: [{ size: 0.2 }, { size: 0.4 }, { size: 0.4 }] },
    { size: 0.6, groups: [{ size: 0.5 }, { size: 0.5 }] },
  ],
};

/** Two layouts of that grid: the number of the group of each panel. */
const layouts = {
  run: { cluster: 4, sequence: 5, spacetime: 2, roles: 3 },
  data: { locks: 4, logs: 5, history: 2, roles: 3 },
};

const titles = {
  cluster: 'Cluster', sequence: 'Sequence', spacetime: 'Space-Time', history: 'History',
  locks: 'Locks and Leases', logs: 'Logs', roles: 'State Machine',
};
const places = Object.keys(titles).map((name) => ({ name, group: layouts.run[name] ?? layouts.data[name] }));

/** Each runs in a frame, and changes what is drawn in one place. */
const faults = {
  cluster: ({ shadowRoot }) => shadowRoot.querySelector('svg.cluster [data-message]').remove(),
  sequence: ({ shadowRoot }) => [...shadowRoot.querySelectorAll('.picture .row.message')].at(-1).remove(),
  spacetime: ({ shadowRoot }) => (shadowRoot.querySelector('.told .facts p').textContent = 'n1 crashes'),
  history: ({ shadowRoot }) => shadowRoot.querySelector('.scroll [data-place]').remove(),
  locks: ({ shadowRoot }) => shadowRoot.querySelector('.scroll .item').remove(),
  logs: ({ shadowRoot }) => {
    for (const cell of shadowRoot.querySelectorAll('.entry.last-committed')) cell.classList.remove('committed');
  },
  roles: ({ shadowRoot }) => shadowRoot.querySelector('[data-standing].here').classList.remove('here'),
};

/** A folder whose workbench has the probe. */
export function makePanelsFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-panels-'));
  for (const [name, text] of Object.entries(scenarios)) writeFileSync(path.join(folder, name), text);
  mkdirSync(path.join(folder, '.vscode'));
  const settings = {
    'lockstep.panels.open': 'manually',
    'debug.openDebug': 'neverOpen',
    'debug.internalConsoleOptions': 'neverOpen',
    'workbench.editor.closeEmptyGroups': false,
  };
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
  wantProbe(folder);
  return folder;
}

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describePanels(openWorkbench, folder) {
  describe('what the panels draw', () => {
    const probe = new Probe(folder);
    let workbench;
    let page;
    let moment;

    const hold = (layout, names = Object.keys(layouts[layout])) =>
      holdAgainstSession(workbench, probe, names, moment);

    const step = async () => (moment = await probe.moveByCommand('workbench.action.debug.stepOver'));
    const stepBack = async () => (moment = await probe.moveByCommand('workbench.action.debug.stepBack'));

    /** Brings the tabs of a layout to the front; the pages of the others are discarded. */
    const show = async (layout) => {
      for (const name of Object.keys(layouts[layout])) await probe.command(openCommand(name));
    };

    const start = async (scenario) => {
      await probe.show(path.join(folder, scenario), { viewColumn: 1 });
      moment = await probe.debug(path.join(folder, scenario));
    };

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    it('opens them beside each other', async () => {
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
      await start('queue.scenario.yaml');
      for (const { name, group } of places) {
        const place = page.locator('.editor-group-container').nth(group - 1);
        await place.locator('.tab', { hasText: titles[name] }).waitFor();
      }
    });

    for (const layout of ['run', 'data']) {
      it(`steps, back steps and branches: ${Object.keys(layouts[layout]).join(', ')}`, async () => {
        await show(layout);
        await hold(layout);
        const { branch } = moment;
        await step();
        await step();
        await hold(layout);
        await stepBack();
        assert.ok(moment.steps > moment.step);
        await hold(layout);
        moment = await probe.move('evaluate', { expression: 'crash n2', context: 'repl' });
        assert.ok(moment.branch > branch);
        await step();
        await hold(layout);
        moment = await probe.moveByCommand('lockstep.leaveBranch');
        assert.equal(moment.branch, branch);
        await hold(layout);
      });
    }

    it('what was hidden while the session moved on', async () => {
      await show('run');
      await stepBack();
      await hold('run');
      await step();
      await step();
      await show('data');
      await hold('data');
      await show('run');
      await hold('run');
    });

    it('finds a fault that is planted in any of them', async () => {
      for (const layout of ['run', 'data']) {
        await show(layout);
        await hold(layout);
        for (const name of Object.keys(layouts[layout])) {
          const panel = await workbench.panel(name);
          await panel.evaluate(faults[name]);
          await assert.rejects(hold(layout, [name]), /^AssertionError/, name);
          await panel.evaluate((element) => (element.style.width = '3000px'));
          const problems = await problemsOf(workbench, name, 'dark');
          assert.ok(problems.some((problem) => problem.includes('too wide')), `${name}: ${problems}`);
        }
      }
      await show('run');
    });

    it('after a reload of the pages', async () => {
      await probe.command('workbench.action.webview.reloadWebviewAction');
      await hold('run');
    });

    for (const [name, theme] of themes) {
      it(`the pictures in a ${name} theme`, async () => {
        await probe.setting('workbench.colorTheme', theme);
        for (const layout of ['run', 'data']) {
          await show(layout);
          await photograph(workbench, { layout, panels: Object.keys(layouts[layout]), theme: name });
        }
      });
    }

    it('after a reload of the window, in the next session', async () => {
      await page.reload({ waitUntil: 'domcontentloaded' });
      await page.locator('.tab', { hasText: 'Cluster' }).waitFor();
      await start('queue.scenario.yaml');
      await show('run');
      await hold('run');
      await show('data');
      await hold('data');
    });
  });
}

/** As in src/extension/names.ts. */
function openCommand(name) {
  return `lockstep.open${name[0].toUpperCase()}${name.slice(1)}`;
}
