// The blocks and buffers of one arena at each moment of a recording: a fold of its events. No DOM.

const KEYFRAME_EVERY = 128;

/** The state before the first event. */
export function emptyArena() {
  return { blocks: new Map(), berths: [], request: 0, resets: 0, aliveBytes: 0, heldBytes: 0 };
}

/** A recording: its events and, for each number of events, the arena after them. */
export class Tape {
  events = [];
  /** After each event: bytes held and bytes alive, for the picture behind the slider. */
  levels = [];
  largestBlockBytes = 1;
  /** How many blocks were held at once at most: the rows that a map needs. */
  mostBlocks = 0;
  #keyframes = [emptyArena()];
  #last = emptyArena();

  /** Whether events are missing between those known and those that came last, which were not taken. */
  torn = false;

  /** Appends the events that follow the last one without a gap, and returns how many. */
  append(events) {
    const before = this.length;
    for (const event of events) {
      const last = this.events.at(-1)?.sequence ?? event.sequence - 1;
      if (event.sequence > last + 1) {
        this.torn = true;
        break;
      }
      if (event.sequence > last) {
        this.#add(event);
      }
    }
    return this.length - before;
  }

  get length() {
    return this.events.length;
  }

  /** The arena after the first n events, the caller's own copy. */
  at(n) {
    const frame = Math.min(Math.floor(n / KEYFRAME_EVERY), this.#keyframes.length - 1);
    const state = copy(this.#keyframes[frame]);
    for (let i = frame * KEYFRAME_EVERY; i < n; i++) {
      apply(state, this.events[i]);
    }
    return state;
  }

  #add(event) {
    this.events.push(event);
    apply(this.#last, event);
    this.levels.push({ held: this.#last.heldBytes, alive: this.#last.aliveBytes });
    this.largestBlockBytes = Math.max(this.largestBlockBytes, event.blockBytes);
    this.mostBlocks = Math.max(this.mostBlocks, this.#last.berths.length);
    if (this.events.length % KEYFRAME_EVERY === 0) {
      this.#keyframes.push(copy(this.#last));
    }
  }
}

/** Applies one event to an arena. Blocks and buffers that the recording did not see begin are made up from the event. */
export function apply(state, event) {
  state.request = Math.max(state.request, event.request);
  STEPS[event.kind]?.(state, event);
}

/** The buffer with this number, in whichever block it lies, or undefined. */
export function findBuffer(state, number) {
  for (const block of state.blocks.values()) {
    const buffer = block.buffers.get(number);
    if (buffer !== undefined) {
      return buffer;
    }
  }
  return undefined;
}

/** A block's bytes by state; what is free or only padding is the rest. */
export function blockSums(block) {
  const sums = { alive: 0, released: 0, straggling: 0 };
  block.buffers.forEach((buffer) => { sums[buffer.state] += buffer.length; });
  return { ...sums, free: Math.max(0, block.bytes - sums.alive - sums.released - sums.straggling) };
}

const STEPS = {
  LEASE: (state, event) => { lease(state, event); },
  ALLOCATE: allocate,
  GROW: grow,
  RELEASE: release,
  SWEEP: (state, event) => dropReleased(blockOf(state, event)),
  RESET: reset,
  STRAGGLE: straggle,
  GIVE_BACK: giveBack,
  TRIM: trim,
};

function lease(state, event) {
  const block = { number: event.block, bytes: event.blockBytes, direct: event.direct, buffers: new Map(), berth: 0 };
  block.berth = freeBerth(state, block);
  state.berths[block.berth] = { number: block.number, bytes: block.bytes, direct: block.direct, held: true };
  state.blocks.set(block.number, block);
  state.heldBytes += block.bytes;
  return block;
}

/** The row of the map that a block gets: its own from before, else the first whose block went back. */
function freeBerth(state, block) {
  const own = state.berths.findIndex((berth) => !berth.held && berth.number === block.number);
  if (own >= 0) {
    return own;
  }
  const free = state.berths.findIndex((berth) => !berth.held);
  return free >= 0 ? free : state.berths.length;
}

function allocate(state, event) {
  const block = blockOf(state, event);
  makeRoom(block, event);
  block.buffers.set(event.buffer, {
    number: event.buffer, block: event.block, offset: event.offset, length: event.length, state: 'alive',
    request: event.request, thread: event.thread, allocatedAt: event.nanos, releasedAt: null,
  });
  state.aliveBytes += event.length;
}

function grow(state, event) {
  const buffer = findBuffer(state, event.buffer);
  if (buffer === undefined) {
    allocate(state, event);
    return;
  }
  state.blocks.get(buffer.block).buffers.delete(buffer.number);
  const block = blockOf(state, event);
  makeRoom(block, event);
  state.aliveBytes += event.length - buffer.length;
  Object.assign(buffer, { block: event.block, offset: event.offset, length: event.length });
  block.buffers.set(buffer.number, buffer);
}

function release(state, event) {
  const buffer = findBuffer(state, event.buffer);
  if (buffer !== undefined && buffer.state !== 'released') {
    state.aliveBytes -= buffer.length;
    Object.assign(buffer, { state: 'released', releasedAt: event.nanos });
  }
}

function reset(state, event) {
  state.blocks.forEach(dropReleased);
  state.resets++;
}

function straggle(state, event) {
  const buffer = findBuffer(state, event.buffer);
  if (buffer !== undefined && buffer.state === 'alive') {
    buffer.state = 'straggling';
  }
}

function giveBack(state, event) {
  const block = state.blocks.get(event.block);
  if (block === undefined) {
    return;
  }
  block.buffers.forEach((buffer) => { state.aliveBytes -= buffer.state === 'released' ? 0 : buffer.length; });
  state.blocks.delete(block.number);
  state.berths[block.berth].held = false;
  state.heldBytes -= block.bytes;
}

/** The row of a block that went back upstream is marked so, as long as no other block has it. */
function trim(state, event) {
  const berth = state.berths.find((each) => !each.held && each.number === event.block);
  if (berth !== undefined) {
    berth.trimmed = true;
  }
}

function blockOf(state, event) {
  return state.blocks.get(event.block) ?? lease(state, event);
}

/** An arena bumps again where buffers were released: what is allocated covers them. */
function makeRoom(block, { offset, length }) {
  for (const [number, old] of block.buffers) {
    if (old.state === 'released' && old.offset < offset + length && offset < old.offset + old.length) {
      block.buffers.delete(number);
    }
  }
}

function dropReleased(block) {
  for (const [number, buffer] of block.buffers) {
    if (buffer.state === 'released') {
      block.buffers.delete(number);
    }
  }
}

function copy(state) {
  const blocks = new Map([...state.blocks].map(([number, block]) => [number, {
    ...block, buffers: new Map([...block.buffers].map(([n, buffer]) => [n, { ...buffer }])),
  }]));
  return { ...state, blocks, berths: state.berths.map((berth) => ({ ...berth })) };
}
