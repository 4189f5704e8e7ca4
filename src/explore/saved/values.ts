/** Sets values at the top of a scenario's text. All else stays as its author wrote it. */
import { isMap, isScalar, type Node, parseDocument, type YAMLMap } from 'yaml';
import { takeStepLines } from '../../scenario/parse/step-lines.ts';

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** What is not there yet is added below the first entry, or behind it in `{ … }`. */
export function withValues(
  text: string,
  values: Readonly<Record<string, string | number>>,
): string {
  const { contents } = parseDocument(takeStepLines(text)?.rest ?? text, { uniqueKeys: false });
  if (!isMap(contents)) return text;
  const edits = Object.entries(values).map(([name, value]) => {
    return editFor(text, contents as YAMLMap<Node, Node | null>, name, written(value));
  });
  let edited = text;
  for (const { from, to, text: by } of edits.sort((a, b) => b.from - a.from)) {
    edited = edited.slice(0, from) + by + edited.slice(to);
  }
  return edited;
}

function editFor(
  text: string,
  map: YAMLMap<Node, Node | null>,
  name: string,
  value: string,
): Edit {
  const present = map.items.find(({ key }) => isScalar(key) && key.value === name);
  const range = present?.value?.range;
  if (range) {
    const [from, to] = range;
    // A key without a value has none between itself and the end of its line.
    const isEmpty = from === to && text[from - 1] === ':';
    const isBlock = text[to - 1] === '\n' && to > from;
    return { from, to, text: `${isEmpty ? ' ' : ''}${value}${isBlock ? '\n' : ''}` };
  }
  const [{ key, value: first }] = map.items;
  const [begin, keyEnd] = key.range!;
  const end = first?.range?.[1] ?? keyEnd;
  if (map.flow) return { from: end, to: end, text: `, ${name}: ${value}` };
  const indent = ' '.repeat(begin - (text.lastIndexOf('\n', begin - 1) + 1));
  return { from: begin, to: begin, text: `${name}: ${value}\n${indent}` };
}

/** Quoted if YAML would read more into it. */
function written(value: string | number): string {
  return typeof value === 'number' || /^[\w./-]+$/.test(value) ? `${value}` : JSON.stringify(value);
}
