/** A history of client operations as a Mermaid Gantt chart: a section for each process. */
import type { HistoryView } from '../../history/history-view.ts';
import { labels } from '../../panel-words/export.ts';
import { type GanttBar, ganttText } from './gantt.ts';

/** Positions have no unit: a second of the axis is one of them. */
const perPosition = 1_000;

export function historyToMermaid({ operations }: HistoryView): string {
  const last = Math.max(0, ...operations.map(({ invoked, returned }) => returned ?? invoked)) + 1;
  const processes = [...new Set(operations.map(({ process }) => process))];
  const sections = processes.map((process) => ({
    title: process,
    bars: operations.filter((one) => one.process === process).map(
      ({ text, invoked, returned, outcome }): GanttBar => ({
        text: outcome === 'ok' ? text : `${text} (${labels[outcome]})`,
        from: invoked * perPosition,
        to: (returned ?? last) * perPosition,
        look: outcome === 'failed' ? 'crit' : outcome === 'unknown' ? 'done' : 'plain',
      }),
    ),
  }));
  return ganttText(labels.historyTitle, sections);
}
