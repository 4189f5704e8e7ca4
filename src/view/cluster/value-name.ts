/** The name by which a role explains what its picture shows of a node: in `lookDocs`. */
import type { ShownView } from './cluster-view.ts';

/** Empty for a holder, which no role explains. */
export function valueName(view: ShownView): string {
  switch (view.type) {
    case 'holder':
      return '';
    case 'lease':
    case 'interval':
      return view.name;
    default:
      return view.type;
  }
}
