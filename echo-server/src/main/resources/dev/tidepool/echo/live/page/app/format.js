// How the page writes figures: binary units for bytes, ns to s for times, grouped digits. No DOM.

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const NANO_UNITS = [['ns', 1], ['µs', 1e3], ['ms', 1e6], ['s', 1e9]];
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What stands where a figure is unknown. */
export const UNKNOWN = '–';

/** Bytes as [figure, unit], for example ['1.5', 'KiB']; a negative number is unknown. */
export function byteParts(bytes) {
  if (!(bytes >= 0)) {
    return [UNKNOWN, ''];
  }
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return [short(value), BYTE_UNITS[unit]];
}

/** Bytes as a text, for example "1.5 KiB". */
export function bytes(count) {
  return byteParts(count).join(' ').trim();
}

/** A duration in nanoseconds, for example "12.3 µs". */
export function nanos(count) {
  if (!(count >= 0)) {
    return UNKNOWN;
  }
  const [unit, size] = NANO_UNITS.findLast(([, size]) => count >= size) ?? NANO_UNITS[0];
  return `${short(count / size)} ${unit}`;
}

/** An age in milliseconds, in its two largest units, for example "3 min 12 s". */
export function age(millis) {
  const seconds = Math.floor(millis / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${two(seconds % 60)} s`;
  }
  return `${WHOLE.format(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}

/** A whole number with grouped digits, for example "12,345". */
export function count(number) {
  return WHOLE.format(number);
}

/** A number of times a second: tenths below ten, else whole. */
export function rate(number) {
  return short(number);
}

/** A time of day, for example "14:03:59". */
export function clock(epochMillis) {
  return CLOCK.format(new Date(epochMillis));
}

/** A number and its noun, in the plural where it needs one: "1 buffer", "2 buffers". */
export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function short(value) {
  return value < 100 ? TENTHS.format(value) : WHOLE.format(value);
}

function two(number) {
  return String(number).padStart(2, '0');
}
