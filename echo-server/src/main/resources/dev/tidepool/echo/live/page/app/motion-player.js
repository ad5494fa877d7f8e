// The clock of the slow motion: which event is the current one, and when the next one comes. No DOM but the frame clock.

/** Plays a tape: position is the number of events that have happened. */
export class Player {
  position = 0;
  speed = 2;
  playing = false;
  #length;
  #growing;
  #moved;
  #due = 0;
  #frame = 0;

  /** Length() is the number of events there are now, growing() whether more may come; moved(jump) is called after each change. */
  constructor(length, growing, moved) {
    this.#length = length;
    this.#growing = growing;
    this.#moved = moved;
  }

  play() {
    if (this.position >= this.#length()) {
      this.position = 0;
    }
    this.playing = true;
    this.#due = performance.now();
    this.#schedule();
    this.#moved(false);
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
    this.#moved(false);
  }

  /** One event on or back; playing stops. */
  step(by) {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
    this.#move(this.position + by, false);
  }

  /** To any position; playing goes on from there. */
  seek(position) {
    this.#due = performance.now() + 1000 / this.speed;
    this.#move(position, true);
  }

  /** Back to the beginning, standing. */
  rewind() {
    this.playing = false;
    cancelAnimationFrame(this.#frame);
    this.#move(0, true);
  }

  #schedule() {
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now) {
    if (!this.playing) {
      return;
    }
    const due = Math.floor((now - this.#due) * this.speed / 1000);
    if (due >= 1) {
      this.#due += due * 1000 / this.speed;
      this.#move(this.position + due, false);
    }
    if (this.position >= this.#length() && !this.#growing()) {
      this.pause();
      return;
    }
    this.#schedule();
  }

  #move(position, jump) {
    const to = Math.max(0, Math.min(this.#length(), position));
    if (to !== this.position || jump) {
      this.position = to;
      this.#moved(jump);
    }
  }
}
