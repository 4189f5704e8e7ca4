/** Intervals as a Mermaid Gantt chart: one section for each row. */
import { mermaidLabel } from './label.ts';

export interface GanttSection {
  readonly title: string;
  readonly bars: readonly GanttBar[];
}

export interface GanttBar {
  readonly text: string;
  /** Whole numbers: the axis counts milliseconds. */
  readonly from: number;
  readonly to: number;
  /** `crit` is drawn in the colour of errors, `done` in a quiet one. */
  readonly look: 'plain' | 'crit' | 'done';
}

/** At the beginning of a line, Mermaid reads these as statements. */
const statements =
  /^(section|title|click|includes|excludes|todayMarker|weekday|weekend|dateFormat|axisFormat)/i;
const more = /^(inclusiveEndDates|topAxis|tickInterval|accTitle|accDescr|gantt|call|href)/i;

export function ganttText(title: string, sections: readonly GanttSection[]): string {
  const lines = [
    'gantt',
    `    title ${mermaidLabel(title)}`,
    '    dateFormat x',
    '    axisFormat %s.%L s',
    '    todayMarker off',
  ];
  for (const { title: name, bars } of sections) {
    if (bars.length === 0) continue;
    lines.push(`    section ${mermaidLabel(name)}`);
    for (const { text, from, to, look } of bars) {
      const tags = look === 'plain' ? '' : `${look}, `;
      lines.push(`    ${task(text)} :${tags}${from}, ${Math.max(to, from + 1)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function task(text: string): string {
  const label = mermaidLabel(text, 80);
  if (!statements.test(label) && !more.test(label)) return label;
  return `#${label.codePointAt(0)};${label.slice(1)}`;
}
