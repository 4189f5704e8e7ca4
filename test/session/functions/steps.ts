/** Functions of many shapes, written as handlers are, to be stepped through by two debuggers. */
type Sender = { send(to: string, value: number): void };

function double(value: number): number {
  const result = value * 2;
  return result;
}

function* countdown(from: number): Generator<number> {
  for (let left = from; left > 0; left--) {
    yield left;
  }
}

export function loops(node: Sender): void {
  let sum = 0;
  for (const value of [1, 2]) {
    sum += double(value);
  }
  for (let i = 0; i < 2; i++) {
    if (i === 1) continue;
    node.send('a', i);
  }
  while (sum < 8)
    sum++;
  do {
    sum--;
  } while (sum > 6);
  outer: for (const a of [1, 2]) {
    for (const b of [1, 2]) {
      if (b === 2) continue outer;
      node.send('b', a + b);
    }
  }
  for (const key in { x: 1, y: 2 }) {
    node.send(key, sum);
  }
}

export function exceptions(node: Sender): void {
  try {
    node.send('a', 1);
    throw new Error('once');
  } catch (error) {
    node.send((error as Error).message, 2);
  } finally {
    node.send('c', 3);
  }
  const inner = () => {
    try {
      return double(2);
    } finally {
      node.send('d', 4);
    }
  };
  try {
    node.send('e', inner());
  } catch {
    node.send('never', 5);
  }
}

export function branches(node: Sender): void {
  const { a, b: [first, ...rest] }: { a: number; b: number[] } = { a: 1, b: [2, 3, 4] };
  const kind = a + first > 2 ? 'big' : 'small';
  switch (kind) {
    case 'small':
      node.send('never', 0);
      break;
    case 'big': {
      const size = rest.length;
      node.send('big', size);
      break;
    }
    default:
      node.send('never', 1);
  }
  if (rest.length === 0) node.send('never', 2);
  else if (rest.length === 2) node.send('two', 2);
  else node.send('never', 3);
  const text = `${double(3)} and ${double(4)}`;
  node.send(text, 1);
  if (a === 1) return;
  node.send('never', 4);
}

export function closures(node: Sender): void {
  const doubled = [1, 2].map((value) => double(value));
  const add = (value: number) => {
    const sum = value + 1;
    return sum;
  };
  function nested(value: number): number {
    return add(value);
  }
  node.send('a', nested(doubled[1]));
  [3, 4].forEach((value) => {
    node.send('b', value);
  });
}

export function generators(node: Sender): void {
  for (const left of countdown(2)) {
    node.send('c', left);
  }
}
