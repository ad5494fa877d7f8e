// The last five minutes, a point a second. No DOM.

const SPAN_MILLIS = 300_000;
const STEP_MILLIS = 1000;

/** Points in the order of their time, at most one for each second of the span. */
export class History {
  points = [];

  /** Takes all points that the server kept, in place of those known. */
  replace(points) {
    this.points = [];
    points.forEach((point) => this.add(point));
  }

  /** Adds a point and returns true, or returns false if it is too soon after the last one. */
  add(point) {
    const last = this.points.at(-1);
    if (last !== undefined && point.atMillis - last.atMillis < STEP_MILLIS * 0.95) {
      return false;
    }
    this.points.push(point);
    while (this.points[0].atMillis < point.atMillis - SPAN_MILLIS) {
      this.points.shift();
    }
    return true;
  }

  /** The first point of each span of so many seconds, newest first: what a table can show. */
  every(seconds) {
    const span = ({ atMillis }) => Math.floor(atMillis / (seconds * STEP_MILLIS));
    return this.points.filter((point, i) => i === 0 || span(point) !== span(this.points[i - 1])).reverse();
  }
}
