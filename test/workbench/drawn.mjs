// What each panel draws, read from its page: from the elements that a user sees, not from what the page was sent.

/** By panel; each function runs in the frame of its element, so it uses nothing else of this file. */
export const drawn = {
  cluster(element) {
    const root = element.shadowRoot;
    const header = root.querySelector('lockstep-moment').shadowRoot;
    const step = header.querySelector('input[type="number"]');
    const nodes = [...root.querySelectorAll('svg.cluster [data-node]')].map((node) => ({
      id: node.dataset.node,
      words: node.getAttribute('aria-label'),
      status: ['running', 'paused', 'crashed', 'off'].find((name) => node.classList.contains(name)),
    }));
    const messages = [...root.querySelectorAll('svg.cluster [data-message]')];
    return {
      step: Number(step.value),
      steps: Number(step.max),
      nodes,
      messages: messages.map(({ dataset }) => dataset.message).toSorted(),
      count: Number(/\((\d+)\)/.exec(root.querySelector('.bar .fold').textContent)[1]),
    };
  },

  sequence(element) {
    const root = element.shadowRoot;
    const rows = (mark) => [...root.querySelectorAll('.picture .row.message')].filter(mark);
    const names = (list) => list.map(({ dataset }) => dataset.message).toSorted();
    return {
      about: root.querySelector('header p').textContent.trim().replaceAll(/\s+/g, ' '),
      nodes: [...root.querySelectorAll('.names [data-node]')].map(({ dataset }) => dataset.node),
      rows: names(rows((row) => !row.classList.contains('future'))),
      future: names(rows((row) => row.classList.contains('future'))),
      flying: names(rows((row) => row.querySelector('.item.in-flight') !== null)),
    };
  },

  spacetime(element) {
    const root = element.shadowRoot;
    const canvas = root.querySelector('canvas');
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const colors = new Set();
    for (let at = 0; at < pixels.length; at += 4 * 97) colors.add(pixels.slice(at, at + 4).join());
    const table = [...root.querySelectorAll('.told tbody tr')];
    const current = table.find((row) => row.getAttribute('aria-current') === 'true');
    return {
      picture: root.querySelector('.stage').getAttribute('aria-label'),
      colors: colors.size,
      step: Number(current?.querySelector('button').textContent),
      sentence: root.querySelector('.told .facts p')?.textContent.trim(),
    };
  },

  history(element) {
    const root = element.shadowRoot;
    const operations = [...root.querySelectorAll('.scroll [data-place]')];
    return {
      about: root.querySelector('header p').textContent.trim().replaceAll(/\s+/g, ' '),
      operations: operations.map((one) => one.getAttribute('aria-label')),
    };
  },

  locks(element) {
    const root = element.shadowRoot;
    const items = [...root.querySelectorAll('.scroll .item')];
    return {
      about: root.querySelector('header p').textContent.trim().replaceAll(/\s+/g, ' '),
      items: items.map(({ dataset }) => dataset.about),
      rows: [...root.querySelectorAll('table tbody tr')].map((row) => row.lastElementChild.textContent.trim()),
    };
  },

  logs(element) {
    const root = element.shadowRoot;
    const logs = [...root.querySelectorAll('.sheet .row')].map((row) => {
      const cells = [...row.querySelectorAll('.entry[data-index]')];
      const committed = cells.filter((cell) => cell.classList.contains('committed'));
      return {
        node: row.querySelector('.node strong').textContent.replace('★ ', ''),
        isLeader: row.querySelector('.node strong').textContent.startsWith('★'),
        entries: cells
          .filter((cell) => !cell.classList.contains('none') && !cell.classList.contains('gone'))
          .map((cell) => `${cell.dataset.index} ${cell.querySelector('.epoch').textContent.replaceAll(/[^\d]/g, '')}`),
        committed: Math.max(0, ...committed.map(({ dataset }) => Number(dataset.index))),
      };
    });
    return {
      about: root.querySelector('header p').textContent.trim().replaceAll(/\s+/g, ' '),
      logs,
      loading: root.querySelectorAll('.entry.loading').length,
    };
  },

  roles(element) {
    const root = element.shadowRoot;
    const states = [...root.querySelectorAll('.picture [data-standing]')];
    const transitions = [...root.querySelectorAll('.picture g[data-transition]')];
    return {
      about: root.querySelector('header p').textContent.trim().replaceAll(/\s+/g, ' '),
      here: states.filter((state) => state.classList.contains('here')).map(({ dataset }) => dataset.standing),
      taken: transitions.filter((one) => !one.classList.contains('never')).map(({ dataset }) => dataset.transition),
      now: transitions.filter((one) => one.classList.contains('now')).map(({ dataset }) => dataset.transition),
    };
  },
};
