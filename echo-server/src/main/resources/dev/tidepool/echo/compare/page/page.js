'use strict';
// The page, from its data.

const data = JSON.parse(byId('data').textContent);

function showHead() {
  byId('headline').append(...data.headline.map((text) => make('p', {}, `${text}.`)));
  byId('made').textContent = `${data.runs} runs in ${data.rounds} rounds, begun ${new Date(data.started).toISOString().slice(0, 16).replace('T', ' ')} UTC, `
    + `on ${data.environment.processor}, ${data.environment.Java}.`;
  byId('headline').append(...data.leftOut.map((text) => make('p', { class: 'note' }, `Left out: ${text}.`)));
  const links = [['glance', 'At a glance'], ['targets-section', 'Targets'], ...data.scenarios.map((each) => [each.name, each.title]), ['noise', 'Noise'], ['method', 'Method'], ['environment', 'Environment']];
  byId('contents').append(...links.map(([id, title]) => make('a', { href: `#${id}` }, title)));
}

// At a glance

function metricChoices(select, change) {
  select.append(...data.metrics.map((metric) => make('option', { value: metric.key }, metric.title)));
  select.addEventListener('change', () => change(select.value));
  change(select.value);
}

function showForest(key) {
  const metric = data.metrics.find((each) => each.key === key);
  byId('glance-side').textContent = metric.moreIsBetter ? 'less, which is worse' : 'less, which is better';
  const rows = data.scenarios.flatMap((scenario) => scenario.contrasts
    .filter((each) => each.metric === key && each.ratio !== null)
    .map((each) => ({ ...each, label: `${scenario.name} · ${each.subject}` })));
  byId('forest').replaceChildren(rows.length > 0 ? forest(rows) : make('p', { class: 'soft' }, 'There is nothing to compare.'));
}

function showTargets() {
  byId('targets').append(...data.targets.map((target) => make('li', { class: target.met === null ? 'unknown' : target.met ? 'met' : 'missed' },
    `${target.text} `, make('span', { class: 'found' }, `— ${target.found}`))));
}

// A scenario

function scenarioSection(scenario) {
  const section = make('section', { id: scenario.name },
    make('h2', {}, scenario.title),
    make('p', { class: 'lead' }, scenario.description),
    make('p', { class: 'facts' }, `${scenario.facts} · common rate ${scenario.rate}`),
    ...scenario.notes.map((note) => make('p', { class: 'note' }, `${note}.`)),
    verdicts(scenario),
    table(scenario),
    pictures(scenario));
  return section;
}

function verdicts(scenario) {
  const item = (each) => make('li', { class: each.significant ? (each.better ? 'better' : 'worse') : 'same' }, `${each.verdict}.`);
  const significant = scenario.contrasts.filter((each) => each.significant);
  const rest = scenario.contrasts.filter((each) => !each.significant);
  const all = make('div', {});
  if (significant.length > 0) {
    all.append(make('ul', { class: 'verdicts' }, ...significant.map(item)));
  }
  if (rest.length > 0) {
    all.append(make('details', {}, make('summary', {}, `No significant difference in ${rest.length} of ${scenario.contrasts.length} comparisons`),
      make('ul', { class: 'verdicts' }, ...rest.map(item))));
  }
  return all;
}

function key(index) {
  return make('span', { class: data.subjects[index].twin ? 'key twin' : 'key', style: `background: var(${colour(data.subjects, index)}); color: var(${colour(data.subjects, index)})` });
}

function table(scenario) {
  const head = make('tr', {}, make('th', { scope: 'col' }, 'Metric'), ...data.subjects.map((subject, index) => make('th', { scope: 'col' }, key(index), subject.label)));
  const rows = data.metrics.map((metric) => make('tr', {},
    make('th', { scope: 'row', title: metric.description }, metric.title),
    ...scenario.cells[metric.key].map((cell, index) => tableCell(scenario, metric, cell, index))));
  return make('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Figures: ${scenario.title}` },
    make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)));
}

function tableCell(scenario, metric, cell, index) {
  const contrast = scenario.contrasts.find((each) => each.metric === metric.key && each.subject === data.subjects[index].label);
  const coloured = contrast?.significant ? (contrast.better ? 'better' : 'worse') : '';
  const detail = contrast ? `${contrast.text} · ${contrast.probability}` : '';
  return make('td', { class: coloured, title: contrast ? contrast.verdict : '' }, cell.text,
    make('small', {}, cell.interval), detail === '' ? null : make('small', {}, detail));
}

function pictures(scenario) {
  const place = make('div', {});
  const select = make('select', { 'aria-label': `Metric of the dots: ${scenario.title}` });
  const runs = make('figure', {}, make('figcaption', {}, make('strong', {}, 'Every run'), make('label', { class: 'choice' }, 'of ', select)), place);
  metricChoices(select, (chosen) => place.replaceChildren(
    scenario.cells[chosen].some((cell) => cell.values.length > 0) ? dots(data.subjects, scenario.cells[chosen]) : make('p', { class: 'soft' }, 'Not measured.')));
  return make('div', { class: 'charts' }, runs,
    make('figure', {}, make('figcaption', {}, make('strong', {}, 'Latency at the common rate'), 'from the intended time; the median of the runs at each percentile'), chart(`Latency at each percentile: ${scenario.title}`, spectra(data, scenario))),
    make('figure', {}, make('figcaption', {}, make('strong', {}, 'Resident memory over time'), 'of the run with the median peak'), chart(`Resident memory over time: ${scenario.title}`, memory(data, scenario))));
}

// The rest

function showNoise() {
  byId('noise-lead').replaceChildren(...data.noise.map((text) => make('p', { class: 'lead' }, `${text}.`)));
  byId('noise-table').append(
    make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Scenario'), ...data.metrics.map((metric) => make('th', { scope: 'col' }, metric.title)))),
    make('tbody', {}, ...data.scenarios.map((scenario) => make('tr', {}, make('th', { scope: 'row' }, scenario.name),
      ...data.metrics.map((metric) => noiseCell(scenario.noise[metric.key]))))));
}

function noiseCell(ratio) {
  return make('td', {}, ratio ? ratio.text : '–', make('small', {}, ratio ? ratio.interval : ''));
}

function showEnvironment() {
  byId('method-text').append(...data.method.map((text) => make('p', {}, text)));
  for (const [name, value] of Object.entries(data.environment)) {
    byId('environment-list').append(make('dt', {}, name), make('dd', {}, value));
  }
  byId('command').textContent = data.command;
  byId('commands').append(...data.commands.map((command) => make('pre', {}, command)));
}

showHead();
metricChoices(byId('glance-metric'), showForest);
showTargets();
byId('scenarios').append(...data.scenarios.map(scenarioSection));
showNoise();
showEnvironment();
