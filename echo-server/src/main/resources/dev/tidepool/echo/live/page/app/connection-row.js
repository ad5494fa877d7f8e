// One connection's row in the table.

import { BlockBar, Sparkline } from './bars.js';
import { element, setAttribute, setText } from './dom.js';
import { age, bytes, count } from './format.js';
import { heldBytes } from './order.js';

const STATES = {
  open: ['open', 'The connection is open and is read from.'],
  paused: ['paused', 'The connection is over its budget and is not read from until half of it is free.'],
  closing: ['closing', 'The connection is closed; some of its buffers are still alive.'],
  leaking: ['leaking', 'The connection is closed, and buffers were still alive after the grace.'],
};

/** Elements for one connection, made once and changed in place. */
export class ConnectionRow {
  node = element('tr', { role: 'row' });
  #connection;
  #bar = new BlockBar();
  #spark = new Sparkline();
  #texts = {};
  #state = element('span', { class: 'state' });

  constructor(connection, labels, choose) {
    this.#connection = connection;
    this.node.dataset.id = connection.id;
    const name = element('th', { scope: 'row', role: 'rowheader', class: 'name' }, connection.name);
    const watch = element('button', { type: 'button', class: 'quiet', 'aria-label': `Watch ${connection.name} in slow motion` }, 'Watch');
    watch.addEventListener('click', () => choose(this.#connection));
    this.node.append(
        name,
        this.#text('protocol', labels[1]),
        this.#cell(labels[2], 'state-cell', this.#state),
        this.#cell(labels[3], 'bar-cell', this.#bar.node),
        this.#text('held', labels[4]),
        this.#text('largest', labels[5]),
        this.#cell(labels[6], 'spark-cell', this.#spark.node),
        this.#text('requests', labels[7]),
        this.#text('resets', labels[8]),
        this.#text('stragglers', labels[9]),
        this.#text('age', labels[10]),
        this.#cell(labels[11], 'watch-cell', watch));
  }

  /** Draws bar and sparkline; scale is the bytes of a whole bar, or null for the connection's own most. */
  draw(connection, scale, texts) {
    this.#connection = connection;
    this.#bar.draw(connection, scale ?? Math.max(1, connection.peakHeldBytes, heldBytes(connection)));
    this.#spark.draw(connection);
    if (texts) {
      this.#write(connection);
    }
  }

  remove() {
    this.node.remove();
  }

  #write(connection) {
    const { protocol, held, largest, requests, resets, stragglers, age: years } = this.#texts;
    setText(protocol, connection.protocol);
    setText(held, bytes(heldBytes(connection) + connection.overflowBytes));
    setText(largest, bytes(connection.peakRequestBytes));
    setText(requests, count(connection.requests));
    setText(resets, count(connection.resets));
    setText(stragglers, count(connection.stragglers));
    setText(years, age(connection.ageMillis));
    this.#writeState(connection.state);
    this.#bar.describe(connection);
  }

  #writeState(state) {
    const [text, title] = STATES[state] ?? [state, ''];
    setAttribute(this.node, 'data-state', state);
    setText(this.#state, text);
    setAttribute(this.#state, 'title', title);
  }

  #text(name, label) {
    const cell = this.#cell(label, name === 'protocol' ? 'word' : 'number');
    cell.dataset.figure = name;
    this.#texts[name] = cell;
    return cell;
  }

  #cell(label, name, ...children) {
    return element('td', { role: 'cell', class: name, 'data-label': label }, ...children);
  }
}
