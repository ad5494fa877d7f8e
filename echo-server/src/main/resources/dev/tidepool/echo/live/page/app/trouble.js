// The buttons that start trouble in the server. They are there only if the server allows it.

import { get, post } from './api.js';
import { byId, element, setText } from './dom.js';

const EVERY_MILLIS = 1000;

/** The section of actions. */
export class Trouble {
  #buttons = new Map();

  async begin() {
    const { enabled, actions } = await get('/api/actions');
    byId('trouble').hidden = !enabled;
    byId('nav-trouble').hidden = !enabled;
    if (enabled && this.#buttons.size === 0) {
      byId('trouble-list').append(...actions.map((action) => this.#item(action)));
      setInterval(() => this.#refresh(), EVERY_MILLIS);
    }
  }

  #item(action) {
    const button = element('button', { type: 'button', 'data-action': action.name }, action.name.replace('-', ' '));
    const running = element('span', { class: 'hint' }, runningWords(action));
    button.addEventListener('click', () => this.#start(action));
    this.#buttons.set(action.name, running);
    return element('li', { class: 'panel' }, element('p', {}, action.title), button, ' ', running);
  }

  async #start(action) {
    try {
      await post(`/api/actions/${action.name}`);
      setText(byId('trouble-text'), `Started: ${action.title}`);
    } catch (failure) {
      setText(byId('trouble-text'), failure.message);
    }
    await this.#refresh();
  }

  async #refresh() {
    if (document.hidden) {
      return;
    }
    const { actions } = await get('/api/actions').catch(() => ({ actions: [] }));
    actions.forEach((action) => setText(this.#buttons.get(action.name), runningWords(action)));
  }
}

function runningWords({ running, limit }) {
  return `${running} of at most ${limit} running`;
}
