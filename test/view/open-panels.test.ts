/** The adapter computes and sends the views of open panels only, each event about one moment. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Reading } from '../../src/session/read/reading.ts';
import type { ViewEvent } from '../../src/view/contract.ts';
import { panelViews } from '../../src/view/panel-views.ts';
import { type PanelName, panelNames } from '../../src/view/panels.ts';
import { scenarios } from '../dap/client.ts';
import { Host } from '../dap/inline-host.ts';

/** A host that shows panels and counts how often each view is computed. */
class PanelHost extends Host {
  readonly computed: PanelName[] = [];

  constructor() {
    super();
    for (const name of panelNames) {
      const original = panelViews[name] as (reading: Reading) => never;
      vi.spyOn(panelViews, name).mockImplementation((reading: Reading) => {
        this.computed.push(name);
        return original(reading);
      });
    }
  }

  /** The `count`th event for the panels. */
  async view(count: number): Promise<ViewEvent> {
    return (await this.event('lockstep/view', count)).body as ViewEvent;
  }

  panel(type: 'ready' | 'hidden', panel: PanelName) {
    return this.ask('lockstep/panel', { type, panel });
  }

  next() {
    return this.ask('next', { threadId: 1 });
  }
}

function panelsIn(event: ViewEvent): string[] {
  return event.type === 'stopped' ? Object.keys(event.views) : [];
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('views', () => {
  test('are not computed while no panel is open: only the moment is sent', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    for (let count = 1; count < 4; count++) {
      expect(await host.view(count)).toMatchObject({ type: 'stopped', moment: { step: count - 1 } });
      expect(panelsIn(await host.view(count))).toEqual([]);
      await host.next();
    }
    await host.view(4);
    expect(host.computed).toEqual([]);
  });

  test('are not sent to a client without panels', async () => {
    const host = new PanelHost();
    await host.launch();
    await host.next();
    await host.event('stopped', 2);
    await host.panel('ready', 'cluster');
    // The first event of all is that for the panel.
    expect(await host.view(1)).toMatchObject({ type: 'stopped', moment: { step: 1 } });
    expect(host.computed).toEqual(['cluster']);
  });

  test('go to a newly opened panel at once, then to each open panel at each stop', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.view(1);
    await host.panel('ready', 'sequence');
    expect(panelsIn(await host.view(2))).toEqual(['sequence']);
    await host.next();
    expect(panelsIn(await host.view(3))).toEqual(['sequence']);
    expect(host.computed).toEqual(['sequence', 'sequence']);
    await host.panel('ready', 'cluster');
    expect(panelsIn(await host.view(4))).toEqual(['cluster']);
    await host.next();
    expect(panelsIn(await host.view(5)).sort()).toEqual(['cluster', 'sequence']);
  });

  test('are no longer computed once the panel is hidden', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    for (const panel of panelNames) await host.panel('ready', panel);
    await host.panel('hidden', 'sequence');
    const before = host.computed.filter((name) => name === 'sequence').length;
    const seen = host.messages.length;
    await host.next();
    const event = await host.received((message) => {
      const { event: name, body } = message as unknown as { event?: string; body: ViewEvent };
      const isLater = host.messages.indexOf(message) >= seen;
      return isLater && name === 'lockstep/view' && body.type === 'stopped' && body.moment.step === 1
        ? body
        : undefined;
    });
    expect(panelsIn(event)).toEqual(['cluster']);
    expect(host.computed.filter((name) => name === 'sequence')).toHaveLength(before);
  });

  test('of one event describe one moment', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.view(1);
    // Both panels load at once, while the debugger takes a step.
    const requests = [
      host.panel('ready', 'cluster'),
      host.next(),
      host.panel('ready', 'sequence'),
    ];
    await Promise.all(requests);
    const event = await host.view(2);
    if (event.type !== 'stopped') throw new Error(event.type);
    const { moment, views } = event;
    expect(moment.step).toBe(1);
    expect(panelsIn(event).sort()).toEqual(['cluster', 'sequence']);
    const current = views.sequence!.items.filter(({ current: isCurrent }) => isCurrent);
    expect(current.every(({ step }) => step === moment.step)).toBe(true);
    expect(views.cluster!.nodes).toHaveLength(views.sequence!.participants.length);
  });

  test('wait for the next stop if the panel opens while the run goes on', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true, program: `${scenarios}/long.scenario.yaml` });
    await host.view(1);
    await host.ask('continue', { threadId: 1 });
    expect(await host.view(2)).toMatchObject({ type: 'running' });
    await host.panel('ready', 'cluster');
    expect(await host.view(3)).toMatchObject({ type: 'running' });
    expect(host.computed).toEqual([]);
    await host.ask('pause', { threadId: 1 });
    expect(await host.view(4)).toMatchObject({ type: 'stopped', moment: { stop: { type: 'pause' } } });
    expect(host.computed).toEqual(['cluster']);
  });
});

describe('a panel', () => {
  test('goes to a step, and takes an action on a new branch', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.view(1);
    await host.next();
    await host.view(2);
    await host.ask('lockstep/panel', { type: 'goto', step: 0 });
    expect(await host.view(3)).toMatchObject({ moment: { step: 0, steps: 1, branch: 0 } });
    await host.ask('lockstep/panel', { type: 'take', action: 'crash n1' });
    expect(await host.view(4)).toMatchObject({
      moment: { branch: 1, step: 1, action: { command: 'crash n1', sentence: 'n1 crashes' } },
    });
  });

  test('is refused if its name is unknown', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await expect(host.ask('lockstep/panel', { type: 'ready', panel: 'x' })).rejects.toThrow(
      'Panels have no command {"type":"ready","panel":"x"}.',
    );
  });

  test('receives the verdicts at the end of the run', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.view(1);
    await host.ask('continue', { threadId: 1 });
    const stop = await host.view(2);
    // The run may take longer than one slice.
    const count = stop.type === 'running' ? 4 : 3;
    await host.view(count - 1);
    await host.ask('continue', { threadId: 1 });
    expect(await host.view(count)).toMatchObject({
      type: 'ended',
      ending: { stoppedEarly: false, counts: { violated: 0, unknown: 0 } },
    });
  });

  test('learns that the run was stopped early', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.view(1);
    await host.ask('terminate');
    expect(await host.view(2)).toMatchObject({
      type: 'ended',
      ending: { stoppedEarly: true, verdicts: [] },
    });
  });
});
