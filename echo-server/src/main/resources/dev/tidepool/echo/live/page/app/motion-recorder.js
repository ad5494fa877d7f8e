// Records one connection: starts it in the server, asks for new events, and stops it.

import { get, post, remove } from './api.js';

const EVERY_MILLIS = 100;

/** One recording at a time. */
export class Recorder {
  #listener;
  #id = null;
  #since = 0;
  #timer = 0;

  /** The listener has events(list), which returns whether it can use more, and state(text, running). */
  constructor(listener) {
    this.#listener = listener;
    addEventListener('pagehide', () => this.stop());
  }

  async start(connection) {
    await this.stop();
    this.#id = connection.id;
    this.#since = 0;
    try {
      await post(`/api/arenas/${connection.id}/recording`);
      await this.#poll(connection.id);
    } catch (failure) {
      this.#end(failure.message);
    }
  }

  /** Stops, if something is being recorded; what was recorded stays. */
  async stop() {
    const id = this.#id;
    if (id !== null) {
      this.#end('Recorded');
      await remove(`/api/arenas/${id}/recording`).catch(() => {});
    }
  }

  async #poll(id) {
    const { events, running } = await get(`/api/arenas/${id}/recording?since=${this.#since}`);
    if (id !== this.#id) {
      return;
    }
    this.#since = events.at(-1)?.sequence ?? this.#since;
    if (!this.#listener.events(events)) {
      await this.stop();
    } else if (!running) {
      this.#end('The connection is closed');
    } else {
      this.#listener.state('Recording', true);
      this.#timer = setTimeout(() => this.#poll(id).catch(() => this.#end('The connection is gone')), EVERY_MILLIS);
    }
  }

  #end(text) {
    clearTimeout(this.#timer);
    this.#id = null;
    this.#listener.state(text, false);
  }
}
