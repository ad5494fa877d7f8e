// A button that copies a text, also where the page has no clipboard because it is not served from loopback or TLS.

import { element } from './dom.js';

const SAID_MILLIS = 2000;

/** A button that copies what text() returns and says that it did. */
export function copyButton(label, text) {
  const button = element('button', { type: 'button', class: 'quiet' }, label);
  button.addEventListener('click', async () => {
    button.textContent = (await copied(text())) ? 'Copied' : 'Could not copy';
    setTimeout(() => { button.textContent = label; }, SAID_MILLIS);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

function copiedBySelection(text) {
  const field = element('textarea', { class: 'visually-hidden', 'aria-hidden': 'true', tabindex: '-1' });
  field.value = text;
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return done;
}
