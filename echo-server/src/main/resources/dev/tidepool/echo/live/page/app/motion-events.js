// The events around the current one, each a button that goes there.

import { element, setAttribute, setText } from './dom.js';
import { nanos } from './format.js';
import { line, subject } from './motion-words.js';

const AROUND = 6;

/** A short list that moves along with the position. */
export class EventList {
  #items;
  #first = 0;

  constructor(list, seek) {
    this.#items = Array.from({ length: 2 * AROUND + 1 }, (_, i) => {
      const button = element('button', { type: 'button' }, element('span', { class: 'event-time' }), element('span', { class: 'event-what' }), element('span', { class: 'event-subject' }));
      button.addEventListener('click', () => seek(this.#first + i + 1));
      return element('li', { hidden: '' }, button);
    });
    list.append(...this.#items);
  }

  draw(events, position) {
    const last = Math.max(0, events.length - this.#items.length);
    this.#first = Math.min(last, Math.max(0, position - 1 - AROUND));
    this.#items.forEach((item, i) => {
      const event = events[this.#first + i];
      item.hidden = event === undefined;
      if (event !== undefined) {
        write(item, event, events[this.#first + i - 1], this.#first + i === position - 1);
      }
    });
  }
}

function write(item, event, previous, current) {
  const [time, what, about] = item.firstChild.children;
  setText(time, `+${nanos(event.nanos - (previous?.nanos ?? 0))}`);
  setText(what, line(event));
  setText(about, subject(event));
  setAttribute(item.firstChild, 'data-kind', event.kind);
  if (current) {
    setAttribute(item.firstChild, 'aria-current', 'step');
  } else {
    item.firstChild.removeAttribute('aria-current');
  }
}
