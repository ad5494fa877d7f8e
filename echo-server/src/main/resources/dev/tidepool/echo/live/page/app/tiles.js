// The header's figures, each with its unit and a sentence that explains it.

import { element, setText, setAttribute } from './dom.js';
import { byteParts, count, rate } from './format.js';

const number = (unit) => (value) => [count(value), unit];
const perSecond = (value) => [rate(value), '/ s'];

const TILES = [
  ['connections', 'Connections', number('open'), 'Connections that are open now, each with an arena of its own.'],
  ['requestsPerSecond', 'Requests', perSecond, 'Requests that ended in the last second.'],
  ['resetsPerSecond', 'Resets', perSecond, 'Arenas that were reset in the last second: a reset ends one request or several pipelined ones.'],
  ['residentBytes', 'Resident', byteParts, 'Memory of the whole process as the operating system counts it, with the Java heap in it.'],
  ['upstreamBytes', 'Upstream', byteParts, 'Blocks that were taken from upstream and not yet given back, in use or idle.'],
  ['leasedBytes', 'Leased', byteParts, 'Blocks that connections hold now.'],
  ['idleBytes', 'Idle', byteParts, 'Blocks that wait in the pools of the event loops for the next request.'],
  ['liveBuffers', 'Live buffers', number('buffers'), 'Buffers that are allocated and not yet released.'],
  ['stragglers', 'Stragglers', number('buffers'), 'Live buffers whose request has ended; each holds its block until it is released.'],
  ['refusals', 'Refusals', number('so far'), 'Allocations that a budget has refused since the server began.'],
  ['leaks', 'Leaks', number('so far'), 'Buffers that were still alive when the grace after their connection\u2019s close had passed.'],
];

/** Marks that ask for attention as soon as they are not zero. */
const ALARMS = new Set(['refusals', 'leaks', 'stragglers']);

/** The tiles in a definition list. */
export class Tiles {
  #values = new Map();

  constructor(list) {
    for (const [key, label, parts, title] of TILES) {
      const figure = element('span', { class: 'figure' }, '–');
      const unit = element('span', { class: 'unit' });
      const tile = element('div', { class: 'tile', title, 'data-key': key },
          element('dt', {}, label),
          element('dd', {}, figure, ' ', unit, element('span', { class: 'visually-hidden' }, `. ${title}`)));
      this.#values.set(key, { tile, figure, unit, parts });
      list.append(tile);
    }
  }

  update(header) {
    for (const [key, { tile, figure, unit, parts }] of this.#values) {
      const [value, name] = parts(header[key]);
      setText(figure, value);
      setText(unit, name);
      if (ALARMS.has(key)) {
        setAttribute(tile, 'data-alarm', String(header[key] > 0));
      }
    }
  }
}
