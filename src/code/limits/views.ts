/** Views of parts of nodes, through which code reads them: each stands for one object. */
// A view itself answers what it shows. A map of all views would cost more than making them: a
// traced step makes thousands, and each collection of garbage would go through all that live.

/** The key that a view answers; code of the workspace has no way to get it. */
export const shownBy = Symbol('what a view shows');

type Answering = { readonly [shownBy]?: object };

/**
 * The answer of a view to a key: what it shows, which may be a view itself. An object that inherits
 * from a view is none.
 */
export function answerOf(whole: object, isItself: boolean): object | undefined {
  return isItself ? targetOf(whole) : undefined;
}

/** Whether an object is a view: only an observation may hold one. */
export function isView(object: object): boolean {
  // The stand-ins for hidden globals are functions, and refuse every key.
  return typeof object === 'object' && (object as Answering)[shownBy] !== undefined;
}

/** The object that a view shows; any other object itself. */
export function targetOf<Part extends object>(part: Part): Part {
  if (typeof part !== 'object') return part;
  return ((part as Answering)[shownBy] as Part | undefined) ?? part;
}
