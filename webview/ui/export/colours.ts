/** Colours as every program that shows SVG knows them: the browser paints one, and it is read back. */

const known = new Map<string, string>();
let pixel: CanvasRenderingContext2D | undefined;

/** `#rrggbb`, or `#rrggbbaa` if it is transparent. `colour` is CSS and may use variables of `host`. */
export function colourOf(colour: string, host: Element): string {
  const plain = colour.includes('var(') ? resolved(colour, host) : colour;
  const before = known.get(plain);
  if (before !== undefined) return before;
  pixel ??= newPixel();
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = '#000000';
  pixel.fillStyle = plain;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
  const parts = alpha === 255 ? [red, green, blue] : [red, green, blue, alpha];
  const found = `#${parts.map((part) => part!.toString(16).padStart(2, '0')).join('')}`;
  known.set(plain, found);
  return found;
}

function newPixel(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  return canvas.getContext('2d', { willReadFrequently: true })!;
}

function resolved(colour: string, host: Element): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  const root = host.getRootNode();
  (root instanceof ShadowRoot ? root : document.body).append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
