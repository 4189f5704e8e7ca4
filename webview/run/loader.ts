/**
 * The only script that stands in the page: it unpacks the modules of the player and the run, and
 * starts. Modules are blobs, because a file has no other files beside it.
 */

interface PageModule {
  name: string;
  text: string;
}

interface Player {
  play(run: unknown): Promise<void>;
}

/** What the panels' pages have in the editor. The player hears of messages by an event. */
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (detail: unknown) => {
      window.dispatchEvent(new CustomEvent('lockstep-message', { detail }));
    },
    getState: () => undefined,
    setState: () => undefined,
  }),
});

void start();

async function start(): Promise<void> {
  const state = document.getElementById('run-state')!;
  try {
    if (typeof DecompressionStream !== 'function') throw new Error('it cannot unpack the data');
    const modules = JSON.parse(await unpacked('code')) as PageModule[];
    const run: unknown = JSON.parse(await unpacked('run'));
    const player = (await import(addressOf(modules))) as Player;
    await player.play(run);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'DecompressionStream' in window ? '' : ' Open it in a browser of 2024 or later.';
    state.textContent = `This file cannot be played here: ${why}.${hint}`;
  }
}

async function unpacked(id: string): Promise<string> {
  const element = document.getElementById(id)!;
  const bytes = Uint8Array.from(atob(element.textContent), (letter) => letter.codePointAt(0)!);
  element.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).text();
}

/** Each module comes after those that it imports; the last one is the player. */
function addressOf(modules: readonly PageModule[]): string {
  const addresses = new Map<string, string>();
  let last = '';
  for (const { name, text } of modules) {
    const linked = text.replace(/"\.{1,2}\/(?:[\w-]+\/)*([\w.-]+\.js)"/g, (whole, file: string) => {
      const address = addresses.get(file);
      return address === undefined ? whole : JSON.stringify(address);
    });
    last = URL.createObjectURL(new Blob([linked], { type: 'text/javascript' }));
    addresses.set(name, last);
  }
  return last;
}
