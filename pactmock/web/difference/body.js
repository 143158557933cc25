/** A body by itself: JSON with a line a member, any other text as it is, and bytes as bytes. */

import { unaligned } from "./alignment.js";
import { button, element } from "../page/dom.js";
import { bytes, cut, grouped, visible } from "../page/visible.js";

const LONGEST_LINE = 4000;
const FIRST_LINES = 60;
const DUMPED = 512;

/** Say how much of a body is shown, where that is not all. */
export function partly(item, name) {
  if (item === null || item.shown === undefined) return null;
  return element(
    "p",
    { class: "hint" },
    `${name} has ${bytes(item.size)}, of which the first ${bytes(item.shown)} are shown.`,
  );
}

/** Show one body, with nothing beside it. */
export function alone(item) {
  if (item === null) return none("There is no body.");
  if (item.encoded === "base64") return dump("Bytes", item);
  const lines = unaligned(item.content);
  const text = (all) => all.map((each) => visible(cut(each, LONGEST_LINE))).join("\n");
  const pre = element("pre", { class: "alone", tabindex: "-1" }, text(lines.slice(0, FIRST_LINES)));
  if (lines.length <= FIRST_LINES) return pre;
  const more = button(`${grouped(lines.length - FIRST_LINES)} more lines`, () => {
    pre.textContent = text(lines);
    more.remove();
    pre.focus();
  });
  return [pre, more];
}

/** Show the bytes of a body that is no text. */
export function dump(name, item) {
  if (item === null) return element("div", {}, element("h4", {}, name), none("nothing"));
  if (item.encoded === false) return element("div", {}, element("h4", {}, name), alone(item));
  const begun = atob(item.content.slice(0, 4 * Math.ceil(DUMPED / 3)));
  const raw = Array.from(begun, (letter) => letter.charCodeAt(0)).slice(0, DUMPED);
  const lines = [];
  for (let at = 0; at < raw.length; at += 16) lines.push(dumped(at, raw.slice(at, at + 16)));
  const more = item.size > raw.length ? `, the first ${raw.length} of them here` : "";
  return element(
    "div",
    {},
    element("h4", {}, name),
    element("p", { class: "hint" }, `${bytes(item.size)} that are no text${more}`),
    element(
      "pre",
      { class: "dump", tabindex: "0", role: "group", "aria-label": `${name}, as bytes` },
      lines.join("\n"),
    ),
  );
}

function dumped(at, raw) {
  const hex = raw.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const letters = raw.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
  return `${at.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  ${letters}`;
}

/** Say that there is nothing to show. */
export function none(text) {
  return element("p", { class: "hint" }, text);
}
