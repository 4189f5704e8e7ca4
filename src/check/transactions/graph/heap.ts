/** A binary heap of numbers: the smallest rank first, and of equal ranks the smaller number. */
export class Heap {
  private readonly items: number[] = [];

  constructor(private readonly rankOf: (item: number) => number) {}

  push(item: number): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(items[at], items[parent])) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): number | undefined {
    const { items } = this;
    const [top] = items;
    const last = items.pop();
    if (items.length === 0) return last;
    items[0] = last!;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < items.length && this.isBefore(items[child], items[least])) least = child;
      }
      if (least === at) return top;
      this.swap(at, least);
      at = least;
    }
  }

  private isBefore(one: number, other: number): boolean {
    const difference = this.rankOf(one) - this.rankOf(other);
    return difference === 0 ? one < other : difference < 0;
  }

  private swap(one: number, other: number): void {
    [this.items[one], this.items[other]] = [this.items[other], this.items[one]];
  }
}
