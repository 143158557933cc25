// Single keys that do something on a page. Who dictates, or leans on the keyboard, can switch them off, for good.
import { element } from "./elements.js";

const KEY = "pactmock.keys";
const areOn = () => localStorage.getItem(KEY) !== "off";

// Calls what a key stands for: { "/": find, j: next, Escape: leave }. In a field only Escape does something, and none
// does with Control, Alt or Meta held, which are the browser's.
export function onKeys(actions) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
    if (event.ctrlKey || event.altKey || event.metaKey || (isTyping && event.key !== "Escape")) return;
    if (!Object.hasOwn(actions, event.key) || (event.key !== "Escape" && !areOn())) return;
    event.preventDefault();
    actions[event.key]();
  });
}

// What switches the keys on and off: a box to tick, with its name.
export function keySwitch() {
  const box = element("input", { type: "checkbox", onchange: () => localStorage.setItem(KEY, box.checked ? "on" : "off") });
  box.checked = areOn();
  return element("label", { class: "switch" }, box, " Keys");
}
