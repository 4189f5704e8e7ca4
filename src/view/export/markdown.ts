/** A picture of a panel as Markdown: the picture, the moment in words, and what it shows as tables. */
import type { Moment } from '../contract.ts';
import { placeText } from '../panel-words/export.ts';
import { actionSummary, stopReason } from '../panel-words/moment.ts';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Described {
  readonly title: string;
  readonly moment: Moment;
  /** The text alternative, a line each. */
  readonly lines: readonly string[];
  readonly tables: readonly Table[];
  readonly picture:
    | { readonly type: 'mermaid'; readonly text: string }
    /** A file beside that of the text. */
    | { readonly type: 'file'; readonly name: string };
}

export function markdownOf({ title, moment, lines, tables, picture }: Described): string {
  const what = actionSummary(moment.action);
  const why = stopReason(moment.stop);
  const parts = [
    `# ${plain(title)}`,
    plain(placeText(moment)),
    ...(what === '' ? [] : [`**What happened.** ${plain(what)}`]),
    ...(why === '' ? [] : [`**Why the debugger stopped.** ${plain(why)}`]),
    picture.type === 'mermaid'
      ? fenced(picture.text, 'mermaid')
      : `![${plain(title)}](${encodeURI(picture.name)})`,
    '## In words',
    lines.map((line) => `- ${plain(line)}`).join('\n'),
    ...tables.filter(({ rows }) => rows.length > 0).map(tableText),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function tableText({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  const rule = `| ${columns.map(() => '---').join(' | ')} |`;
  return [`## ${plain(title)}`, '', line(columns), rule, ...rows.map(line)].join('\n');
}

/** The fence is longer than any in the text, so that nothing in it ends the block. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** Text of scenarios and protocols on one line, with nothing that Markdown or HTML reads as markup. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~#!]/g, '\\$&')
    .replace(/^([-+=]|\d+[.)])/, '\\$1');
}
