'use strict';
// Elements, and numbers in words.

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  return fill(element, attributes, children);
}

function makeSvg(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const byId = (id) => document.getElementById(id);

/** A time in nanoseconds, in the unit that fits. */
function time(nanos) {
  if (nanos < 1e6) {
    return `${round(nanos / 1e3)} µs`;
  }
  return nanos < 1e9 ? `${round(nanos / 1e6)} ms` : `${round(nanos / 1e9)} s`;
}

function mebibytes(bytes) {
  return `${round(bytes / 2 ** 20)} MiB`;
}

/** Three significant digits. */
function round(value) {
  return Number(value.toPrecision(3)).toLocaleString('en');
}

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The colour of a subject; the twin of the first has that one's. */
function colour(subjects, index) {
  return `--subject-${subjects[index].twin ? 0 : index % 8}`;
}
