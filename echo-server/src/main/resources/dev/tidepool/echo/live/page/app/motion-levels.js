// The picture behind the slider: bytes held and bytes alive over all events, with a line at each reset.

import { colour, fittedContext } from './dom.js';

/** Draws the tape's levels; the slider's thumb travels over the same width less its own. */
export function drawLevels(canvas, tape, position) {
  const context = fittedContext(canvas);
  const { clientWidth: width, clientHeight: height } = canvas;
  if (tape.length === 0) {
    return;
  }
  const most = Math.max(1, ...tape.levels.map((level) => level.held));
  const x = (i) => width * i / tape.length;
  const y = (amount) => height - (height - 6) * amount / most;
  steps(context, tape.levels, 'held', colour('--held'), x, y, height);
  steps(context, tape.levels, 'alive', colour('--alive'), x, y, height);
  context.fillStyle = colour('--reset');
  tape.events.forEach((event, i) => {
    if (event.kind === 'RESET') {
      context.fillRect(x(i + 1) - 0.5, 0, 1, height);
    }
  });
  context.fillStyle = colour('--veil');
  context.fillRect(x(position), 0, width - x(position), height);
}

function steps(context, levels, key, fill, x, y, height) {
  context.beginPath();
  context.moveTo(0, height);
  levels.forEach((level, i) => {
    context.lineTo(x(i), y(level[key]));
    context.lineTo(x(i + 1), y(level[key]));
  });
  context.lineTo(x(levels.length), height);
  context.fillStyle = fill;
  context.fill();
}
