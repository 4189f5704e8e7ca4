/** The adapter computes and sends the views of open panels only, each event about one moment. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Reading } from '../../src/session/read/reading.ts';
import type { ViewEvent } from '../../src/view/contract.ts';
import { LimitError } from '../../src/kernel/text/execution-limits.ts';
import type { PanelSource } from '../../src/view/panel-source.ts';
import { panelSources } from '../../src/view/panel-sources.ts';
import { type PanelName, panelNames } from '../../src/view/panels.ts';
import { scenarios } from '../dap/client.ts';
import { Host } from '../dap/inline-host.ts';

type OfType<Type extends ViewEvent['type']> = Extract<ViewEvent, { type: Type }>;

/** A host that shows panels and counts how often each view is computed. */
class PanelHost extends Host {
  readonly computed: PanelName[] = [];

  constructor() {
    super();
    for (const name of panelNames) {
      const original = panelSources[name];
      vi.spyOn(panelSources, name).mockImplementation(() => {
        const source: PanelSource<never> = original() as never;
        const view = (reading: Reading, selection: never) => {
          this.computed.push(name);
          return source.view(reading, selection);
        };
        return { ...source, view } as never;
      });
    }
  }

  /**
   * The `count`th event of a type for the panels. Stops are counted apart, because a slow machine
   * also announces that the run goes on.
   */
  view<Type extends ViewEvent['type']>(type: Type, count: number): Promise<OfType<Type>> {
    return this.received(() => this.views(type)[count - 1]);
  }

  views<Type extends ViewEvent['type']>(type: Type): OfType<Type>[] {
    return this.messages
      .map((message) => message as unknown as { event?: string; body: ViewEvent })
      .filter(({ event, body }) => event === 'lockstep/view' && body.type === type)
      .map(({ body }) => body as OfType<Type>);
  }

  stop(count: number) {
    return this.view('stopped', count);
  }

  panel(type: 'ready' | 'hidden', panel: PanelName) {
    return this.ask('lockstep/panel', { type, panel });
  }

  next() {
    return this.ask('next', { threadId: 1 });
  }
}

function panelsIn({ views }: OfType<'stopped'>): string[] {
  return Object.keys(views);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('views', () => {
  test('are not computed while no panel is open: only the moment is sent', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    for (let count = 1; count < 4; count++) {
      expect(await host.stop(count)).toMatchObject({ moment: { step: count - 1 } });
      expect(panelsIn(await host.stop(count))).toEqual([]);
      await host.next();
    }
    await host.stop(4);
    expect(host.computed).toEqual([]);
  });

  test('are not sent to a client without panels', async () => {
    const host = new PanelHost();
    await host.launch();
    await host.next();
    await host.event('stopped', 2);
    await host.panel('ready', 'cluster');
    // The first event of all is that for the panel.
    expect(await host.stop(1)).toMatchObject({ moment: { step: 1 } });
    expect(host.computed).toEqual(['cluster']);
  });

  test('go to a newly opened panel at once, then to each open panel at each stop', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.stop(1);
    await host.panel('ready', 'sequence');
    expect(panelsIn(await host.stop(2))).toEqual(['sequence']);
    await host.next();
    expect(panelsIn(await host.stop(3))).toEqual(['sequence']);
    expect(host.computed).toEqual(['sequence', 'sequence']);
    await host.panel('ready', 'cluster');
    expect(panelsIn(await host.stop(4))).toEqual(['cluster']);
    await host.next();
    expect(panelsIn(await host.stop(5)).sort()).toEqual(['cluster', 'sequence']);
  });

  test('are no longer computed once the panel is hidden', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    for (const panel of panelNames) await host.panel('ready', panel);
    await host.panel('hidden', 'sequence');
    const before = host.computed.filter((name) => name === 'sequence').length;
    await host.next();
    const event = await host.received(() =>
      host.views('stopped').find(({ moment }) => moment.step === 1),
    );
    expect(panelsIn(event)).toEqual(panelNames.filter((name) => name !== 'sequence'));
    expect(host.computed.filter((name) => name === 'sequence')).toHaveLength(before);
  });

  test('of one event describe one moment', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.stop(1);
    // Both panels load at once, while the debugger takes a step.
    const requests = [
      host.panel('ready', 'cluster'),
      host.next(),
      host.panel('ready', 'sequence'),
    ];
    await Promise.all(requests);
    const event = await host.stop(2);
    const { moment, views } = event;
    expect(moment.step).toBe(1);
    expect(panelsIn(event).sort()).toEqual(['cluster', 'sequence']);
    const current = views.sequence!.items.filter(({ current: isCurrent }) => isCurrent);
    expect(current.every(({ step }) => step === moment.step)).toBe(true);
    expect(views.cluster!.nodes).toHaveLength(views.sequence!.participants.length);
  });

  test('that fail say so to their panel alone, and are tried again at the next stop', async () => {
    const host = new PanelHost();
    const original = panelSources.sequence;
    let attempts = 0;
    vi.spyOn(panelSources, 'sequence').mockImplementation(() => {
      const source: PanelSource<never> = original() as never;
      const view = (reading: Reading, selection: never) => {
        if (attempts++ === 0) throw new Error('no item has step 1');
        return source.view(reading, selection);
      };
      return { ...source, view } as never;
    });
    await host.launch({ panels: true });
    await host.stop(1);
    await host.panel('ready', 'cluster');
    expect(panelsIn(await host.stop(2))).toEqual(['cluster']);
    await host.panel('ready', 'sequence');
    expect(await host.view('failed', 1)).toEqual({
      type: 'failed', failures: { sequence: 'no item has step 1' },
    });
    expect(panelsIn(await host.stop(3))).toEqual([]);
    await host.next();
    expect(panelsIn(await host.stop(4)).sort()).toEqual(['cluster', 'sequence']);
    expect(host.views('failed')).toHaveLength(1);
  });

  test('that take too long end the attempts, and each panel says why', async () => {
    const host = new PanelHost();
    const view = () => {
      throw new LimitError('action-time-limit');
    };
    const original = panelSources.cluster();
    vi.spyOn(panelSources, 'cluster').mockReturnValue({ ...original, view } as never);
    await host.launch({ panels: true });
    await host.stop(1);
    await Promise.all([host.panel('ready', 'cluster'), host.panel('ready', 'sequence')]);
    const { failures } = await host.view('failed', 1);
    expect(Object.keys(failures)).toEqual(['cluster', 'sequence']);
    expect(host.computed).toEqual([]);
  });

  test('wait for the next stop if the panel opens while the run goes on', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true, program: `${scenarios}/long.scenario.yaml` });
    await host.stop(1);
    await host.ask('continue', { threadId: 1 });
    await host.view('running', 1);
    await host.panel('ready', 'cluster');
    await host.view('running', 2);
    expect(host.computed).toEqual([]);
    await host.ask('pause', { threadId: 1 });
    expect(await host.stop(2)).toMatchObject({ moment: { stop: { type: 'pause' } } });
    expect(host.computed).toEqual(['cluster']);
  });
});

describe('a panel', () => {
  test('goes to a step, and takes an action on a new branch', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.stop(1);
    await host.next();
    await host.stop(2);
    await host.ask('lockstep/panel', { type: 'goto', step: 0 });
    expect(await host.stop(3)).toMatchObject({ moment: { step: 0, steps: 1, branch: 0 } });
    await host.ask('lockstep/panel', { type: 'take', action: 'crash n1' });
    expect(await host.stop(4)).toMatchObject({
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
    await host.stop(1);
    await host.ask('continue', { threadId: 1 });
    await host.stop(2);
    await host.ask('continue', { threadId: 1 });
    expect(await host.view('ended', 1)).toMatchObject({
      ending: { stoppedEarly: false, counts: { violated: 0, unknown: 0 } },
    });
  });

  test('learns that the run was stopped early', async () => {
    const host = new PanelHost();
    await host.launch({ panels: true });
    await host.stop(1);
    await host.ask('terminate');
    expect(await host.view('ended', 1)).toMatchObject({
      ending: { stoppedEarly: true, verdicts: [] },
    });
  });
});
