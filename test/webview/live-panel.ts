/** A panel in Chromium with a real adapter behind it: each receives what the other sends. */

import path from 'node:path';
import type { Browser } from 'playwright-core';
import type {
  PanelAnswer, PanelEvent, PanelMessage, ViewEvent, Views,
} from '../../src/view/contract.ts';
import { eventFor } from '../../src/view/panel-event.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { Host } from '../dap/inline-host.ts';
import { openPanel, type PanelOptions, type PanelPage } from './panel-page.ts';

export type Stopped = Extract<ViewEvent, { type: 'stopped' }>;

/** An adapter that has launched a scenario and stopped at its start. */
export async function launched(program: string, more: object = {}): Promise<Host> {
  const host = new Host();
  await host.launch({ panels: true, program, ...more });
  return host;
}

export interface LivePanel<Name extends PanelName> extends PanelPage<Name> {
  /** Does something that leads to a view of this panel, and waits until that is drawn. */
  after(act: () => Promise<unknown>): Promise<{ stop: Stopped; view: Views[Name] }>;
  /** Goes to a step, even if the run has to be recorded up to there. */
  goTo(step: number): Promise<{ stop: Stopped; view: Views[Name] }>;
}

/** Opens a panel on a sample, such as `raft/first-election`, and goes to a step of it. */
export async function openSample<Name extends PanelName>(
  browser: Browser,
  panel: Name,
  { story, step, size }: { story: string; step: number; size: PanelOptions },
): Promise<LivePanel<Name>> {
  const program = path.resolve('samples', `${story}.scenario.yaml`);
  const host = await launched(program, { stopOnEntry: true });
  const live = await openLive(browser, host, panel, size);
  await live.goTo(step);
  return live;
}

/** Opens a panel on a session. Several panels may be open on one. */
export async function openLive<Name extends PanelName>(
  browser: Browser,
  host: Host,
  panel: Name,
  options: PanelOptions = {},
): Promise<LivePanel<Name>> {
  const before = viewsOf(host, panel).length;
  const receive = (message: PanelMessage) => obey(host, message, (answer) => post(answer));
  const opened = await openPanel(browser, panel, { ...options, receive });
  const post = async (event: PanelEvent<Name> | PanelAnswer) => {
    // The test may end while the adapter still sends.
    if (opened.isOpen()) {
      await opened.page.evaluate((sent) => window.postMessage(sent, '*'), event).catch(() => {});
    }
  };
  let posted = Promise.resolve();
  const forward = (event: ViewEvent) => {
    const own = eventFor(event, panel);
    if (own) posted = posted.then(() => post(own));
  };
  host.listen((message) => {
    const { event, body } = message as unknown as { event?: string; body: ViewEvent };
    if (event === 'lockstep/view') forward(body);
  });
  for (const stop of viewsOf(host, panel).slice(before)) forward(stop);

  async function drawn(count: number) {
    const stop = await host.received(() => viewsOf(host, panel)[count - 1]);
    await posted;
    await opened.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
    );
    return { stop, view: stop.views[panel]! };
  }

  async function after(act: () => Promise<unknown>) {
    const count = viewsOf(host, panel).length;
    await act();
    return drawn(count + 1);
  }

  await drawn(before + 1);
  const goTo = (step: number) =>
    after(() => host.ask('lockstep/panel', { type: 'run to', step }));
  return { ...opened, after, goTo };
}

async function obey(
  host: Host,
  message: PanelMessage,
  reply: (answer: PanelAnswer) => Promise<void>,
): Promise<void> {
  if (['has focus', 'heard', 'shortcut', 'playing', 'speed'].includes(message.type)) return;
  if (message.type !== 'ask') return void (await host.send('lockstep/panel', message));
  const { number, ...command } = message;
  const { success, body, message: why = '' } = await host.send('lockstep/panel', command);
  if (!success) return reply({ type: 'no answer', number, why });
  return reply({ type: 'answer', number, answer: (body as { answer: never }).answer });
}

/** The stops so far that hold a view of this panel. */
function viewsOf(host: Host, panel: PanelName): Stopped[] {
  return host.messages
    .map((message) => message as unknown as { event?: string; body: ViewEvent })
    .flatMap(({ event, body }) => {
      const isOwn = event === 'lockstep/view' && body.type === 'stopped' && body.views[panel];
      return isOwn ? [body as Stopped] : [];
    });
}
