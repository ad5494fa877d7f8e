// The map of an arena: a strip for each block, drawn to scale, with its buffers where they lie.

import { element, setAttribute, setText } from './dom.js';
import { bytes, count } from './format.js';
import { blockSums } from './motion-model.js';

const NARROWEST_SHARE = 0.04;
const LABELLED_SHARE = 0.06;

/** Rows of blocks; elements stay while their block and buffers do, so that changes can be seen to happen. */
export class BlockMap {
  #list;
  #rows = [];
  #point;

  /** Point is called with a buffer's number when it is hovered or focused, and with null when no longer. */
  constructor(list, point) {
    this.#list = list;
    this.#point = point;
  }

  /** Draws a state; event is the one that led to it, wide the bytes of a full row, or null for each block its own. */
  draw(state, event, wide, jump) {
    this.#list.classList.toggle('jump', jump);
    while (this.#rows.length > state.berths.length) {
      this.#rows.pop().node.remove();
    }
    state.berths.forEach((berth, i) => {
      const row = this.#rows[i] ?? this.#newRow();
      row.draw(berth, state.blocks.get(berth.number), event, wide ?? berth.bytes);
    });
  }

  #newRow() {
    const row = new BlockRow(this.#point);
    this.#rows.push(row);
    this.#list.append(row.node);
    return row;
  }
}

class BlockRow {
  #name = element('strong');
  #size = element('span', { class: 'block-size' });
  #sums = element('span', { class: 'block-sums' });
  #strip = element('div', { class: 'strip', role: 'listbox' });
  #marks = [0, 1, 2, 3, 4].map(() => element('span'));
  #buffers = new Map();
  #active = null;
  #point;
  node = element('li', { class: 'block' },
      element('p', { class: 'block-head' }, this.#name, ' ', this.#size, ' ', this.#sums),
      this.#strip,
      element('p', { class: 'ruler', 'aria-hidden': 'true' }, ...this.#marks));

  constructor(point) {
    this.#point = point;
    this.#strip.addEventListener('pointerover', ({ target }) => this.#hover(target));
    this.#strip.addEventListener('pointerleave', () => this.#activate(null));
    this.#strip.addEventListener('focus', () => this.#activate(this.#active ?? this.#inOrder()[0] ?? null));
    this.#strip.addEventListener('blur', () => this.#activate(null));
    this.#strip.addEventListener('keydown', (event) => this.#key(event));
  }

  draw(berth, block, event, wide) {
    const held = block !== undefined && berth.held;
    this.node.classList.toggle('given-back', !held);
    this.node.classList.toggle('swept-by-reset', held && event?.kind === 'RESET');
    this.node.classList.toggle('current', event?.block === berth.number && event.kind !== 'RESET');
    this.node.style.setProperty('--share', Math.max(NARROWEST_SHARE, berth.bytes / wide).toFixed(4));
    setAttribute(this.node, 'data-block', String(berth.number));
    setText(this.#name, `Block ${berth.number}`);
    setText(this.#size, `${bytes(berth.bytes)} ${berth.direct ? 'direct' : 'heap'}`);
    this.#write(berth, held ? block : null);
    this.#marks.forEach((mark, i) => setText(mark, bytes(berth.bytes * i / 4)));
    this.#drawBuffers(held ? block : null, event);
  }

  #write(berth, block) {
    if (block === null) {
      setText(this.#sums, berth.trimmed ? 'went back upstream' : 'went back to the event loop');
      setAttribute(this.#strip, 'aria-label', `Block ${berth.number}, given back`);
      setAttribute(this.#strip, 'tabindex', '-1');
      return;
    }
    const { alive, released, straggling, free } = blockSums(block);
    setText(this.#sums, [[alive, 'alive'], [released, 'released'], [straggling, 'straggling'], [free, 'free']]
        .filter(([sum]) => sum > 0).map(([sum, name]) => `${bytes(sum)} ${name}`).join(' · '));
    setAttribute(this.#strip, 'aria-label', `Buffers in block ${berth.number}`);
    setAttribute(this.#strip, 'tabindex', block.buffers.size > 0 ? '0' : '-1');
  }

  #drawBuffers(block, event) {
    const buffers = block?.buffers ?? new Map();
    for (const [number, node] of this.#buffers) {
      if (!buffers.has(number)) {
        node.remove();
        this.#buffers.delete(number);
      }
    }
    if (!this.#buffers.has(this.#active)) {
      this.#active = null;
    }
    buffers.forEach((buffer) => this.#drawBuffer(buffer, block, event));
  }

  #drawBuffer(buffer, block, event) {
    let node = this.#buffers.get(buffer.number);
    if (node === undefined) {
      node = element('div', { class: 'buffer', role: 'option', id: `buffer-${buffer.number}`, 'data-buffer': String(buffer.number) }, element('span'));
      this.#buffers.set(buffer.number, node);
      this.#strip.append(node);
    }
    node.style.left = `${100 * buffer.offset / block.bytes}%`;
    node.style.width = `${100 * buffer.length / block.bytes}%`;
    setAttribute(node, 'data-state', buffer.state);
    setAttribute(node, 'data-tint', String(buffer.request % 2));
    node.classList.toggle('current', event?.buffer === buffer.number);
    setAttribute(node, 'aria-selected', String(this.#active === buffer.number));
    setAttribute(node, 'aria-label', `Buffer ${buffer.number}, ${count(buffer.length)} bytes at ${count(buffer.offset)}, ${buffer.state}`);
    setText(node.firstChild, buffer.length / block.bytes >= LABELLED_SHARE ? bytes(buffer.length) : '');
  }

  #inOrder() {
    return [...this.#buffers.keys()].sort((a, b) => this.#buffers.get(a).offsetLeft - this.#buffers.get(b).offsetLeft);
  }

  #hover(target) {
    const node = target.closest('.buffer');
    if (node !== null) {
      this.#activate(Number(node.dataset.buffer));
    }
  }

  #key(event) {
    const order = this.#inOrder();
    const at = order.indexOf(this.#active);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: order.length - 1 }[event.key];
    if (to !== undefined && order.length > 0) {
      event.preventDefault();
      this.#activate(order[Math.max(0, Math.min(order.length - 1, to))]);
    }
  }

  #activate(number) {
    this.#active = number;
    this.#buffers.forEach((node, each) => setAttribute(node, 'aria-selected', String(each === number)));
    if (number === null) {
      this.#strip.removeAttribute('aria-activedescendant');
    } else {
      setAttribute(this.#strip, 'aria-activedescendant', `buffer-${number}`);
    }
    this.#point(number);
  }
}
