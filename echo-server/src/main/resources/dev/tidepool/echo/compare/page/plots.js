'use strict';
// The pictures: ratios, a dot for every run, spectra, memory over time.

const FOREST = { left: 250, right: 190, width: 1080, row: 30, top: 30 };
const TICKS = [0.125, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 8];

/** Ratios to the best peer with their intervals, on a logarithmic axis around 1. */
function forest(rows) {
  const ends = rows.flatMap((row) => [row.ratio.low ?? row.ratio.value, row.ratio.high ?? row.ratio.value]);
  const reach = Math.min(Math.log(16), Math.max(Math.log(1.25), ...ends.map((end) => Math.abs(Math.log(Math.max(end, 1e-6)))))) * 1.05;
  const span = FOREST.width - FOREST.left - FOREST.right;
  const x = (ratio) => FOREST.left + span * (0.5 + Math.max(-1, Math.min(1, Math.log(Math.max(ratio, 1e-6)) / reach)) / 2);
  const height = FOREST.top + rows.length * FOREST.row + 10;
  const svg = makeSvg('svg', { viewBox: `0 0 ${FOREST.width} ${height}`, role: 'img', 'aria-label': 'Ratios to the best peer', width: '100%' });
  for (const tick of TICKS.filter((each) => Math.abs(Math.log(each)) <= reach && (reach < 1 || ![0.8, 1.25].includes(each)))) {
    svg.append(
      makeSvg('line', { x1: x(tick), x2: x(tick), y1: FOREST.top - 6, y2: height - 8, class: tick === 1 ? 'one' : 'grid' }),
      makeSvg('text', { x: x(tick), y: 14, 'text-anchor': 'middle', class: 'soft' }, `${tick} ×`),
    );
  }
  rows.forEach((row, index) => svg.append(forestRow(row, FOREST.top + (index + 0.5) * FOREST.row, x)));
  return svg;
}

function forestRow(row, y, x) {
  const kind = row.significant ? (row.better ? 'better' : 'worse') : 'grey';
  const { value, low, high } = row.ratio;
  return makeSvg('g', {},
    makeSvg('title', {}, row.verdict),
    makeSvg('text', { x: FOREST.left - 14, y: y + 4, 'text-anchor': 'end' }, row.label),
    makeSvg('line', { x1: x(low ?? value), x2: x(high ?? value), y1: y, y2: y, class: kind, 'stroke-width': 3, 'stroke-linecap': 'round' }),
    makeSvg('circle', { cx: x(value), cy: y, r: 6, class: kind }),
    makeSvg('text', { x: FOREST.width - FOREST.right + 14, y: y + 4, class: row.significant ? kind : 'soft', stroke: 'none' }, `${row.ratio.text} ${row.peer}`),
  );
}

/** A dot for every run, in the order of the rounds, and a line at each median. */
function dots(subjects, cells) {
  const width = 520;
  const left = 140;
  const row = 34;
  const height = subjects.length * row + 34;
  const all = cells.flatMap((cell) => cell.values);
  const least = Math.min(...all);
  const most = Math.max(...all);
  const pad = (most - least) * 0.04 || Math.abs(most) * 0.1 || 1;
  const x = (value) => left + ((value - least + pad) / (most - least + 2 * pad)) * (width - left - 16);
  const svg = makeSvg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'A dot for every run', width: '100%' });
  subjects.forEach((subject, index) => {
    const y = 18 + index * row;
    const cell = cells[index];
    svg.append(
      makeSvg('line', { x1: left, x2: width - 16, y1: y, y2: y, class: 'grid' }),
      makeSvg('text', { x: left - 12, y: y + 4, 'text-anchor': 'end' }, subject.label),
    );
    cell.values.forEach((value, run) => svg.append(dot(subject, x(value), y + ((run % 5) - 2) * 4, colour(subjects, index), `${subject.label}, round ${cell.rounds[run]}: ${cell.texts[run]}`)));
    if (cell.median !== null) {
      svg.append(makeSvg('line', { x1: x(cell.median), x2: x(cell.median), y1: y - 13, y2: y + 13, style: `stroke: var(${colour(subjects, index)}); stroke-width: 3` }));
    }
  });
  const end = subjects.length * row + 22;
  svg.append(axisEnd(x(least), end, 'start', cells, least), axisEnd(x(most), end, 'end', cells, most));
  return svg;
}

function dot(subject, cx, cy, colourName, words) {
  const look = subject.twin
    ? `fill: none; stroke: var(${colourName}); stroke-width: 1.5`
    : `fill: var(${colourName}); fill-opacity: 0.75`;
  return makeSvg('circle', { cx, cy, r: 4.5, style: look }, makeSvg('title', {}, words));
}

function axisEnd(x, y, anchor, cells, value) {
  const cell = cells.find((each) => each.values.includes(value));
  return makeSvg('text', { x, y, 'text-anchor': anchor, class: 'soft' }, cell.texts[cell.values.indexOf(value)]);
}

const charts = [];

/** A chart that is drawn when it comes into view, and again when the colours change. */
function chart(words, settings) {
  const canvas = make('canvas', { role: 'img', 'aria-label': words });
  const made = { canvas, settings, chart: null };
  charts.push(made);
  watcher.observe(canvas);
  return make('div', { class: 'canvas' }, canvas);
}

function draw(made) {
  made.chart?.destroy();
  made.chart = new Chart(made.canvas, made.settings());
}

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((each) => each.isIntersecting)) {
    watcher.unobserve(entry.target);
    draw(charts.find((made) => made.canvas === entry.target));
  }
}, { rootMargin: '600px' });

function drawAgain() {
  charts.filter((made) => made.chart).forEach(draw);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain);

function line(subjects, index, points) {
  const shade = style(colour(subjects, index));
  return {
    label: subjects[index].label,
    data: points,
    borderColor: shade,
    backgroundColor: shade,
    borderDash: subjects[index].twin ? [5, 4] : [],
    borderWidth: 2,
    pointRadius: 0,
    pointHitRadius: 8,
  };
}

function axis(title, settings) {
  return {
    title: { display: true, text: title, color: style('--ink-soft') },
    grid: { color: style('--line') },
    ...settings,
    ticks: { color: style('--ink-soft'), maxRotation: 0, ...settings.ticks },
  };
}

function options(x, y, tooltip) {
  return {
    animation: false,
    maintainAspectRatio: false,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    plugins: {
      legend: { labels: { color: style('--ink'), boxWidth: 18, boxHeight: 2 } },
      tooltip: { callbacks: tooltip },
    },
    scales: { x, y },
  };
}

/** Latency over the percentiles: each step to the right has a tenth of the requests beyond it. */
function spectra(data, scenario) {
  return () => {
    const beyond = data.percentiles.map((percentile) => 1 / (1 - percentile / 100));
    const datasets = data.subjects
      .map((_, index) => line(data.subjects, index, scenario.spectra[index].map((nanos, i) => ({ x: beyond[i], y: nanos }))))
      .filter((set) => set.data.length > 0);
    const percentile = (x) => `p${Number((100 * (1 - 1 / x)).toPrecision(6))}`;
    return {
      type: 'line',
      data: { datasets },
      options: options(
        axis('percentile', { type: 'logarithmic', min: 1, max: 10000, ticks: { callback: (x) => ([1, 2, 10, 100, 1000, 10000].includes(x) ? percentile(x) : null), autoSkip: false } }),
        axis('latency', { type: 'logarithmic', ticks: { callback: (nanos) => (/^[125]/.test(String(nanos)) ? time(nanos) : null), maxTicksLimit: 8 } }),
        { title: (items) => percentile(items[0].parsed.x), label: (item) => `${item.dataset.label}: ${time(item.parsed.y)}` },
      ),
    };
  };
}

/** Resident memory over time, with the phases of the first subject's run shaded. */
function memory(data, scenario) {
  return () => {
    const datasets = data.subjects
      .map((_, index) => line(data.subjects, index, scenario.memory[index].samples.map((sample) => ({ x: sample.millis / 1e3, y: sample.residentBytes }))))
      .filter((set) => set.data.length > 0);
    const phases = scenario.memory.map((each) => each.phases).find((each) => each.length > 0) ?? [];
    return {
      type: 'line',
      data: { datasets },
      plugins: [{ id: 'phases', beforeDatasetsDraw: (drawn) => shade(drawn, phases) }],
      options: options(
        axis('seconds', { type: 'linear', min: 0 }),
        axis('resident memory', { ticks: { callback: mebibytes } }),
        { title: (items) => `${items[0].parsed.x.toFixed(1)} s`, label: (item) => `${item.dataset.label}: ${mebibytes(item.parsed.y)}` },
      ),
    };
  };
}

function shade({ ctx, chartArea, scales }, phases) {
  ctx.save();
  ctx.font = '11px system-ui, sans-serif';
  phases.forEach((phase, index) => {
    const from = Math.max(chartArea.left, scales.x.getPixelForValue(phase.fromMillis / 1e3));
    const to = Math.min(chartArea.right, scales.x.getPixelForValue(phase.toMillis / 1e3));
    if (index % 2 === 0) {
      ctx.fillStyle = style('--shade');
      ctx.fillRect(from, chartArea.top, to - from, chartArea.height);
    }
    ctx.fillStyle = style('--ink-soft');
    ctx.fillText(phase.name.replace('at the common rate', 'common rate'), from + 4, chartArea.bottom - 6, Math.max(10, to - from - 6));
  });
  ctx.restore();
}
