/**
 * The control API, as the pages call it: below the address that they are at, whatever a proxy put before that.
 *
 * A token is asked for once and kept for the tab. It goes into a header and nowhere else: an address with a token in
 * it would stand in histories and logs.
 */

/** Where the service is, with a slash at its end. */
export const root = new URL("../../", import.meta.url);

const KEPT = "pactmock.token";

/** What went wrong, in the one sentence that the service has for it. */
export class Failed extends Error {
  constructor(sentence, code, status, more = {}) {
    super(sentence);
    this.code = code;
    this.status = status;
    this.more = more;
  }
}

let asking = null;
let ask = async () => null;

/** Say who asks for the token: a function that returns one, and is told whether the one before is wrong, and was right until now. */
export function askForTokenWith(asks) {
  ask = asks;
}

export function hasToken() {
  return (token() ?? unkept) !== null;
}

function token() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null; // where nothing may be kept, it is asked for each time that the page is loaded
  }
}

let unkept = null;
let accepted = null;

function keep(given) {
  unkept = given;
  try {
    sessionStorage.setItem(KEPT, given);
  } catch {
    // It is known until the page is left.
  }
}

/** Return the headers of a call. */
function headers(more) {
  const known = token() ?? unkept;
  return known === null ? { ...more } : { ...more, Authorization: `Bearer ${known}` };
}

/** Make a call, with the token where one is needed; return the answer, whatever it is, as a Response. */
export async function fetched(path, options = {}) {
  for (;;) {
    const shown = token() ?? unkept;
    let response;
    try {
      response = await fetch(new URL(path, root), {
        ...options,
        headers: headers(options.headers),
        credentials: "omit",
        redirect: "error",
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Failed("The service does not answer: is it still running?", "unreachable", 0);
    }
    if (response.status !== 401) {
      accepted = shown;
      return response;
    }
    await authenticated(shown !== null && shown === (token() ?? unkept), shown);
  }
}

/** Ask for a token, once for all calls that wait for it. */
async function authenticated(isWrong, shown) {
  if (shown !== (token() ?? unkept)) return; // somebody else was told it meanwhile
  asking ??= ask(isWrong, isWrong && shown === accepted).finally(() => {
    asking = null;
  });
  keep(await asking);
}

/** Make a call; return its answer, or throw what went wrong. */
async function answered(method, path, options = {}) {
  const response = await fetched(path, { method, ...options });
  if (response.ok) return response;
  let said = {};
  try {
    said = await response.json();
  } catch {
    // It is no answer of this service.
  }
  const sentence = typeof said.error === "string" ? said.error : `The answer is ${response.status}, without a reason`;
  throw new Failed(sentence, said.code ?? "", response.status, said);
}

export async function get(path, options) {
  return (await answered("GET", path, options)).json();
}

export async function text(path, options) {
  return (await answered("GET", path, options)).text();
}

export async function blob(path, options) {
  return (await answered("GET", path, options)).blob();
}

/** Send a document, as a text or as what JSON can say; return the document that is answered, null for none. */
export async function post(path, body = {}) {
  const content = typeof body === "string" || body instanceof Blob ? body : JSON.stringify(body);
  const response = await answered("POST", path, { body: content, headers: { "Content-Type": "application/json" } });
  return response.status === 204 ? null : response.json();
}

export async function remove(path) {
  await answered("DELETE", path);
}

/** Return the path of something about a mock server. */
export function about(id, ...parts) {
  return ["mockserver", id, ...parts].map(encodeURIComponent).join("/");
}

/** Return the address of a mock server through this service, which whoever sees this page can reach. */
export function gateway(id) {
  return new URL(`m/${encodeURIComponent(id)}`, root).href;
}
