// Sorting and searching of connections. No DOM.

const SMALLEST_SCALE = 8192;
const TEXTS = new Set(['name', 'state', 'protocol']);

/** The bytes of blocks that a connection holds: the sum of its bar. */
export function heldBytes(connection) {
  return connection.aliveBytes + connection.releasedBytes + connection.stragglingBytes + connection.freeBytes;
}

/** The connections in the order of a column; equal ones by their id, so that rows do not jump. */
export function sorted(connections, column, descending) {
  const sign = descending ? -1 : 1;
  return [...connections].sort(
      (a, b) => sign * compare(valueOf(a, column), valueOf(b, column)) || a.id - b.id);
}

/** Whether each word of the search is in the connection's name, protocol, state or id. */
export function matches(connection, search) {
  const text = `#${connection.id} ${connection.name} ${connection.protocol} ${connection.state}`.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** Whether a column's first click sorts the largest first. */
export function startsDescending(column) {
  return !TEXTS.has(column);
}

/**
 * The end of a scale that all bars share, a power of two: it grows at once to what is held, and shrinks by half when an
 * eighth of it would do, so that it does not jump about. High-water marks beyond it stand at its end.
 */
export function commonScale(connections, before = SMALLEST_SCALE) {
  const most = connections.reduce((max, each) => Math.max(max, heldBytes(each)), SMALLEST_SCALE);
  const needed = 2 ** Math.ceil(Math.log2(most));
  return needed > before ? needed : Math.max(needed, before / (needed <= before / 8 ? 2 : 1));
}

function valueOf(connection, column) {
  return column === 'heldBytes' ? heldBytes(connection) : connection[column];
}

function compare(a, b) {
  return typeof a === 'string' ? a.localeCompare(b, 'en', { numeric: true }) : a - b;
}
