// The event loops: for each pool its idle blocks by size class and what the trim gave back.

import { element, setAttribute, setText } from './dom.js';
import { bytes, count, plural } from './format.js';

/** A card for each pool, with a column for each size class that any pool has had. */
export class Loops {
  #list;
  #cards = new Map();
  #classes = new Set();

  constructor(list) {
    this.#list = list;
  }

  update(loops) {
    loops.forEach((loop) => loop.idle.forEach((idle) => this.#classes.add(idle.blockBytes)));
    const classes = [...this.#classes].sort((a, b) => a - b);
    const most = Math.max(1, ...loops.flatMap((loop) => loop.idle.map((idle) => idle.blocks * idle.blockBytes)));
    const names = new Set(loops.map((loop) => loop.name));
    for (const [name, card] of this.#cards) {
      if (!names.has(name)) {
        card.node.remove();
        this.#cards.delete(name);
      }
    }
    loops.forEach((loop) => this.#card(loop).update(loop, classes, most));
  }

  #card(loop) {
    let card = this.#cards.get(loop.name);
    if (card === undefined) {
      card = new LoopCard(loop);
      this.#cards.set(loop.name, card);
      this.#list.append(card.node);
    }
    return card;
  }
}

class LoopCard {
  #sums = element('p', { class: 'hint' });
  #trimmed = element('p', { class: 'hint trimmed' });
  #columns = element('ol', { class: 'classes' });
  node;

  constructor(loop) {
    const title = element('h3', {}, loop.name);
    if (loop.lane) {
      title.append(' ', element('span', { class: 'state', title: 'Serves threads that are not event loops.' }, 'lane'));
    }
    setAttribute(this.#columns, 'aria-label', `Idle blocks of ${loop.name} by size class`);
    this.node = element('li', { class: 'panel loop' }, title, this.#sums, this.#columns, this.#trimmed);
  }

  update(loop, classes, most) {
    setText(this.#sums, `${bytes(loop.leasedBytes)} leased, ${bytes(loop.idleBytes)} idle`);
    setText(this.#trimmed, loop.trimmedLatelyBytes > 0
        ? `The trim gave ${bytes(loop.trimmedLatelyBytes)} back in the last 10 s`
        : `Trimmed so far: ${bytes(loop.trimmedBytes)}`);
    setAttribute(this.#trimmed, 'data-lately', String(loop.trimmedLatelyBytes > 0));
    while (this.#columns.children.length < classes.length) {
      this.#columns.append(element('li', {},
          element('span', { class: 'blocks-count', 'aria-hidden': 'true' }),
          element('span', { class: 'column', 'aria-hidden': 'true' }),
          element('span', { class: 'class', 'aria-hidden': 'true' }),
          element('span', { class: 'visually-hidden' })));
    }
    classes.forEach((size, i) => writeClass(this.#columns.children[i], size, loop, most));
  }
}

function writeClass(item, size, loop, most) {
  const idle = loop.idle.filter((each) => each.blockBytes === size);
  const blocks = idle.reduce((sum, each) => sum + each.blocks, 0);
  const [number, column, label, words] = item.children;
  setText(number, blocks === 0 ? '' : count(blocks));
  column.style.setProperty('--level', `${(100 * blocks * size / most).toFixed(1)}%`);
  setText(label, bytes(size).replace(' ', '').replace('iB', ''));
  const text = `${bytes(size)}: ${plural(blocks, 'idle block')}, ${bytes(blocks * size)}`;
  setText(words, text);
  setAttribute(item, 'title', text);
}
