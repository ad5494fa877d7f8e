// The section that shows one connection in slow motion: recorder, player and the pictures of the current moment.

import { byId, prefersReducedMotion, setAttribute, setDefinitions, setText } from './dom.js';
import { bytes, count } from './format.js';
import { EventList } from './motion-events.js';
import { drawLevels } from './motion-levels.js';
import { BlockMap } from './motion-map.js';
import { findBuffer, Tape } from './motion-model.js';
import { Player } from './motion-player.js';
import { Recorder } from './motion-recorder.js';
import { eventName, facts, moment, sentence } from './motion-words.js';

const CLOSED = new Set(['closing', 'leaking']);
const SPOKEN_SPEED = 1;
const MOST_EVENTS = 4000;

/** The slow motion of a chosen connection. */
export class Motion {
  #connection = null;
  #tape = new Tape();
  #player = new Player(() => this.#tape.length, () => this.#running, (jump) => this.#draw(jump));
  #recorder = new Recorder({ events: (events) => this.#heard(events), state: (text, running) => this.#tell(text, running) });
  #map = new BlockMap(byId('motion-blocks'), (number) => this.#point(number));
  #events = new EventList(byId('motion-events'), (position) => this.#player.seek(position));
  #pointed = null;
  #arena = null;
  #running = false;

  constructor() {
    this.#on('motion-play', () => (this.#player.playing ? this.#player.pause() : this.#player.play()));
    this.#on('motion-back', () => this.#player.step(-1));
    this.#on('motion-forward', () => this.#player.step(1));
    this.#on('motion-record', () => (this.#running ? this.#recorder.stop() : this.watch(this.#connection)));
    byId('motion-scrub').addEventListener('input', ({ target }) => this.#player.seek(Number(target.value)));
    byId('motion-speed').addEventListener('change', ({ target }) => { this.#player.speed = Number(target.value); this.#draw(false); });
    byId('motion-scale').addEventListener('change', () => this.#draw(true));
    new ResizeObserver(() => this.#drawLevels()).observe(byId('motion-levels'));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#drawLevels());
  }

  /** Records a connection anew and plays what is recorded, unless the reader asked for little motion. */
  watch(connection) {
    this.#connection = connection;
    this.#tape = new Tape();
    this.#pointed = null;
    this.#player.rewind();
    byId('motion-idle').hidden = true;
    byId('motion-stage').hidden = false;
    setText(byId('motion-subject'), `${connection.name}, ${connection.protocol}`);
    this.#draw(true);
    if (CLOSED.has(connection.state)) {
      this.#recorder.stop().then(() => this.#tell('The connection is closed: there is nothing to record', false));
      return;
    }
    this.#running = true;
    this.#recorder.start(connection);
    if (!prefersReducedMotion()) {
      this.#player.play();
    }
  }

  #on(id, act) {
    byId(id).addEventListener('click', act);
  }

  #heard(events) {
    if (this.#tape.append(events) > 0) {
      this.#drawPosition();
      this.#events.draw(this.#tape.events, this.#player.position);
      this.#drawWords();
      this.#drawPlay();
    }
    return this.#tape.length < MOST_EVENTS && !this.#tape.torn;
  }

  #tell(text, running) {
    this.#running = running;
    setText(byId('motion-state'), this.#tape.torn ? 'Recorded, until there was more than could be read' : text);
    setText(byId('motion-record'), running ? 'Stop recording' : 'Record again');
    setAttribute(byId('motion-stage'), 'data-recording', String(running));
    this.#drawWords();
  }

  #draw(jump) {
    const { position } = this.#player;
    this.#arena = this.#tape.at(position);
    const event = this.#tape.events[position - 1];
    this.#map.draw(this.#arena, event, byId('motion-scale').checked ? this.#tape.largestBlockBytes : null, jump);
    this.#events.draw(this.#tape.events, position);
    this.#drawSums();
    this.#drawPosition();
    this.#drawWords();
    this.#drawFacts();
    this.#drawPlay();
  }

  #drawSums() {
    const { request, resets, heldBytes, aliveBytes, blocks } = this.#arena;
    setDefinitions(byId('motion-sums'), [
      ['Request', count(request)],
      ['Resets', count(resets)],
      ['Blocks', count(blocks.size)],
      ['Held', bytes(heldBytes)],
      ['Alive', bytes(aliveBytes)],
    ]);
  }

  #drawPosition() {
    const { position } = this.#player;
    const scrub = byId('motion-scrub');
    const event = this.#tape.events[position - 1];
    scrub.max = String(this.#tape.length);
    scrub.value = String(position);
    setAttribute(scrub, 'aria-valuetext', `${position} of ${this.#tape.length} events${event ? `, ${eventName(event)}` : ''}`);
    this.#drawLevels();
  }

  #drawLevels() {
    drawLevels(byId('motion-levels'), this.#tape, this.#player.position);
  }

  #drawWords() {
    const { position, playing, speed } = this.#player;
    const { events } = this.#tape;
    const words = byId('motion-words');
    setAttribute(words, 'aria-live', playing && speed > SPOKEN_SPEED ? 'off' : 'polite');
    if (position === 0) {
      setText(words, this.#opening());
      return;
    }
    const event = events[position - 1];
    const before = event.kind === 'GROW' ? findBuffer(this.#tape.at(position - 1), event.buffer) : undefined;
    setText(words, `${sentence(event, before)} ${moment(event, events[position - 2])}`);
  }

  #opening() {
    if (this.#tape.length > 0) {
      return `${count(this.#tape.length)} events are recorded. Play, or step through them.`;
    }
    return this.#running ? 'Waiting for the connection to do something. Between requests it holds nothing.' : 'Nothing is recorded.';
  }

  #drawFacts() {
    const event = this.#tape.events[this.#player.position - 1];
    const buffer = findBuffer(this.#arena, this.#pointed ?? event?.buffer);
    setDefinitions(byId('motion-facts'), buffer === undefined
        ? [['None', 'Point at a buffer, or focus a block and use the arrow keys.']]
        : facts(buffer, event?.nanos ?? 0));
  }

  #drawPlay() {
    const play = byId('motion-play');
    const { playing, position } = this.#player;
    setAttribute(play, 'aria-label', playing ? 'Pause' : 'Play');
    setAttribute(play, 'title', playing ? 'Pause' : 'Play');
    setText(play.firstElementChild, playing ? '\u275A\u275A' : '\u25B6\uFE0E');
    byId('motion-back').disabled = position === 0;
    byId('motion-forward').disabled = position >= this.#tape.length;
  }

  #point(number) {
    this.#pointed = number;
    if (this.#arena !== null) {
      this.#drawFacts();
    }
  }
}
