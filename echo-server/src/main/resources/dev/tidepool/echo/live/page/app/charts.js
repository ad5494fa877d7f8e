// The charts over five minutes, drawn by Chart.js, each with a table behind it.

import { colour, element, setAttribute, setText } from './dom.js';
import { bytes, clock, nanos, rate } from './format.js';

const SPAN_SECONDS = 300;
const TABLE_STEP_SECONDS = 10;

const CHARTS = [
  {
    id: 'memory',
    title: 'Memory at each level',
    note: 'Logarithmic: each line of the grid is sixteen times the one below.',
    format: bytes,
    logarithmic: { min: 1024, base: 16 },
    lines: [
      ['residentBytes', 'resident', '--line-1'],
      ['upstreamBytes', 'upstream', '--line-2'],
      ['leasedBytes', 'leased', '--line-3'],
      ['liveBytes', 'live', '--line-4'],
    ],
  },
  {
    id: 'requests',
    title: 'Requests and resets',
    note: 'For each second.',
    format: (value) => `${rate(value)}/s`,
    lines: [
      ['requestsPerSecond', 'requests', '--line-1'],
      ['resetsPerSecond', 'resets', '--line-3'],
    ],
  },
  {
    id: 'latency',
    title: 'Latency inside the server',
    note: 'From the first byte read to the last byte flushed. Logarithmic.',
    format: nanos,
    logarithmic: { min: 1000, base: 10 },
    lines: [
      ['latencyP50Nanos', 'half', '--line-3'],
      ['latencyP99Nanos', '99 %', '--line-2'],
      ['latencyMaxNanos', 'longest', '--line-1'],
    ],
  },
];

/** All charts of the page. */
export class Charts {
  #charts;

  constructor(grid) {
    this.#charts = CHARTS.map((definition) => new TimeChart(definition));
    grid.append(...this.#charts.map((chart) => chart.node));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#charts.forEach((chart) => chart.colour()));
  }

  update(history) {
    this.#charts.forEach((chart) => chart.update(history));
  }
}

class TimeChart {
  #definition;
  #history = null;
  #canvas;
  #chart = null;
  #table = element('div', { class: 'table-behind', role: 'region', tabindex: '0', hidden: '' });
  #button;
  /** The time of the newest row. */
  #tableOf = 0;
  node;

  constructor(definition) {
    this.#definition = definition;
    const { id, title, note } = definition;
    this.#canvas = element('canvas', { role: 'img', 'aria-label': title });
    this.#table.id = `chart-table-${id}`;
    setAttribute(this.#table, 'aria-label', `${title}, as a table`);
    this.#button = element('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': this.#table.id }, 'Show as table');
    this.#button.addEventListener('click', () => this.#toggle());
    this.node = element('figure', { class: 'panel chart', 'data-chart': id },
        element('figcaption', {}, element('h3', {}, title), element('p', { class: 'hint' }, note)),
        element('div', { class: 'chart-box' }, this.#canvas), this.#button, this.#table);
  }

  update(history) {
    this.#history = history;
    this.#chart ??= this.#newChart();
    if (this.#chart !== null) {
      const now = history.points.at(-1)?.atMillis ?? 0;
      this.#definition.lines.forEach(([key], i) => {
        this.#chart.data.datasets[i].data = history.points
            .filter((point) => point[key] >= 0)
            .map((point) => ({ x: (point.atMillis - now) / 1000, y: point[key] }));
      });
      this.#chart.update('none');
    }
    setAttribute(this.node, 'data-points', String(history.points.length));
    setAttribute(this.#canvas, 'aria-label', this.#words());
    if (!this.#table.hidden) {
      this.#fillTable();
    }
  }

  colour() {
    if (this.#chart !== null) {
      this.#chart.destroy();
      this.#chart = null;
      this.update(this.#history);
    }
  }

  #words() {
    const lines = this.#definition.lines.map(([key, label]) => {
      const values = this.#history.points.map((point) => point[key]);
      const most = values.reduce((max, value) => Math.max(max, value), 0);
      return `${label} ${this.#definition.format(values.at(-1) ?? 0)} now, at most ${this.#definition.format(most)}`;
    });
    return `${this.#definition.title} over the last five minutes: ${lines.join('; ')}`;
  }

  #toggle() {
    this.#table.hidden = !this.#table.hidden;
    setAttribute(this.#button, 'aria-expanded', String(!this.#table.hidden));
    setText(this.#button, this.#table.hidden ? 'Show as table' : 'Hide the table');
    this.#fillTable();
  }

  #fillTable() {
    const { title, lines, format } = this.#definition;
    const points = this.#history.every(TABLE_STEP_SECONDS);
    if (points[0]?.atMillis === this.#tableOf) {
      return;
    }
    this.#tableOf = points[0]?.atMillis;
    const rows = points.map((point) =>
      element('tr', {}, element('th', { scope: 'row' }, clock(point.atMillis)),
          ...lines.map(([key]) => element('td', { class: 'number' }, format(point[key])))));
    this.#table.replaceChildren(element('table', {},
        element('caption', { class: 'visually-hidden' }, `${title}, every ten seconds, newest first`),
        element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Time'),
            ...lines.map(([, label]) => element('th', { scope: 'col', class: 'number' }, label)))),
        element('tbody', {}, ...rows)));
  }

  #newChart() {
    return typeof Chart === 'undefined' ? null : new Chart(this.#canvas, settings(this.#definition));
  }
}

function settings({ lines, format, logarithmic }) {
  const ink = colour('--ink-soft');
  const line = colour('--line');
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  return {
    type: 'line',
    data: { datasets: lines.map(([, label, name]) => lineStyle(label, colour(name))) },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          type: 'linear', min: -SPAN_SECONDS, max: 0, border: { color: line }, grid: { display: false },
          ticks: { color: ink, font, stepSize: 60, maxRotation: 0, callback: (x) => (x === 0 ? 'now' : `−${-x / 60} min`) },
        },
        y: { ...valueAxis(logarithmic), border: { display: false }, grid: { color: line }, ticks: { color: ink, font, maxTicksLimit: 6, callback: format } },
      },
      plugins: {
        legend: { position: 'bottom', align: 'start', labels: { color: ink, font, boxWidth: 14, boxHeight: 2, padding: 14 } },
        tooltip: { callbacks: { title: ([item]) => `${Math.round(-item.parsed.x)} s ago`, label: (item) => `${item.dataset.label}: ${format(item.parsed.y)}` } },
      },
    },
  };
}

function lineStyle(label, stroke) {
  return { label, data: [], borderColor: stroke, backgroundColor: stroke, borderWidth: 2, pointRadius: 0, pointHitRadius: 8, tension: 0.2 };
}

function valueAxis(logarithmic) {
  if (!logarithmic) {
    return { type: 'linear', min: 0, suggestedMax: 10 };
  }
  const { min, base } = logarithmic;
  return {
    type: 'logarithmic',
    min,
    afterBuildTicks: (axis) => {
      axis.ticks = [];
      for (let value = min; value <= axis.max; value *= base) {
        axis.ticks.push({ value });
      }
    },
  };
}
