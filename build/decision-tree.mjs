// Draws the decision tree of samples/start-here as a picture for the walkthrough: the editor draws no Mermaid there.

const node = { width: 330, height: 62, gapX: 70, gapY: 26, margin: 12 };
const lineLength = 38;

/**
 * Returns the picture of a flowchart whose questions lead to one answer each and to the next
 * question. An answer and what happens without it are links, which open their samples in the
 * editor. The colours are those of the editor's theme.
 */
export function decisionTree(markdown) {
  const [, flowchart] = /```mermaid\nflowchart TD\n([^]*?)```/.exec(markdown);
  const texts = new Map(
    [...flowchart.matchAll(/\b(\w+)(?:\{([^}]*)\}|\[([^\]]*)\])/g)].map(([, id, question, answer]) => [id, question ?? answer]),
  );
  const edges = [...flowchart.matchAll(/^ *(\w+)\S*?.*?(?:-->|-\.->)\|(yes|no|without it)\| (\w+)/gm)].map(([, from, label, to]) => ({ from, label, to }));
  const files = new Map([...flowchart.matchAll(/^ *click (\w+) href "([^"]*)"/gm)].map(([, id, file]) => [id, file]));
  const questions = [...new Set(edges.filter(({ label }) => label !== 'without it').map(({ from }) => from))];
  const places = new Map(questions.map((id, row) => [id, { column: 0, row }]));
  for (const { from, label, to } of edges) {
    if (places.has(to)) continue;
    const column = { yes: 1, no: 0, 'without it': 2 }[label];
    places.set(to, { column, row: column === 0 ? questions.length : places.get(from).row });
  }
  const parts = [...edges.map((edge) => arrow(edge, places)), ...[...places].map(([id, place]) => linked(box(texts.get(id), place, questions.includes(id)), files.get(id)))];
  const width = 3 * node.width + 2 * node.gapX + 2 * node.margin;
  const height = (questions.length + 1) * (node.height + node.gapY) - node.gapY + 2 * node.margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="var(--vscode-font-family, sans-serif)" font-size="15">
<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="var(--vscode-foreground, #333)"/></marker></defs>
${parts.join('\n')}
</svg>
`;
}

/** The command that opens a file of a sample, named as in the guide: `../raft/first.scenario.yaml`. */
export function commandOf(file) {
  const [, sample, name] = /^\.\.\/([\w-]+)\/(.+)$/.exec(file);
  return `command:lockstep.openSamples?${encodeURIComponent(JSON.stringify({ samples: [sample], file: name }))}`;
}

function linked(picture, file) {
  return file === undefined ? picture : `<a href="${commandOf(file)}">${picture}</a>`;
}

function topLeft({ column, row }) {
  return { x: node.margin + column * (node.width + node.gapX), y: node.margin + row * (node.height + node.gapY) };
}

function box(text, place, isQuestion) {
  const { x, y } = topLeft(place);
  const lines = broken(text);
  const colour = isQuestion ? 'var(--vscode-editorWidget-background, #f3f3f3)' : 'var(--vscode-button-background, #0067b8)';
  const ink = isQuestion ? 'var(--vscode-foreground, #333)' : 'var(--vscode-button-foreground, #fff)';
  const words = lines.map((line, i) => {
    const middle = y + node.height / 2 + 5 + (i - (lines.length - 1) / 2) * 19;
    return `<text x="${x + node.width / 2}" y="${middle}" text-anchor="middle" fill="${ink}">${escaped(line)}</text>`;
  });
  const border = 'stroke="var(--vscode-contrastBorder, var(--vscode-editorWidget-border, #999))"';
  return `<rect x="${x}" y="${y}" width="${node.width}" height="${node.height}" rx="${isQuestion ? 6 : 16}" fill="${colour}" ${border}/>${words.join('')}`;
}

function arrow({ from, label, to }, places) {
  const [start, end] = [topLeft(places.get(from)), topLeft(places.get(to))];
  const isAcross = label !== 'no';
  const line = isAcross
    ? { x1: start.x + node.width, y1: start.y + node.height / 2, x2: end.x, y2: end.y + node.height / 2 }
    : { x1: start.x + node.width / 2, y1: start.y + node.height, x2: end.x + node.width / 2, y2: end.y };
  const at = isAcross ? { x: line.x1 + 14, y: line.y1 - 6 } : { x: line.x1 + 8, y: line.y1 + 18 };
  const ink = 'var(--vscode-foreground, #333)';
  return `<line x1="${line.x1}" y1="${line.y1}" x2="${line.x2}" y2="${line.y2}" stroke="${ink}" marker-end="url(#end)"/><text x="${at.x}" y="${at.y}" fill="${ink}">${label}</text>`;
}

/** The text in lines that fit into a box. */
function broken(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (longer.length <= lineLength) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
