// The README's tour as a new user performs it: each key, command and input is read from the README.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';
import { TourReader, tourSteps } from '../host/tour.mjs';

/** The file that `npm start` opens. */
export const firstFile = path.join(root, 'samples/raft/first-election.scenario.yaml');
const raft = readFileSync(path.join(root, 'src/protocols/raft/raft.ts'), 'utf8').split('\n');

/** Registers the tests with mocha; each continues where the one before it ended. */
export function describeTour(openWorkbench) {
  describe("the README's tour", () => {
    const steps = tourSteps();
    let workbench;
    let page;
    /** The text of a panel: all that it shows, also in the elements within. */
    const shown = async (name) => (await workbench.panel(name)).evaluate(wholeText);

    before(async () => {
      workbench = await openWorkbench();
      page = workbench.page;
    });
    after(() => page?.close());

    /** A test of a step, which must perform all that is marked in it. */
    const step = (number, title, perform) =>
      it(`${number}: ${title}`, async () => {
        const says = new TourReader(steps[number - 1]);
        await perform(says);
        says.end();
        await workbench.screenshot(`tour-${number}`);
      });

    /** Presses a key or a button of the README, and waits until the debugger has stopped elsewhere. */
    const press = (key, isThere) => move(() => page.keyboard.press(key.replace('Ctrl', 'Control')), isThere);
    const pressButton = (label, isThere) => move(() => workbench.labelledButton(label).click(), isThere);

    async function move(act, isThere = () => true) {
      const before = await workbench.frames();
      await act();
      return workbench.untilStop((frames, reason) => !sameFrames(frames, before) && isThere(frames, reason));
    }

    const stoppedOn = (event, node) => (_frames, reason) => reason.startsWith(`Paused on ${event} at ${node}`);

    step(1, 'F5 stops at the line that reports a new term', async (says) => {
      const file = says.code();
      assert.equal(path.basename(firstFile), file);
      await workbench.untilOpen(file);
      await page.locator('.codelens-decoration', { hasText: 'Debug' }).first().waitFor();
      await workbench.focusEditor();
      const key = says.bold();
      const [breakOn, event, source] = [says.code(), says.code(), says.take('[`raft.ts`]', '`raft.ts`')];
      assert.match(readFileSync(firstFile, 'utf8'), new RegExp(`^${breakOn}: \\[${event}\\]$`, 'm'));
      const node = says.words(/(n\d) is about to report/);
      await press(key, stoppedOn(event, node));
      const [top] = await workbench.frames();
      assert.ok(source.includes(top.file));
      assert.match(raft[top.line - 1], new RegExp(`node\\.event\\('${event}'`));
      await page.locator(`.tab.active[data-resource-name="${top.file}"]`).waitFor();
      await workbench.stoppedLine.waitFor();
      assert.match(says.text, new RegExp(`${node} is in term 1, and has not voted yet`));
      await workbench.variable(/^currentTerm\s*=\s*1/);
      await workbench.variable(/^votedFor\s*=\s*null/);
      assert.match(await shown('cluster'), /TermChanged at n5/);
      assert.doesNotMatch(await shown('cluster'), /RequestVote/);
    });

    step(2, 'the call stack leads from the function to the scenario', async (says) => {
      says.take('**call stack**');
      says.take('*what led here*');
      const frames = await workbench.frames();
      assert.deepEqual(
        frames.map(({ name, file }) => [name.replace(/ · \d.*/, ''), file]),
        [
          ['changeTerm', 'raft.ts'],
          ['becomeCandidate', 'raft.ts'],
          ['election timer · n5', 'raft.ts'],
          ['wait until ElectionTimedOut', path.basename(firstFile)],
        ],
      );
    });

    step(3, 'F10 finishes the action, and then takes the next one', async (says) => {
      await press(says.bold());
      await workbench.variable(/^votedFor\s*=\s*"n5".*← was null/);
      assert.match(await shown('cluster'), /Messages \(4\)/);
      const marks = (await workbench.panel('cluster')).locator('svg [data-message^="n5->"]');
      const names = await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('aria-label')));
      const receivers = names.map((name) => /^RequestVote from n5 to (n\d)\b/.exec(name)?.[1]);
      assert.deepEqual(receivers.toSorted(), ['n1', 'n2', 'n3', 'n4']);
      const key = says.bold();
      const node = says.words(/the next one is `TermChanged` at (n\d)/);
      await press(key, stoppedOn(says.code(), node));
      assert.equal(says.italic(), 'Variables');
      await workbench.variable(/←/);
      for (const panel of [says.italic(), says.italic()]) {
        await page.locator('.tab', { hasText: panel }).waitFor();
        const text = await shown(panel.toLowerCase());
        for (const id of ['n1', 'n2', 'n3', 'n4', 'n5']) assert.ok(text.includes(id), `${panel}: ${id}`);
        assert.ok(text.includes('RequestVote'), panel);
      }
      await chooseInFilter(says.italic());
      await readSpaceTime(says.italic());
    });

    /** What the README says of the filter of Sequence. */
    async function chooseInFilter(button) {
      const sequence = await workbench.panel('sequence');
      const fold = sequence.getByRole('button', { name: button });
      await fold.click();
      const filters = sequence.locator('.filters');
      await filters.getByLabel('Only one request').waitFor();
      for (const name of ['n1', 'n5', 'RequestVote', 'Fold heartbeats']) {
        await filters.getByLabel(name).first().waitFor();
      }
      const message = filters.getByLabel('RequestVote', { exact: true });
      const diagram = sequence.locator('.picture');
      const rows = async (isThere) => /RequestVote/.test(await diagram.textContent()) === isThere || undefined;
      await message.click();
      await eventually(() => rows(false), 'the sequence without RequestVote');
      await filters.getByRole('button', { name: 'Show everything' }).click();
      await eventually(() => rows(true), 'the sequence with RequestVote');
      await fold.click();
      await filters.waitFor({ state: 'detached' });
    }

    /** What the README says of Space-Time; its tab is closed at the end. */
    async function readSpaceTime(command) {
      await workbench.command(command);
      const panel = await workbench.panel('spacetime');
      await panel.locator('canvas').waitFor();
      await eventually(async () => {
        await pointAtRows(panel.locator('.stage'));
        return (await panel.locator('.tip').count()) > 0 || undefined;
      }, 'an event below the pointer');
      await panel.getByText(/\d+ before it, \d+ after it, \d+ concurrent/).first().waitFor();
      // Beside the Cluster panel there is little room.
      await panel.getByRole('button', { name: 'Options' }).click();
      const search = panel.getByRole('searchbox');
      await search.fill('event.name == "TermChanged"');
      await search.press('Enter');
      await panel.getByText(/^\s*(1 of \d+|\d+ match(es)?)\s*$/).waitFor();
      // This scenario has no twin, so none is offered.
      const choices = panel.getByLabel('Compare with').locator('option');
      assert.equal(await choices.filter({ hasText: 'twin' }).count(), 0);
      await workbench.screenshot('tour-3-space-time');
      await workbench.command('View: Close Editor');
      await page.locator('.tab', { hasText: 'Space-Time' }).waitFor({ state: 'detached' });
      await workbench.focusEditor();
    }

    /** Moves the pointer over the rows of the nodes until it is at an event. */
    async function pointAtRows(stage) {
      const { x, y, width, height } = await stage.boundingBox();
      for (let down = 8; down < height; down += 8) {
        for (let right = 40; right < width; right += 9) {
          await page.mouse.move(x + right, y + down);
          if ((await stage.locator('.tip').count()) > 0) return;
        }
      }
    }

    step(4, 'Step Back, forward again, Reverse', async (says) => {
      const seen = async () => [await workbench.frames(), await shown('cluster'), await shown('sequence')];
      const before = await seen();
      await pressButton(says.bold());
      assert.notDeepEqual(await seen(), before);
      await press('F10', stoppedOn('TermChanged', 'n1'));
      await eventually(
        async () => (JSON.stringify(await seen()) === JSON.stringify(before) ? true : undefined),
        'exactly the same stop as before',
      );
      await pressButton(says.bold(), stoppedOn('TermChanged', says.words(/where (n\d) is about to report/)));
    });

    step(5, 'another event, a condition, and breakpoints on lines', async (says) => {
      const view = says.italic();
      await page.locator('.pane-header', { hasText: view }).waitFor();
      await workbench.tickBreakpoint(says.code(), false);
      const event = says.code();
      await workbench.tickBreakpoint(event);
      const key = says.bold();
      await press(key, stoppedOn(event, 'n5'));
      await workbench.setCondition(event, says.code());
      await pressButton('Step Back');
      await press(key, stoppedOn(event, 'n5'));
      assert.equal(says.code(), 'raft.ts');
      await workbench.toggleLineBreakpoint('raft.ts');
      await workbench.openFile(path.basename(firstFile));
      const lines = readFileSync(firstFile, 'utf8').split('\n');
      await workbench.goToLine(lines.findIndex((line) => line.includes('- wait until LeaderElected')) + 1);
      await workbench.toggleLineBreakpoint(path.basename(firstFile));
    });

    step(6, 'to where a message goes, through the lines of its handler, and into the next', async (says) => {
      await press(says.bold());
      const title = says.italic();
      const [, key] = new RegExp(`\\*${title}\\* \\((.+?)\\)`).exec(says.text);
      const target = await workbench.choose(key.replace('Ctrl', 'Control'), 'follow: ');
      const message = target.split(' ')[1];
      await workbench.untilStop(([top]) => top?.name.startsWith(`${message} `));
      const entry = await workbench.frames();
      await press(says.bold());
      await workbench.variable(/^Locals/);
      await press(says.bold());
      const back = says.bold();
      await pressButton(back);
      // How many rows of a long stack are drawn differs with the views beside it, and with time.
      const top = (frames) => frames.slice(0, 1);
      await pressButton(back, (frames) => sameFrames(top(frames), top(entry)));
      await press(says.bold());
      await press(says.bold(), ([top]) => /^\w+ · n\d → n\d/.test(top?.name ?? ''));
      assert.notDeepEqual(await workbench.frames(), entry);
    });

    step(7, 'expressions and commands of the console, and back from their branch', async (says) => {
      await pressButton(says.bold(), stoppedOn('LeaderElected', 'n5'));
      // On a busy machine the rows change before the reason does: the stop is whole with both.
      const before = await press(says.bold(), (_frames, reason) => reason.startsWith('Paused on step'));
      says.take('**debug console**');
      await workbench.toggleConsole(true);
      await workbench.typed(says.code(), /\[\]/);
      await workbench.typed(says.code(), /\[.*n5/);
      await workbench.typed(says.code(), /^drop n5->n3#\d+: lost/);
      for (const command of [says.code(), says.code()]) {
        await workbench.typed(command, new RegExp(`^${command.split(' ')[0]} .*: done`));
      }
      await eventually(async () => /branch 1/.test(await shown('cluster')) || undefined, 'the branch');
      await workbench.labelledButton(says.italic().replace('Lockstep: ', '')).waitFor();
      await workbench.command('Lockstep: Leave Branch');
      await workbench.untilStop((frames) => sameVisible(frames, before)).catch((error) => {
        throw new Error(`${error.message}; before the branch it was ${JSON.stringify(before)}`);
      });
      await eventually(
        async () => /Where branch 1 parted/.test(await shown('cluster')) || undefined,
        'the moment where the branch parted',
      );
      assert.doesNotMatch(await shown('cluster'), /crashed/);
      await workbench.command(`Focus on ${says.bold()} View`);
      for (const run of ['First run', 'Branch 1']) {
        await workbench.page.locator('.monaco-list-row', { hasText: run }).first().waitFor();
      }
      await workbench.toggleConsole(true);
      await workbench.typed(says.code(), /heal/);
    });

    it('VS Code remembers ticks and conditions for later sessions', async () => {
      const says = new TourReader(steps[4]);
      assert.match(says.text, /VS Code remembers ticks and conditions for later sessions/);
      const [event, condition] = [says.words(/, tick `(\w+)`/), says.words(/such as `([^`]+)`/)];
      await workbench.command('Debug: Stop');
      await workbench.toolbar.waitFor({ state: 'hidden' });
      await workbench.openFile(path.basename(firstFile));
      await workbench.focusEditor();
      await press('F5', stoppedOn(event, 'n5'));
      await workbench.breakpointRows.filter({ hasText: event }).filter({ hasText: condition }).waitFor();
    });
  });
}

/** Runs in a frame. */
function wholeText(panel) {
  const text = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    return [node.shadowRoot, ...node.childNodes].map((one) => (one ? text(one) : '')).join('');
  };
  return text(panel).replaceAll(/\s+/g, ' ');
}

/** The list draws as many rows as fit, and loads the lower ones later. */
function sameVisible(one, other) {
  const length = Math.min(one.length, other.length);
  return length > 0 && sameFrames(one.slice(0, length), other.slice(0, length));
}

function sameFrames(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
