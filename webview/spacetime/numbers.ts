/** Columns of numbers that grow, and searches in them. */

export class Numbers {
  values = new Float64Array(1_024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index]!;
  }

  get last(): number {
    return this.length === 0 ? 0 : this.values[this.length - 1]!;
  }
}

/** The first of `count` places at which `isIt` holds; it holds from there on. */
export function firstAt(count: number, isIt: (place: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isIt(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
