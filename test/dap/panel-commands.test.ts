/** Commands of panels: those of the console, one step, and to a step of the scenario. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, test } from 'vitest';
import type { ViewEvent } from '../../src/view/contract.ts';
import { panelSources } from '../../src/view/panel-sources.ts';
import { panelNames } from '../../src/view/panels.ts';
import { Host } from './inline-host.ts';

class PanelHost extends Host {
  private stops = 0;

  static async begun(args: object = {}): Promise<PanelHost> {
    const host = new PanelHost();
    await host.launch({ panels: true, stopOnEntry: true, ...args });
    await host.stop();
    return host;
  }

  command(command: object): Promise<DebugProtocol.Response> {
    return this.send('lockstep/panel', command);
  }

  /** The moment of the next stop. */
  async stop() {
    const count = ++this.stops;
    const found = await this.received(() => this.moments()[count - 1]);
    return found.moment;
  }

  private moments() {
    return this.messages.flatMap((message) => {
      const { event, body } = message as unknown as { event?: string; body: ViewEvent };
      return event === 'lockstep/view' && body.type === 'stopped' ? [body] : [];
    });
  }

  get console(): string {
    return this.messages
      .map((message) => message as DebugProtocol.OutputEvent)
      .flatMap(({ event, body }) => (event === 'output' ? [body.output] : []))
      .join('');
  }
}

describe('a selection of a panel', () => {
  test.each(panelNames)('%s: its default is taken, with its nulls, others are not', async (panel) => {
    const host = await PanelHost.begun();
    const { selection } = panelSources[panel]();
    const select = async (value: unknown) =>
      (await host.command({ type: 'select', panel, selection: value })).success;
    expect(await select(selection)).toBe(selection !== null);
    expect(await select('everything')).toBe(false);
  });
});

describe('a command of a panel', () => {
  test('does what the same line does in the console, and is echoed there', async () => {
    const [panel, typing] = [await PanelHost.begun(), await PanelHost.begun()];
    for (const command of ['crash n1', 'clock n2 jump +1s', 'partition n2 | n3', 'heal']) {
      expect(await panel.command({ type: 'do', command })).toMatchObject({ success: true });
      const typed = await typing.ask('evaluate', { expression: command, context: 'repl' });
      const [mine, other] = [await panel.stop(), await typing.stop()];
      expect(mine).toEqual(other);
      expect(panel.console).toContain(`> ${command}\n${(typed as { result: string }).result}\n`);
    }
  });

  test('is refused with the error of the command language, and nothing happens', async () => {
    const host = await PanelHost.begun();
    const refused = async (command: string) => (await host.command({ type: 'do', command })).message;
    expect(await refused('restart n1')).toBe('n1 is not crashed');
    expect(await refused('delay n1->n2 by soon')).toMatch(/^`soon` is not a duration/);
    expect(await refused('crash n9')).toMatch(/n9/);
    // Expressions are for the console alone.
    expect(await refused('n1.state')).toBe('`n1.state` is not a command');
    expect(await refused('help')).toBe('`help` is not a command');
    expect((await host.command({ type: 'do', command: 7 })).message).toMatch(/"command" must be/);
    expect(host.console).toBe('');
    await host.command({ type: 'step' });
    expect(await host.stop()).toMatchObject({ step: 1, branch: 0 });
  });

  test('can be asked for what is possible, and for what is wrong with another', async () => {
    const host = await PanelHost.begun();
    const ask = async (question: object) =>
      (await host.command({ type: 'ask', panel: 'cluster', question })).body as object;
    const { answer } = (await ask({ type: 'acts', of: { type: 'node', name: 'n1' } })) as {
      answer: { acts: object[] };
    };
    expect(answer.acts.slice(0, 2)).toEqual([
      { type: 'crash', on: 'n1', command: 'crash n1' },
      { type: 'restart', on: 'n1', command: 'restart n1', why: 'n1 is running' },
    ]);
    expect(await ask({ type: 'fault', command: 'crash n1' })).toEqual({
      answer: { type: 'fault', fault: '' },
    });
    const wrong = await host.command({ type: 'ask', panel: 'cluster', question: { type: 'who' } });
    expect(wrong.success).toBe(false);
  });
});

describe('a step of a panel', () => {
  test('is Step Over of the cluster: one action, a breakpoint in it, and the end', async () => {
    const host = await PanelHost.begun({ breakOn: ['LeaderElected'] });
    const reasons: string[] = [];
    for (let count = 0; count < 400; count++) {
      await host.command({ type: 'step' });
      const { stop, step } = await host.stop();
      if (stop.type !== 'step') reasons.push(stop.type);
      else if (reasons.length === 0) expect(step).toBe(count + 1);
      if (stop.type === 'end') break;
    }
    expect(reasons).toEqual(['event', 'event', 'end']);
  });
});

describe('a step of the scenario', () => {
  test('is reached forwards and backwards; a breakpoint on the way is hit', async () => {
    const host = await PanelHost.begun({ breakOn: ['LeaderElected'] });
    const go = async (index: number) => {
      expect(await host.command({ type: 'scenario step', index })).toMatchObject({ success: true });
      return host.stop();
    };
    expect((await go(1)).stop).toMatchObject({ type: 'event', name: 'LeaderElected' });
    const there = await go(1);
    expect(there.stop.type).toBe('goto');
    expect(there.action.events.map(({ name }) => name)).toContain('LeaderElected');
    expect((await go(0)).step).toBe(0);
    expect((await go(1)).step).toBe(there.step);
    // After the crash there is another election.
    expect((await go(99)).stop.type).toBe('event');
    expect((await go(99)).stop.type).toBe('end');
    expect((await host.command({ type: 'scenario step', index: -1 })).success).toBe(false);
  });
});
