/**
 * Whether single letters do something on the pages of the service.
 *
 * They can be switched off, and stay so: who speaks to a computer types letters without meaning them.
 */

import { element } from "./dom.js";

const KEPT = "pactmock.keys";

let are = true;
try {
  are = localStorage.getItem(KEPT) !== "off";
} catch {
  // They are on.
}

export function areOn() {
  return are;
}

/** Tell whether somebody is typing, so that a letter is meant for the text. */
export function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.matches("input:not([type=checkbox]), textarea, select") || target.isContentEditable)
  );
}

/** Make a box that switches them on and off. */
export function keySwitch(text) {
  const box = element("input", {
    type: "checkbox",
    id: "keys",
    checked: are,
    onchange: () => {
      are = box.checked;
      try {
        localStorage.setItem(KEPT, are ? "on" : "off");
      } catch {
        // It holds until the page is left.
      }
    },
  });
  return [box, " ", element("label", { for: "keys" }, text)];
}
