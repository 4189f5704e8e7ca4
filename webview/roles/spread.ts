/** Moves labels of transitions that overlap: Mermaid lays out those of loops by themselves. */

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Label extends Box {
  group: SVGGElement;
  /** How far it was moved. */
  right: number;
  down: number;
}

const gap = 6;
const roundsMax = 40;

/** The picture must be in the page, where it can be measured. */
export function spreadLabels(svg: SVGSVGElement): void {
  const labels = [...svg.querySelectorAll<SVGGElement>('g.edgeLabel')]
    .filter((group) => group.textContent.trim() !== '')
    .map((group): Label => ({ group, right: 0, down: 0, ...boxOf(group) }));
  const states = [...svg.querySelectorAll<SVGGElement>('g.node')].map(boxOf);
  for (let round = 0, isMoving = true; isMoving && round < roundsMax; round++) {
    isMoving = false;
    labels.forEach((one, index) => {
      for (const state of states) if (part(one, state, 0)) isMoving = true;
      for (const other of labels.slice(index + 1)) if (part(one, other, 0.5)) isMoving = true;
    });
  }
  for (const { group, right, down } of labels) {
    if (right === 0 && down === 0) continue;
    const place = group.getAttribute('transform') ?? '';
    group.setAttribute('transform', `translate(${right} ${down}) ${place}`);
  }
}

/** In the coordinates of the window; the picture is drawn at its own size when it is measured. */
function boxOf(element: Element): Box {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}

/** Moves both apart along the shorter way; `share` is the part of it that the other moves. */
function part(one: Label, other: Box | Label, share: number): boolean {
  const across = overlap(one.x, one.width, other.x, other.width);
  const along = overlap(one.y, one.height, other.y, other.height);
  if (across <= 0 || along <= 0) return false;
  const isAcross = across < along;
  const isBefore = isAcross
    ? one.x + one.width / 2 < other.x + other.width / 2
    : one.y + one.height / 2 < other.y + other.height / 2;
  const by = (isBefore ? -1 : 1) * (isAcross ? across : along);
  move(one, by * (1 - share), isAcross);
  if ('group' in other) move(other, -by * share, isAcross);
  return true;
}

function overlap(from: number, size: number, otherFrom: number, otherSize: number): number {
  return Math.min(from + size, otherFrom + otherSize) - Math.max(from, otherFrom) + gap - 0.01;
}

function move(label: Label, by: number, isAcross: boolean): void {
  if (isAcross) {
    label.x += by;
    label.right += by;
  } else {
    label.y += by;
    label.down += by;
  }
}
