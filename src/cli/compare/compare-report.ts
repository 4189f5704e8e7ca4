/** What `lockstep compare --view` prints for the editor: one of these a line, as JSON. */
export type CompareReport =
  /** A scenario is about to run; `number` is from 1. */
  | {
      readonly type: 'running';
      readonly file: string;
      readonly number: number;
      readonly of: number;
    }
  /** Of a scenario or its protocol: `file:line:column: message`. */
  | { readonly type: 'problem'; readonly text: string }
  /** The last one: the table in Markdown. */
  | { readonly type: 'compared'; readonly table: string };
