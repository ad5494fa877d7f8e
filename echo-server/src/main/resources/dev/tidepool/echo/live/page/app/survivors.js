// The survivors of a chosen connection: its buffers that outlived their request, asked for once a second.

import { get } from './api.js';
import { copyButton } from './copy.js';
import { byId, element, setText } from './dom.js';
import { age, bytes, count, plural } from './format.js';

const EVERY_MILLIS = 1000;

/** The panel that tells of one connection's survivors and holds. */
export class Survivors {
  #connection = null;
  #dump = '';
  #shown = '';
  #panel = byId('survivors');
  #copy = copyButton('Copy the dump', () => this.#dump);

  constructor() {
    setInterval(() => this.#refresh(), EVERY_MILLIS);
  }

  choose(connection) {
    this.#connection = connection;
    setText(byId('survivors-of'), connection.name);
    this.#refresh();
  }

  async #refresh() {
    if (this.#connection === null || document.hidden) {
      return;
    }
    const chosen = this.#connection;
    try {
      const found = await get(`/api/arenas/${chosen.id}`);
      if (chosen === this.#connection) {
        this.#show(found);
      }
    } catch {
      this.#gone();
    }
  }

  #gone() {
    this.#connection = null;
    setText(byId('survivors-text'), 'This connection is gone, and nothing of it is left.');
    this.#panel.replaceChildren();
    this.#shown = '';
  }

  #show({ survivors, holds, dump }) {
    this.#dump = dump;
    setText(byId('survivors-text'), survivors.length === 0
        ? 'No buffer of it outlived its request.'
        : `${plural(survivors.length, 'buffer')} outlived ${survivors.length === 1 ? 'its' : 'their'} request.`);
    const identity = JSON.stringify([survivors.map(({ ageMillis, ...rest }) => rest), holds]);
    if (identity !== this.#shown || this.#panel.childElementCount === 0) {
      this.#shown = identity;
      this.#panel.replaceChildren(...list(survivors, holds), this.#copy);
    }
  }
}

function list(survivors, holds) {
  const items = [...survivors.map(survivorItem), ...holds.map((hold) => element('li', {}, hold))];
  return items.length === 0 ? [] : [element('ol', { class: 'reports' }, ...items)];
}

function survivorItem(survivor) {
  const text = `${bytes(survivor.capacity)} ${survivor.direct ? 'direct' : 'heap'}, of request ${count(survivor.request)}, `
      + `${bytes(survivor.readableBytes)} readable, alive ${age(survivor.ageMillis)} when first seen here`;
  const places = [['allocated at', survivor.allocatedAt], ['last touched at', survivor.lastTouchedAt]]
      .filter(([, place]) => place)
      .map(([what, place]) => element('code', {}, `${what} ${place}`));
  return element('li', {}, text, ...places);
}
