// What the slow motion says in words. No DOM.

import { bytes, count, nanos } from './format.js';

const NAMES = {
  LEASE: 'lease', ALLOCATE: 'allocate', GROW: 'grow', RELEASE: 'release', SWEEP: 'sweep',
  RESET: 'reset', STRAGGLE: 'straggle', GIVE_BACK: 'give back', TRIM: 'trim',
};

const SENTENCES = {
  LEASE: (event) => `The arena leases block ${event.block} from its event loop: ${bytes(event.blockBytes)}, ${kind(event)}.`,
  ALLOCATE: (event) => `Buffer ${event.buffer} is allocated: ${bytes(event.length)} at ${place(event)}, for request ${count(event.request)}.`,
  GROW: (event, before) => `Buffer ${event.buffer} ${grown(event, before)} ${bytes(event.length)}${moved(event, before)}.`,
  RELEASE: (event) => `Buffer ${event.buffer} is released. Its bytes wait for the reset, or for what is allocated over them.`,
  SWEEP: (event) => `Block ${event.block} is swept: ${gap(event)}.`,
  RESET: (event) => `Request ${count(event.request)} has ended, and the arena resets: what was released is free, what is alive stays valid.`,
  STRAGGLE: (event) => `Buffer ${event.buffer} has outlived its request: a straggler, which holds block ${event.block} until it is released.`,
  GIVE_BACK: (event) => `Block ${event.block} goes back to the event loop, still hot in cache, for the next request of any connection.`,
  TRIM: (event) => `Block ${event.block}, idle since the arena gave it back, goes back upstream: the event loop did not need its ${bytes(event.blockBytes)} lately.`,
};

/** The name of an event's kind. */
export function eventName(event) {
  return NAMES[event.kind] ?? event.kind.toLowerCase();
}

/** A sentence about an event; before is the buffer as it was before it, or undefined. */
export function sentence(event, before) {
  return SENTENCES[event.kind]?.(event, before) ?? eventName(event);
}

/** A line for the list of events. */
export function line(event) {
  const what = { ALLOCATE: ` ${bytes(event.length)}`, GROW: ` to ${bytes(event.length)}`, TRIM: ` ${bytes(event.blockBytes)}`, LEASE: ` ${bytes(event.blockBytes)}` }[event.kind] ?? '';
  return `${eventName(event)}${what}`;
}

/** What an event is about: "buffer 12", "block 3" or "request 7". */
export function subject(event) {
  if (event.kind === 'RESET') {
    return `request ${count(event.request)}`;
  }
  return event.buffer > 0 ? `buffer ${event.buffer}` : `block ${event.block}`;
}

/** The facts about a buffer as [term, definition] pairs. */
export function facts(buffer, now) {
  const lived = (buffer.releasedAt ?? now) - buffer.allocatedAt;
  return [
    ['Number', String(buffer.number)],
    ['State', buffer.state],
    ['Length', `${count(buffer.length)} bytes`],
    ['Place', `block ${buffer.block}, ${count(buffer.offset)} to ${count(buffer.offset + buffer.length)}`],
    ['Request', count(buffer.request)],
    ['Allocated', `${nanos(buffer.allocatedAt)} after the beginning`],
    [buffer.releasedAt === null ? 'Alive for' : 'Lived for', nanos(lived)],
    ['Thread', buffer.thread],
  ];
}

/** The time of an event and how long after the one before it. */
export function moment(event, previous) {
  const since = previous === undefined ? '' : `, ${nanos(event.nanos - previous.nanos)} after the event before`;
  return `At ${nanos(event.nanos)}${since}.`;
}

function kind({ direct }) {
  return direct ? 'direct' : 'on the heap';
}

function place({ offset, block }) {
  return `offset ${count(offset)} of block ${block}`;
}

function grown(event, before) {
  return before !== undefined && event.length < before.length ? 'shrinks to' : 'grows to';
}

function moved(event, before) {
  if (before === undefined || (before.block === event.block && before.offset === event.offset)) {
    return ', in place';
  }
  return ` and moves to ${place(event)}`;
}

function gap({ length, offset }) {
  return length > 0
    ? `a gap of ${bytes(length)} between its living buffers, at offset ${count(offset)}, is allocated in next`
    : 'no gap between its living buffers is large enough to allocate in';
}
