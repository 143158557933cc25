/**
 * Elements of the page, made of names and texts.
 *
 * What a request or a pact says is shown as text and never read as markup: there is no other way in here, and the
 * policy that the page is sent with (`trusted-types 'none'`) leaves none outside either.
 */

import { visible } from "./visible.js";

/**
 * Make an element. Properties are attributes by their names; one that starts with `on` is called for that event, one
 * that is true or false is there or not, one that is null is not there. Children that are texts become text.
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(key.replace(/^on/, ""), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...there(children));
  return made;
}

/** Show a text that somebody else wrote: what is not printable as escapes, and apart from the text around it. */
export function said(text, properties = {}) {
  return element("bdi", properties, visible(String(text)));
}

/** Show such a text as code. */
export function code(text, properties = {}) {
  return element("code", { dir: "auto", ...properties }, visible(String(text)));
}

/** Say something to who cannot see what the others see. */
export function unseen(text) {
  return element("span", { class: "unseen" }, text);
}

/** Make a button. */
export function button(text, act, properties = {}) {
  return element("button", { type: "button", onclick: act, ...properties }, text);
}

/** Put other children into an element, and leave all that are the same where they are. */
export function fill(parent, ...children) {
  parent.replaceChildren(...there(children));
  return parent;
}

/** Children as they are nested in lists, without those that are not there: a list itself would become text. */
function there(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
