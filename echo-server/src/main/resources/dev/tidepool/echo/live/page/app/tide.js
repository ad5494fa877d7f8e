// The tide: what connections lease, over the last minute, at ten points a second.

import { colour, fittedContext, setAttribute, setText } from './dom.js';
import { bytes } from './format.js';

const SPAN_MILLIS = 60_000;
const HEADROOM = 1.25;

/** A calm area graph at the head of the page. */
export class Tide {
  #canvas;
  #text;
  #points = [];
  #top = 1;

  constructor(canvas, text) {
    this.#canvas = canvas;
    this.#text = text;
  }

  add(snapshot) {
    this.#points.push({ at: snapshot.atMillis, leased: snapshot.header.leasedBytes, live: snapshot.point.liveBytes });
    while (this.#points[0].at < snapshot.atMillis - SPAN_MILLIS) {
      this.#points.shift();
    }
  }

  /** Begins with what was before, a point a second. */
  begin(points) {
    if (points.length > 0) {
      const end = points.at(-1).atMillis;
      const past = points.filter((point) => point.atMillis > end - SPAN_MILLIS).map((point) => ({ at: point.atMillis, leased: point.leasedBytes, live: point.liveBytes }));
      this.#points = [...past, ...this.#points.filter((point) => point.at > end)];
    }
  }

  describe() {
    const now = this.#points.at(-1);
    const most = Math.max(...this.#points.map((point) => point.leased));
    setText(this.#text, `Leased by connections: ${bytes(now.leased)} now, at most ${bytes(most)} in the last minute`);
    setAttribute(this.#canvas, 'aria-label', this.#text.textContent);
  }

  draw() {
    const context = fittedContext(this.#canvas);
    const most = HEADROOM * Math.max(1, ...this.#points.map((point) => point.leased));
    this.#top += (most - this.#top) * (most > this.#top ? 0.5 : 0.05);
    this.#area(context, 'leased', colour('--tide-far'));
    this.#area(context, 'live', colour('--tide-near'));
  }

  #area(context, key, fill) {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const end = this.#points.at(-1).at;
    const x = (point) => width * (1 - (end - point.at) / SPAN_MILLIS);
    const y = (point) => height - (height - 2) * Math.min(1, point[key] / this.#top);
    context.beginPath();
    context.moveTo(x(this.#points[0]), height);
    this.#points.forEach((point, i) => {
      const next = this.#points[i + 1] ?? point;
      context.quadraticCurveTo(x(point), y(point), (x(point) + x(next)) / 2, (y(point) + y(next)) / 2);
    });
    context.lineTo(width, height);
    context.fillStyle = fill;
    context.fill();
  }
}
