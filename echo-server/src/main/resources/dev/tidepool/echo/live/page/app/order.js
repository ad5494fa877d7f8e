// Sorting and searching of connections. No DOM.

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

/** The end of a scale that all bars share: the largest mark, rounded up to a power of two. */
export function commonScale(connections) {
  const most = connections.reduce((max, each) => Math.max(max, each.peakHeldBytes, heldBytes(each)), 1);
  return 2 ** Math.ceil(Math.log2(most));
}

function valueOf(connection, column) {
  return column === 'heldBytes' ? heldBytes(connection) : connection[column];
}

function compare(a, b) {
  return typeof a === 'string' ? a.localeCompare(b, 'en', { numeric: true }) : a - b;
}
