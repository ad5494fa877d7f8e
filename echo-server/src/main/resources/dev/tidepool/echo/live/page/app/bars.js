// The two small pictures of a connection's row: the bar of its blocks and the sparkline of its requests.

import { element, svg, setAttribute } from './dom.js';
import { bytes, plural } from './format.js';
import { heldBytes } from './order.js';

const SPARK_WIDTH = 64;
const SPARK_HEIGHT = 20;

/** A bar of a connection's blocks to scale, with a mark at the most it ever held. */
export class BlockBar {
  node = element('div', { class: 'bar', role: 'img' });

  /** Moves the bar; scale is the bytes of its whole width. */
  draw(connection, scale) {
    const alive = connection.aliveBytes;
    const released = alive + connection.releasedBytes;
    const straggling = released + connection.stragglingBytes;
    this.#mark('--alive-end', alive / scale);
    this.#mark('--released-end', released / scale);
    this.#mark('--straggling-end', straggling / scale);
    this.#mark('--held-end', heldBytes(connection) / scale);
    this.#mark('--peak', connection.peakHeldBytes / scale);
  }

  describe(connection) {
    const text = [
      `${bytes(connection.aliveBytes)} alive`,
      `${bytes(connection.releasedBytes)} released`,
      `${bytes(connection.stragglingBytes)} held by stragglers`,
      `${bytes(connection.freeBytes)} free`,
      `in ${plural(connection.blocks, 'block')}`,
      `at most ${bytes(connection.peakHeldBytes)} ever`,
    ].join(', ');
    setAttribute(this.node, 'aria-label', text);
    setAttribute(this.node, 'title', text);
  }

  #mark(name, share) {
    const value = `${(100 * Math.min(1, share)).toFixed(2)}%`;
    if (this.node.style.getPropertyValue(name) !== value) {
      this.node.style.setProperty(name, value);
    }
  }
}

/** A line of the bytes that each of the last requests had alive at its peak. */
export class Sparkline {
  #area = svg('path', { class: 'spark-area' });
  #line = svg('path', { class: 'spark-line' });
  #resets = -1;
  #length = -1;
  node = svg('svg', {
    class: 'spark', role: 'img', viewBox: `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`, preserveAspectRatio: 'none',
  }, this.#area, this.#line);

  /** Draws the line again, if there were requests since. */
  draw(connection) {
    const peaks = connection.recentRequestBytes;
    if (connection.resets === this.#resets && peaks.length === this.#length) {
      return;
    }
    this.#resets = connection.resets;
    this.#length = peaks.length;
    const line = sparkPath(peaks);
    this.#line.setAttribute('d', line);
    this.#area.setAttribute('d', line && `${line}V${SPARK_HEIGHT}H${SPARK_WIDTH - peaks.length}Z`);
    setAttribute(this.node, 'aria-label', sparkWords(peaks));
  }
}

/** The path of a step for each request, newest at the right, the largest at the top. */
export function sparkPath(peaks) {
  const most = Math.max(1, ...peaks);
  const left = SPARK_WIDTH - peaks.length;
  return peaks
      .map((peak, i) => {
        const y = (SPARK_HEIGHT - 1 - (SPARK_HEIGHT - 3) * (peak / most)).toFixed(1);
        return i === 0 ? `M${left} ${y}H${left + 1}` : `V${y}H${left + i + 1}`;
      })
      .join('');
}

function sparkWords(peaks) {
  if (peaks.length === 0) {
    return 'No request since it is watched';
  }
  const from = bytes(Math.min(...peaks));
  const to = bytes(Math.max(...peaks));
  return `Last ${plural(peaks.length, 'request')}: peaks from ${from} to ${to}, the latest ${bytes(peaks.at(-1))}`;
}
