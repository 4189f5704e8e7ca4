/** Views of parts of nodes, through which code reads them: each stands for one object. */

const targets = new WeakMap<object, object>();

/** Notes what a view shows; the target may be a view itself. */
export function noteView<View extends object>(view: View, target: object): View {
  targets.set(view, targetOf(target));
  return view;
}

/** Whether an object is a view: only an observation may hold one. */
export function isView(object: object): boolean {
  return targets.has(object);
}

/** The object that a view shows; any other object itself. */
export function targetOf<Part extends object>(part: Part): Part {
  return (targets.get(part) as Part | undefined) ?? part;
}
