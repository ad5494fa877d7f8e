// Where the page begins: takes snapshots from the stream and has each section draw them.

import { get } from './api.js';
import { Charts } from './charts.js';
import { Connections } from './connections.js';
import { byId, setAttribute, setText } from './dom.js';
import { clock } from './format.js';
import { History } from './history.js';
import { Leaks } from './leaks.js';
import { Loops } from './loops.js';
import { Motion } from './motion.js';
import { Stream } from './stream.js';
import { Survivors } from './survivors.js';
import { Tide } from './tide.js';
import { Tiles } from './tiles.js';
import { Trouble } from './trouble.js';

const TEXTS_EVERY_MILLIS = 250;

const tiles = new Tiles(byId('tiles'));
const tide = new Tide(byId('tide'), byId('tide-text'));
const loops = new Loops(byId('loops-list'));
const charts = new Charts(byId('charts-grid'));
const history = new History();
const leaks = new Leaks();
const survivors = new Survivors();
const motion = new Motion();
const trouble = new Trouble();
const connections = new Connections(watch);

let latest = null;
let drawn = 0;
let writtenAt = 0;
let frame = 0;
let still = false;

function watch(connection) {
  survivors.choose(connection);
  motion.watch(connection);
  const title = byId('motion-title');
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  byId('motion').scrollIntoView();
}

/** Frames do not come while the page is hidden, so that a snapshot then costs nothing but its arrival. */
function snapshot(text) {
  latest = text;
  if (!still && frame === 0) {
    frame = requestAnimationFrame(draw);
  }
}

function draw(now) {
  frame = 0;
  const snapshot = JSON.parse(latest);
  drawn = snapshot.atMillis;
  const texts = now - writtenAt >= TEXTS_EVERY_MILLIS;
  tide.add(snapshot);
  tide.draw();
  connections.update(snapshot, texts);
  if (texts) {
    writtenAt = now;
    write(snapshot);
  }
}

function write(snapshot) {
  tiles.update(snapshot.header);
  tide.describe();
  loops.update(snapshot.loops);
  describeServer(snapshot.server);
  if (history.add(snapshot.point)) {
    charts.update(history);
  }
}

function describeServer({ protocol, transport, allocator, address, recording }) {
  setText(byId('server-line'), `${protocol} echo server on ${address}, ${transport} transport, ${allocator} allocator`);
  setText(byId('leaks-recording'), recording === 'off'
      ? 'Stacks are not recorded: start the server with -Ddev.tidepool.recording=all to see where each buffer was allocated.'
      : `Recording of stacks: ${recording}.`);
}

/** Tells whether figures are coming. What was there before a loss stays, and says of when it is. */
function streamState(state, retryMillis) {
  const status = byId('stream-status');
  const lost = state === 'lost';
  setAttribute(status, 'data-state', state);
  setText(byId('stream-text'), lost ? 'Stream lost' : 'Live');
  byId('lost').hidden = !lost;
  if (lost) {
    const of = drawn === 0 ? '' : ` The figures are of ${clock(drawn)}.`;
    setText(byId('lost'), `The server does not send.${of} Trying again in ${(retryMillis / 1000).toFixed(1)} s.`);
  } else if (status.dataset.was !== 'live') {
    loadPast();
  }
  status.dataset.was = state;
}

/** What happened before this page was open, or while the stream was lost or the page hidden. */
async function loadPast() {
  await Promise.allSettled([
    get('/api/history').then(({ points }) => { history.replace(points); tide.begin(points); charts.update(history); }),
    get('/api/leaks').then((answer) => leaks.replace(answer.leaks)),
    trouble.begin(),
  ]);
}

byId('freeze').addEventListener('click', ({ currentTarget }) => {
  still = !still;
  setAttribute(currentTarget, 'aria-pressed', String(still));
});
byId('motion-heaviest').addEventListener('click', () => {
  const heaviest = connections.heaviest();
  if (heaviest !== undefined) {
    watch(heaviest);
  }
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    loadPast();
  }
});

new Stream({ snapshot, leak: (text) => leaks.add(JSON.parse(text)), state: streamState }).open();
