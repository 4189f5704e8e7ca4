/** Playing: its pace, and that it is never ahead of what it plays. */
import { describe, expect, test } from 'vitest';
import { paceOf, speedOf, speeds } from '../../webview/play/pace.ts';
import { type PlayedMoment, Player, type Steps } from '../../webview/play/player.ts';

describe('the pace', () => {
  test('is the real time at 100×, and lengthens what happens at once so that it is seen', () => {
    expect(paceOf(120_000, 100)).toEqual({ duration: 120, gap: 0 });
    expect(paceOf(10_000, 1)).toEqual({ duration: 1000, gap: 0 });
    expect(paceOf(1_000, 0.1)).toEqual({ duration: 1000, gap: 0 });
    expect(paceOf(0, 1).duration).toBe(400);
    expect(paceOf(0, 100).duration).toBe(4);
  });

  test('shortens long gaps at each speed, and says so', () => {
    for (const speed of speeds) {
      const { duration, gap } = paceOf(3_600_000_000, speed);
      expect(gap).toBe(3_600_000_000);
      expect(duration).toBeLessThanOrEqual(1500 / Math.min(1, speed));
    }
  });

  test('of an unknown speed is the usual one', () => {
    expect([speedOf(10), speedOf(7), speedOf('fast'), speedOf(undefined)]).toEqual([10, 1, 1, 1]);
  });
});

/** A run of moments a millisecond apart that ends after `length` steps. */
class Run implements Steps {
  current: PlayedMoment = { step: 0, steps: 0, time: 0 };
  next: PlayedMoment | undefined;
  fetched = 0;
  readonly drawn: string[] = [];

  constructor(readonly length: number) {}

  step(): Promise<boolean> {
    const { step, time } = this.current;
    if (step === this.length) return Promise.resolve(false);
    this.fetched++;
    this.next = { step: step + 1, steps: step + 1, time: time + 1000 };
    return Promise.resolve(true);
  }

  draw(share: number): void {
    this.drawn.push(`${this.current.step}+${share.toFixed(2)}`);
    if (share < 1) return;
    this.current = this.next!;
    this.next = undefined;
  }

  back(): void {}
  goto(): void {}
}

/** Frames 100 ms apart, painted when the test asks for them. */
function frames(isStill = false) {
  let now = 0;
  const waiting: ((time: number) => void)[] = [];
  const settled = async () => {
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  };
  return {
    isStill,
    request: (draw: (time: number) => void) => void waiting.push(draw),
    async paint(count = 1): Promise<void> {
      for (let left = count; left > 0; left--) {
        await settled();
        now += 100;
        for (const draw of waiting.splice(0)) draw(now);
      }
      await settled();
    },
  };
}

describe('a player', () => {
  test('fetches a moment, moves there, and only then fetches the next one', async () => {
    const [run, page] = [new Run(2), frames()];
    const player = new Player(run, 2, () => undefined, () => undefined, page);
    const end = player.play();
    await page.paint();
    expect([run.fetched, run.current.step, run.drawn]).toEqual([1, 0, ['0+0.00']]);
    await page.paint(2);
    expect([run.fetched, run.current.step, run.drawn.at(-1)]).toEqual([2, 1, '0+1.00']);
    await page.paint(3);
    await end;
    expect([run.fetched, run.current.step, player.isPlaying]).toEqual([2, 2, false]);
  });

  test('that is stopped on its way shows what was fetched, and fetches nothing more', async () => {
    const [run, page] = [new Run(9), frames()];
    const player = new Player(run, 1, () => undefined, () => undefined, page);
    const end = player.play();
    await page.paint(2);
    player.toggle();
    await page.paint(9);
    await end;
    expect([run.fetched, run.current.step, run.next]).toEqual([1, 1, undefined]);
  });

  test('shows the time of each frame, and draws no movement if the user wants none', async () => {
    const [run, page] = [new Run(1), frames(true)];
    const times: number[] = [];
    const player = new Player(run, 1, () => undefined, (time) => times.push(time), page);
    const end = player.play();
    await page.paint(6);
    await end;
    expect(times).toEqual([0, 250, 500, 750, 1000]);
    expect(run.drawn).toEqual(['0+1.00']);
  });

  test('says while a gap is shortened', async () => {
    const [run, page] = [new Run(1), frames()];
    const gaps: number[] = [];
    const player: Player = new Player(run, 1, () => gaps.push(player.gap), () => undefined, page);
    run.step = () => {
      run.next = run.current.step === 0 ? { step: 1, steps: 1, time: 148_000 } : undefined;
      return Promise.resolve(run.next !== undefined);
    };
    const end = player.play();
    await page.paint(20);
    await end;
    expect(gaps).toEqual([0, 148_000, 0]);
  });
});
