// The stream of server-sent events. It comes back by itself after a loss, later each time, and tells its state.

const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 8000;
const SILENCE_MILLIS = 5000;

/** One connection to /api/events, opened again whenever it is lost or silent. */
export class Stream {
  #listener;
  #source = null;
  #wait = FIRST_WAIT_MILLIS;
  #silence = 0;
  #retry = 0;

  /** The listener has snapshot(text), leak(text), and state(name, millisUntilRetry). */
  constructor(listener) {
    this.#listener = listener;
  }

  open() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = new EventSource('/api/events');
    this.#source.addEventListener('open', () => this.#heard());
    this.#source.addEventListener('snapshot', (event) => {
      this.#heard();
      this.#listener.snapshot(event.data);
    });
    this.#source.addEventListener('leak', (event) => this.#listener.leak(event.data));
    this.#source.addEventListener('error', () => this.#lost());
    this.#watchSilence();
  }

  #heard() {
    this.#wait = FIRST_WAIT_MILLIS;
    this.#listener.state('live', 0);
    this.#watchSilence();
  }

  #lost() {
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#source.close();
    this.#listener.state('lost', this.#wait);
    this.#retry = setTimeout(() => this.open(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MILLIS);
  }

  #watchSilence() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENCE_MILLIS);
  }
}
