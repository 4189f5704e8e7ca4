/** Elements of a picture: made once, and changed only where something differs. */

const svgSpace = 'http://www.w3.org/2000/svg';

export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | number> = {},
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(svgSpace, name);
  setAll(element, attributes);
  return element;
}

export function setAll(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Gives `parent` these children in this order. Those that stay keep the focus. */
export function arrange(parent: Element, children: readonly Element[]): void {
  const kept = new Set(children);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  children.forEach((child, index) => {
    const there = parent.children[index];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
}

/** As many children of one kind as there are values. */
export function each<Value, Name extends keyof SVGElementTagNameMap>(
  parent: Element,
  name: Name,
  values: readonly Value[],
  show: (element: SVGElementTagNameMap[Name], value: Value) => void,
): void {
  while (parent.children.length > values.length) parent.lastElementChild!.remove();
  while (parent.children.length < values.length) parent.append(svgElement(name));
  values.forEach((value, index) => {
    show(parent.children[index] as SVGElementTagNameMap[Name], value);
  });
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
