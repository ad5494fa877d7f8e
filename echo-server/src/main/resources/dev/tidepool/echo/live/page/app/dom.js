// Small helpers to make elements and to change them only where something changed.

const SVG = 'http://www.w3.org/2000/svg';

/** The element with this id, which index.html has. */
export function byId(id) {
  return document.getElementById(id);
}

/** A new element with attributes and children (nodes or texts). */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** A new SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** Sets an element's text, if it is another one. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets an attribute, if it has another value. */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) {
    node.setAttribute(name, value);
  }
}

/** Fills a definition list with [term, definition] pairs, reusing its elements. */
export function setDefinitions(list, pairs) {
  while (list.children.length > pairs.length) {
    list.lastElementChild.remove();
  }
  while (list.children.length < pairs.length) {
    list.append(element('div', {}, element('dt'), element('dd')));
  }
  pairs.forEach(([term, definition], i) => {
    const [dt, dd] = list.children[i].children;
    setText(dt, term);
    setText(dd, definition);
  });
}

/** Whether the reader asked for little motion. */
export function prefersReducedMotion() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Sizes a canvas to its box in device pixels and returns its context, scaled to CSS pixels. */
export function fittedContext(canvas) {
  const ratio = devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  return context;
}

/** The value of a custom property of the page's colours, for what is drawn on a canvas. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
