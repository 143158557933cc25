/** A verdict as people see it: a sign and words, as colour alone says nothing to many. */

import { element } from "./dom.js";

export function badge({ state, sign, words }, properties = {}) {
  return element(
    "span",
    { class: `badge ${state}`, ...properties },
    element("span", { "aria-hidden": "true" }, sign),
    " ",
    words,
  );
}

/** How a request of the journal stands. */
export function outcome(line) {
  if (isLate(line)) return { state: "open", sign: "⧗", words: line.matched ? "Late" : "Late, and did not match" };
  if (line.matched) return { state: "good", sign: "✓", words: "Matched" };
  return { state: "bad", sign: "✗", words: OUTCOMES[line.outcome] ?? "Did not match" };
}

/** Whether a request came when its verdict had been given, or what it was held against was gone. */
export function isLate(line) {
  return line.late === true || typeof line.afterVerdict === "number";
}

const OUTCOMES = {
  "Request-Mismatch": "Differs",
  "Request-Undecided": "Undecided",
  "Unexpected-Request": "Not expected",
  Refused: "Refused",
};
