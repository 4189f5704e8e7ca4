/** A picture of intervals and arrows as shapes: a page and a file draw the same ones. */

/** Where a text begins, lies in the middle, or ends. */
export type Anchor = 'start' | 'middle' | 'end';

/** `style` is a list of class names, which both kinds of drawing define. */
export type Shape =
  | {
      readonly type: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly style: string;
    }
  | { readonly type: 'path'; readonly d: string; readonly style: string }
  | {
      readonly type: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly anchor: Anchor;
      readonly style: string;
    };

/** What belongs to one operation, or to none. */
export interface Group {
  /** Its place among the operations that were drawn. */
  readonly operation?: number;
  readonly style: string;
  readonly shapes: readonly Shape[];
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly Group[];
}

/** The letters of both drawings are 12 px high, in a font of fixed width. */
const letterWidth = 7.3;

export function widthOf(text: string): number {
  return [...text].length * letterWidth;
}

/** The text as far as it fits into a width; empty if that is too little to read. */
export function fitting(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const most = Math.floor(width / letterWidth) - 1;
  return most < 3 ? '' : `${[...text].slice(0, most).join('')}…`;
}

/** An interval; one without an end is open to the right, with a dashed rest. */
export function bar(
  { from, to, open }: { readonly from: number; readonly to: number; readonly open: boolean },
  { y, height, style }: { readonly y: number; readonly height: number; readonly style: string },
): Shape[] {
  const bottom = y + height;
  if (!open) return [{ type: 'rect', x: from, y, width: Math.max(2, to - from), height, style }];
  const solid = Math.min(to, from + Math.max(8, (to - from) / 2));
  return [
    { type: 'path', d: `M ${solid} ${y} H ${from} V ${bottom} H ${solid}`, style },
    {
      type: 'path', d: `M ${solid} ${y} H ${to} M ${solid} ${bottom} H ${to}`,
      style: `${style} rest`,
    },
  ];
}
