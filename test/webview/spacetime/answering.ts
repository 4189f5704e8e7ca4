/** The page of the Space-Time panel with an adapter behind it: a real session and its source. */
import type { Reading } from '../../../src/session/read/reading.ts';
import { momentOf } from '../../../src/view/moment.ts';
import { SpacetimeSource } from '../../../src/view/spacetime/spacetime-source.ts';
import type { SpacetimeSelection } from '../../../src/view/spacetime/spacetime-view.ts';
import type { PanelPage } from '../panel-page.ts';

export interface Answering {
  readonly source: SpacetimeSource;
  /** Sends the view of where the session is. */
  show(selection?: SpacetimeSelection): Promise<void>;
  /** Resolves once the page has read all steps. */
  read(): Promise<void>;
}

export async function answering(
  panel: PanelPage<'spacetime'>,
  reading: Reading,
): Promise<Answering> {
  const source = new SpacetimeSource();
  const { page } = panel;
  await page.exposeFunction('answerOf', (question: unknown) => {
    const asked = source.asked(question);
    return asked && source.answer(reading, asked);
  });
  await page.evaluate(() => {
    const { answerOf } = window as unknown as { answerOf(question: unknown): Promise<unknown> };
    const push = window.posted.push.bind(window.posted);
    window.posted.push = (message) => {
      if (message.type !== 'ask') return push(message);
      const { number, question } = message;
      void answerOf(question).then((answer) =>
        window.postMessage({ type: 'answer', number, answer }, '*'));
      return 0;
    };
  });
  const read = async () => {
    await page.waitForFunction(() => {
      const element = document.querySelector('lockstep-spacetime') as unknown as {
        stage: { lanes: { isWhole: boolean }[] };
      };
      const { lanes } = element.stage;
      return lanes.length > 0 && lanes.every(({ isWhole }) => isWhole);
    });
  };
  return {
    source,
    show: (selection = source.selection) => {
      const moment = momentOf(reading, { type: 'step' });
      return panel.send({ type: 'stopped', moment, view: source.view(reading, selection) });
    },
    read,
  };
}
