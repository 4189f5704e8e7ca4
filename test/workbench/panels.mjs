// Every panel in the workbench, held against the session, and photographed in the four themes.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { Desk, layouts } from './desk.mjs';
import { describeLarge, largeScenarios } from './large.mjs';
import { photograph, problemsOf, themes } from './pictures.mjs';
import { Probe, wantProbe } from './probe.mjs';

/** Clients wait for a lock in etcd: members with logs, leases, a queue of operations. */
const queue = readFileSync(path.join(root, 'samples/distributed-locks/etcd-line.scenario.yaml'), 'utf8');
const scenarios = {
  'queue.scenario.yaml': queue.replace('breakOn: [WatchFired]', 'breakOn: [LockReleased]'),
  ...largeScenarios,
};

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
    let desk;

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
      desk = new Desk(workbench, probe, folder);
    });
    after(() => page?.close());

    it('opens them beside each other', async () => {
      await desk.open();
      await desk.start('queue.scenario.yaml');
      await desk.untilOpen();
    });

    for (const layout of ['run', 'data']) {
      it(`steps, back steps and branches: ${Object.keys(layouts[layout]).join(', ')}`, async () => {
        await desk.show(layout);
        await desk.hold(layout);
        const { branch } = desk.moment;
        await desk.step();
        await desk.step();
        await desk.hold(layout);
        await desk.stepBack();
        assert.ok(desk.moment.steps > desk.moment.step);
        await desk.hold(layout);
        desk.moment = await probe.move('evaluate', { expression: 'crash n2', context: 'repl' });
        assert.ok(desk.moment.branch > branch);
        await desk.step();
        await desk.hold(layout);
        desk.moment = await probe.moveByCommand('lockstep.leaveBranch');
        assert.equal(desk.moment.branch, branch);
        await desk.hold(layout);
      });
    }

    it('what was hidden while the session moved on', async () => {
      await desk.show('run');
      await desk.stepBack();
      await desk.hold('run');
      await desk.step();
      await desk.step();
      await desk.show('data');
      await desk.hold('data');
      await desk.show('run');
      await desk.hold('run');
    });

    it('finds a fault that is planted in any of them', async () => {
      for (const layout of ['run', 'data']) {
        await desk.show(layout);
        await desk.hold(layout);
        for (const name of Object.keys(layouts[layout])) {
          const panel = await workbench.panel(name);
          await panel.evaluate(faults[name]);
          await assert.rejects(desk.hold(layout, [name]), /^AssertionError/, name);
          await panel.evaluate((element) => (element.style.width = '3000px'));
          const problems = await problemsOf(workbench, name, 'dark');
          assert.ok(problems.some((problem) => problem.includes('too wide')), `${name}: ${problems}`);
        }
      }
      await desk.show('run');
    });

    it('after a reload of the pages', async () => {
      await desk.reloadPages();
      await desk.hold('run');
    });

    for (const [name, theme] of themes) {
      it(`the pictures in a ${name} theme`, async () => {
        await probe.setting('workbench.colorTheme', theme);
        for (const layout of ['run', 'data']) {
          await desk.show(layout);
          await photograph(workbench, { layout, panels: Object.keys(layouts[layout]), theme: name });
        }
      });
    }

    describeLarge(() => desk);

    it('after a reload of the window, in the next session', async () => {
      await desk.reloadWindow();
      await desk.start('queue.scenario.yaml');
      await desk.show('run');
      await desk.hold('run');
      await desk.show('data');
      await desk.hold('data');
    });
  });
}
