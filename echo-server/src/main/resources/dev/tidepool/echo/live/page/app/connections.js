// The table of connections: rows are made once and changed in place, sorted and searched.

import { get } from './api.js';
import { byId, element, setAttribute, setText } from './dom.js';
import { bytes, count } from './format.js';
import { ConnectionRow } from './connection-row.js';
import { commonScale, matches, sorted, startsDescending } from './order.js';

const SEARCH_EVERY_MILLIS = 1000;
const TYPING_MILLIS = 250;
const SEARCH_LIMIT = 100;
const FEW = 10;

const COLUMNS = [
  ['name', 'Connection', 'word'],
  ['protocol', 'Protocol', 'word'],
  ['state', 'State', 'word'],
  [null, 'Blocks', 'word'],
  ['heldBytes', 'Held', 'number'],
  ['peakRequestBytes', 'Largest request', 'number'],
  [null, 'Last 64 requests', 'word'],
  ['requests', 'Requests', 'number'],
  ['resets', 'Resets', 'number'],
  ['stragglers', 'Stragglers', 'number'],
  ['ageMillis', 'Age', 'number'],
  [null, 'Slow motion', 'word'],
];

/** The connections of the latest snapshot, or those that a search found among all. */
export class Connections {
  #rows = new Map();
  #body = byId('connections-rows');
  #search = byId('connections-search');
  #scale = byId('connections-scale');
  #more = byId('connections-more');
  #all = false;
  #common;
  #column = 'heldBytes';
  #descending = true;
  #order = [];
  #total = 0;
  #heaviest = [];
  #found = null;
  #searchDue = 0;
  #choose;

  /** Choose is called with a connection whose slow motion is asked for. */
  constructor(choose) {
    this.#choose = choose;
    byId('connections-head').append(...COLUMNS.map((column) => this.#header(...column)));
    byId('connections-head').querySelector('[data-label="Blocks"]')
        .append(' ', element('span', { id: 'connections-scale-end', class: 'scale-end' }));
    this.#showOrder();
    this.#search.addEventListener('input', () => this.#searchAnew());
    this.#scale.addEventListener('change', () => this.#show(true));
    this.#more.addEventListener('click', () => this.#toggleAll());
  }

  /** The connection that holds most, if there is one. */
  heaviest() {
    return sorted(this.#heaviest, 'heldBytes', true)[0];
  }

  /** Takes a snapshot's connections and draws; texts and order only when it is their turn. */
  update(snapshot, texts) {
    this.#heaviest = snapshot.connections;
    this.#total = snapshot.header.connections;
    this.#refreshSearch();
    this.#show(false, texts);
  }

  #show(anew, texts = true) {
    const found = this.#matching();
    if (texts) {
      this.#arrange(found, anew);
      this.#describe(found.length);
    }
    const shown = found.filter((each) => this.#rows.has(each.id));
    if (texts) {
      this.#common = commonScale(shown, this.#common);
    }
    const scale = this.#scale.value === 'own' ? null : this.#common;
    shown.forEach((connection) => this.#rows.get(connection.id).draw(connection, scale, texts));
    setText(byId('connections-scale-end'), scale === null ? 'each to its own most' : `0 to ${bytes(scale)}`);
  }

  #matching() {
    const search = this.#search.value.trim();
    if (search === '') {
      return this.#heaviest;
    }
    const current = new Map((this.#found ?? []).map((each) => [each.id, each]));
    this.#heaviest.forEach((each) => current.set(each.id, each));
    return [...current.values()].filter((each) => matches(each, search));
  }

  /** Makes, moves and removes rows until they are those of the connections to show, in their order. */
  #arrange(found, anew) {
    this.#order = this.#newOrder(sorted(found, this.#column, this.#descending), anew || !this.#isHeld());
    const kept = new Set(this.#order.map((each) => each.id));
    for (const [id, row] of this.#rows) {
      if (!kept.has(id)) {
        row.remove();
        this.#rows.delete(id);
      }
    }
    this.#order.forEach((each, i) => {
      const { node } = this.#row(each);
      if (this.#body.children[i] !== node) {
        this.#body.insertBefore(node, this.#body.children[i] ?? null);
      }
    });
  }

  /** The connections to show: in the column's order, or those shown already first. */
  #newOrder(found, free) {
    const most = this.#all ? found.length : FEW;
    if (free) {
      return found.slice(0, most);
    }
    const left = new Map(found.map((each) => [each.id, each]));
    const old = this.#order.filter((each) => left.has(each.id)).map((each) => left.get(each.id));
    old.forEach((each) => left.delete(each.id));
    return [...old, ...left.values()].slice(0, most);
  }

  #row(connection) {
    let row = this.#rows.get(connection.id);
    if (row === undefined) {
      row = new ConnectionRow(connection, COLUMNS.map(([, label]) => label), this.#choose);
      this.#rows.set(connection.id, row);
    }
    return row;
  }

  #isHeld() {
    return this.#body.matches(':hover') || this.#body.contains(document.activeElement);
  }

  #describe(found) {
    const search = this.#search.value.trim();
    const all = search === '' ? `The heaviest ${count(found)} of ${count(this.#total)}` : `${count(found)} found in ${count(this.#total)}`;
    setText(byId('connections-count'), all);
    const empty = byId('connections-empty');
    empty.hidden = found > 0;
    setText(empty, search === '' ? 'No connection is open.' : `No connection matches “${search}”.`);
    this.#more.hidden = found <= FEW;
    setText(this.#more, this.#all ? `Show ${FEW} only` : `Show all ${count(found)}`);
  }

  #toggleAll() {
    this.#all = !this.#all;
    setAttribute(this.#more, 'aria-expanded', String(this.#all));
    this.#show(true);
  }

  #header(column, label, kind) {
    const cell = element('th', { scope: 'col', role: 'columnheader', class: kind, 'data-label': label });
    if (column === null) {
      cell.append(element('span', {}, label));
      return cell;
    }
    const button = element('button', { type: 'button', class: 'sort' }, label);
    button.addEventListener('click', () => this.#sortBy(column));
    cell.dataset.column = column;
    cell.append(button);
    return cell;
  }

  #sortBy(column) {
    this.#descending = column === this.#column ? !this.#descending : startsDescending(column);
    this.#column = column;
    this.#showOrder();
    this.#show(true);
  }

  #showOrder() {
    for (const cell of byId('connections-head').querySelectorAll('[data-column]')) {
      const order = this.#descending ? 'descending' : 'ascending';
      setAttribute(cell, 'aria-sort', cell.dataset.column === this.#column ? order : 'none');
    }
  }

  /** Shows at once what is found among the heaviest; asks the server when the typing pauses. */
  #searchAnew() {
    this.#found = null;
    this.#searchDue = performance.now() + TYPING_MILLIS;
    this.#show(true);
  }

  async #refreshSearch() {
    const search = this.#search.value.trim();
    if (search === '' || performance.now() < this.#searchDue) {
      return;
    }
    this.#searchDue = performance.now() + SEARCH_EVERY_MILLIS;
    const query = new URLSearchParams({ search, limit: SEARCH_LIMIT });
    const found = await get(`/api/arenas?${query}`).catch(() => null);
    if (found !== null && search === this.#search.value.trim()) {
      this.#found = found.connections;
    }
  }
}
