/** Turns Mermaid's state diagram into the panel's picture: marks, names, transitions to click. */

import type { RolesView, TransitionView } from '../../src/view/roles/roles-view.ts';
import { standingName, stateTitle, transitionTitle } from '../../src/view/panel-words/roles.ts';

const svgSpace = 'http://www.w3.org/2000/svg';

/** The focusable label of each transition, in the order of the view. */
export type Targets = SVGGElement[];

/** Mermaid numbers states and edges in the order of its text. Also called again for a new view. */
export function dress(svg: SVGSVGElement, view: RolesView): Targets {
  svg.dataset.picture = 'State Machine';
  for (const name of ['style', 'role', 'aria-roledescription']) svg.removeAttribute(name);
  view.states.forEach((state, index) => {
    const { standing, nodes, isDeclared } = state;
    const box = svg.querySelector<SVGGElement>(`.node[id*="-s${index}-"]`);
    if (!box) return;
    box.dataset.standing = standingName(standing, view.role);
    box.classList.toggle('here', nodes.length > 0);
    box.classList.toggle('undeclared', !isDeclared);
    titled(box, stateTitle(state, view.role));
  });
  const step = view.transitions.findIndex(({ now }) => now.length > 0);
  const first = step >= 0 ? step : view.transitions.findIndex(({ count }) => count > 0);
  return view.transitions.map((one, index) => {
    const kind = kindOf(one);
    const path = svg.querySelector<SVGPathElement>(`path[data-id="edge${index}"]`);
    const label = svg.querySelector<SVGGElement>(`.edgeLabel > [data-id="edge${index}"]`);
    const group = (label?.parentElement ?? label) as SVGGElement | null;
    for (const part of [path, group]) {
      part?.classList.remove('now', 'taken', 'never');
      part?.classList.add(kind);
      part?.classList.toggle('undeclared', !one.isDeclared);
      if (part) part.dataset.transition = String(index);
    }
    return target(group ?? made(svg), one, view.role, index === Math.max(0, first));
  });
}

/** A picture without a label for an edge would be a fault of the drawing: keep the order then. */
function made(svg: SVGSVGElement): SVGGElement {
  const group = document.createElementNS(svgSpace, 'g');
  svg.append(group);
  return group;
}

function kindOf({ now, count }: TransitionView): 'now' | 'taken' | 'never' {
  if (now.length > 0) return 'now';
  return count > 0 ? 'taken' : 'never';
}

function target(
  group: SVGGElement,
  one: TransitionView,
  role: string,
  isFirst: boolean,
): SVGGElement {
  const words = transitionTitle(one, role);
  group.setAttribute('role', 'button');
  group.setAttribute('tabindex', isFirst ? '0' : '-1');
  group.setAttribute('aria-label', words);
  group.setAttribute('aria-disabled', String(one.count === 0));
  if (one.now.length > 0) group.setAttribute('aria-current', 'step');
  else group.removeAttribute('aria-current');
  titled(group, words);
  return group;
}

/** What a pointer over it says. */
function titled(group: SVGGElement, words: string): void {
  const known = group.querySelector(':scope > title');
  const title = known ?? document.createElementNS(svgSpace, 'title');
  title.textContent = words;
  if (!known) group.prepend(title);
}
