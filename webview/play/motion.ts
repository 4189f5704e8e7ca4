/** Moves what is drawn between two moments: messages along their ways, timers to their ends. */

/** What is known of the time that is left, in microseconds, of a message or timer by its name. */
export interface TimesLeft {
  readonly messages: ReadonlyMap<string, number>;
  readonly timers: ReadonlyMap<string, number>;
}

type Move = (passed: number) => void;

/** Everything that moves in a picture as it is drawn now. */
export class Motion {
  private readonly moves: Move[] = [];
  private readonly moved: SVGElement[] = [];

  constructor(root: ParentNode, { messages, timers }: TimesLeft) {
    for (const mark of root.querySelectorAll<SVGGElement>('svg [data-message]')) {
      const left = messages.get(mark.dataset.message!);
      const way = wayOf(root, mark);
      if (left !== undefined && way) this.addMessage(mark, way, left);
    }
    for (const arc of root.querySelectorAll<SVGGElement>('svg [data-timer]')) {
      const left = timers.get(arc.dataset.timer!);
      const path = arc.querySelector<SVGPathElement>('path.left');
      if (left !== undefined && path) this.addTimer(path, left);
    }
  }

  /** Shows the picture as it is after some virtual time, in microseconds. */
  show(passed: number): void {
    for (const move of this.moves) move(passed);
  }

  /** Leaves everything as it was drawn. */
  clear(): void {
    for (const element of this.moved) {
      element.style.removeProperty('transform');
      element.style.removeProperty('stroke-dasharray');
    }
  }

  private addMessage(mark: SVGElement, way: SVGPathElement, left: number): void {
    const length = way.getTotalLength();
    const share = Number(mark.dataset.share);
    const { x, y } = way.getPointAtLength(share * length);
    this.moved.push(mark);
    this.moves.push((passed) => {
      const done = left <= 0 ? 1 : Math.min(1, passed / left);
      const now = way.getPointAtLength((share + (1 - share) * done) * length);
      mark.style.transform = `translate(${(now.x - x).toFixed(1)}px, ${(now.y - y).toFixed(1)}px)`;
    });
  }

  private addTimer(path: SVGPathElement, left: number): void {
    const length = path.getTotalLength();
    if (!(length > 0)) return;
    this.moved.push(path);
    this.moves.push((passed) => {
      const rest = left <= 0 ? 0 : Math.max(0, 1 - passed / left);
      path.style.strokeDasharray = `${(length * rest).toFixed(1)} ${length.toFixed(1)}`;
    });
  }
}

function wayOf(root: ParentNode, { dataset }: SVGElement): SVGPathElement | null {
  const { way } = dataset;
  return way === undefined ? null : root.querySelector(`path[id=${JSON.stringify(way)}]`);
}
