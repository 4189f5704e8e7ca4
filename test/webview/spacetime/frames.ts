/** How long frames take while a run scrolls and zooms, measured in the page. */
import type { Page } from 'playwright-core';
import type { PanelAnswer } from '../../../src/view/contract.ts';
import type { Many } from './many.ts';
import type { PanelPage } from '../panel-page.ts';

/** Milliseconds: from frame to frame, and of the drawing itself. */
export interface Frames {
  readonly apart: readonly number[];
  readonly drawing: readonly number[];
}

/** Shows a run and waits until the page has read all of it. */
export async function showMany(panel: PanelPage<'spacetime'>, many: Many): Promise<void> {
  const { page } = panel;
  await page.exposeFunction('answerOf', (question: Parameters<Many['answer']>[0]) =>
    many.answer(question));
  await page.evaluate(() => {
    const { answerOf } = window as unknown as { answerOf(question: unknown): Promise<unknown> };
    const push = window.posted.push.bind(window.posted);
    window.posted.push = (message) => {
      if (message.type !== 'ask') return push(message);
      const { number, question } = message;
      void answerOf(question).then((answer) => {
        window.postMessage({ type: 'answer', number, answer } as PanelAnswer, '*');
      });
      return 0;
    };
  });
  await panel.send({ type: 'stopped', moment: many.moment, view: many.view });
  await page.waitForFunction(() => {
    const element = document.querySelector('lockstep-spacetime') as unknown as {
      stage: { lanes: { isWhole: boolean }[] };
    };
    return element.stage.lanes[0]?.isWhole;
  }, undefined, { timeout: readingMs, polling: 100 });
}

/** A busy machine passes on 100,000 messages slowly. */
const readingMs = 120_000;

export const motions = ['scroll', 'scroll the whole run', 'zoom'] as const;
export type MotionName = (typeof motions)[number];

/** Turns the wheel once in each frame. */
export function framesOf(page: Page, motion: MotionName, count: number): Promise<Frames> {
  return page.evaluate(
    async ({ kind, frames }) => {
      const panel = document.querySelector('lockstep-spacetime') as unknown as HTMLElement & {
        stage: { fit(): void; zoom(factor: number): void; draw(): void };
      };
      const stage = panel.shadowRoot!.querySelector('.stage')!;
      panel.stage.fit();
      if (kind === 'scroll') panel.stage.zoom(0.01);
      if (kind === 'scroll the whole run') panel.stage.zoom(0.5);
      const frame = () => new Promise<number>((at) => requestAnimationFrame(at));
      const apart: number[] = [];
      performance.clearMeasures('lockstep-spacetime');
      let last = await frame();
      for (let at = 0; at < frames; at++) {
        const isZoom = kind === 'zoom';
        const sign = Math.floor(at / 40) % 2 === 0 ? -1 : 1;
        const box = stage.getBoundingClientRect();
        stage.dispatchEvent(new WheelEvent('wheel', {
          deltaY: isZoom ? sign * 40 : sign * 60, ctrlKey: isZoom, cancelable: true,
          clientX: box.x + box.width / 2, clientY: box.y + 80,
        }));
        const now = await frame();
        apart.push(now - last);
        last = now;
      }
      const drawing = performance.getEntriesByName('lockstep-spacetime').map((one) => one.duration);
      return { apart, drawing };
    },
    { kind: motion, frames: count },
  );
}
