// The list of leak reports, newest first, each with its stack and a button that copies it.

import { copyButton } from './copy.js';
import { byId, element } from './dom.js';
import { bytes, clock, count } from './format.js';

const KEPT = 100;

/** Leak reports, as they come. */
export class Leaks {
  #list = byId('leaks-list');
  #known = new Set();

  replace(leaks) {
    leaks.forEach((leak) => this.add(leak));
  }

  add(leak) {
    const key = `${leak.atMillis} ${leak.text}`;
    if (this.#known.has(key)) {
      return;
    }
    this.#known.add(key);
    this.#list.prepend(item(leak));
    while (this.#list.children.length > KEPT) {
      this.#list.lastElementChild.remove();
    }
    byId('leaks-empty').hidden = true;
  }
}

function item(leak) {
  const report = element('pre', { tabindex: '0', role: 'region', 'aria-label': `Report on ${leak.connection}` }, leak.text);
  return element('li', {},
      element('details', {},
          element('summary', {},
              element('span', { class: 'leak-bytes' }, bytes(leak.bytes)),
              ` of request ${count(leak.request)}, ${leak.connection} `,
              element('time', { datetime: new Date(leak.atMillis).toISOString(), class: 'hint' }, clock(leak.atMillis))),
          report,
          copyButton('Copy the report', () => leak.text)));
}
