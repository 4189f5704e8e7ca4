/** Examples of the calls of functions that make words. */

/** A list of arguments for each function of a module: the compiler demands one. */
export type Examples<Words> = {
  [Name in keyof Words as Words[Name] extends (...args: never[]) => unknown
    ? Name
    : never]: Words[Name] extends (...args: infer Arguments) => unknown ? Arguments[] : never;
};
