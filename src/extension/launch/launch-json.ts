// Adds launch configurations to the text of a launch.json; its comments and order stay as they are.

export interface LaunchEntry {
  readonly name: string;
  readonly program: string;
}

export const emptyLaunchJson = '{\n  "version": "0.2.0",\n  "configurations": []\n}\n';

/** Entries whose program is there already are left out; undefined where no list is to be found. */
export function withEntries(text: string, entries: readonly LaunchEntry[]): string | undefined {
  const list = listOf(text);
  if (!list) return undefined;
  const missing = entries.filter(({ program }) => !text.includes(JSON.stringify(program)));
  if (missing.length === 0) return text;
  const inside = text.slice(list.open + 1, list.close);
  const indent = /\n([ \t]+)\{/.exec(inside)?.[1] ?? '    ';
  const unit = indent.includes('\t') ? '\t' : '  ';
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const texts = missing.map((entry) => entryText(entry, unit).replace(/^/gm, indent));
  // The comma belongs behind the last entry; a comment behind that one stays where it is.
  const comma = list.isOpenEnded ? '' : ',';
  const before = text.slice(0, list.lastEnd) + comma;
  const between = text.slice(list.lastEnd, list.close).trimEnd();
  const added = `\n${texts.join(',\n')}\n${indent.slice(unit.length)}`.replaceAll('\n', lineEnd);
  return before + between + added + text.slice(list.close);
}

function entryText({ name, program }: LaunchEntry, unit: string): string {
  return JSON.stringify({ type: 'lockstep', request: 'launch', name, program }, null, unit);
}

interface List {
  readonly open: number;
  readonly close: number;
  /** Where the last thing in it ends that is no comment. */
  readonly lastEnd: number;
  /** Nothing stands in it, or a comma at its end. */
  readonly isOpenEnded: boolean;
}

/** The list of configurations: the key of the outermost object alone is meant. */
function listOf(text: string): List | undefined {
  const tokens = [...text.matchAll(/\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\])*"|[[\]{}:,]|[^\s]/g)]
    .map((match) => ({ text: match[0], at: match.index }))
    .filter((token) => !/^\/[/*]/.test(token.text));
  let depth = 0;
  let open: number | undefined;
  for (const [index, token] of tokens.entries()) {
    if (/^[[{]$/.test(token.text)) depth += 1;
    if (/^[\]}]$/.test(token.text)) depth -= 1;
    if (open !== undefined && depth === 1 && token.at > open) {
      const last = tokens[index - 1]!;
      const lastEnd = last.at + last.text.length;
      const isOpenEnded = last.at === open || last.text === ',';
      return { open, close: token.at, lastEnd, isOpenEnded };
    }
    const isKey = depth === 1 && token.text === '"configurations"';
    if (isKey && tokens[index + 1]?.text === ':' && tokens[index + 2]?.text === '[') {
      open = tokens[index + 2]!.at;
    }
  }
  return undefined;
}
