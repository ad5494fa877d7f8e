// The server's HTTP interface. What changes something carries the header that forms of other sites cannot send.

const CHANGE = { 'X-Tidepool': '1' };

/** Gets a path's JSON. */
export async function get(path) {
  return (await answered(await fetch(path, { cache: 'no-store' }))).json();
}

/** Posts without a body. */
export async function post(path) {
  await answered(await fetch(path, { method: 'POST', headers: CHANGE }));
}

/** Deletes what a path names, even if the page is about to go. */
export async function remove(path) {
  await answered(await fetch(path, { method: 'DELETE', headers: CHANGE, keepalive: true }));
}

async function answered(response) {
  if (!response.ok) {
    throw new Error(await sentence(response));
  }
  return response;
}

async function sentence(response) {
  try {
    return (await response.json()).error;
  } catch {
    return `The server answered ${response.status} ${response.statusText}`;
  }
}
