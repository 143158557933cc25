/** Lines in two columns, what was expected and what came: those that differ marked, and long runs of others folded. */

import { button, element, said, unseen } from "../page/dom.js";
import { cut, grouped } from "../page/visible.js";

const AROUND = 3; // lines that are alike, before and behind those that differ
const AT_ONCE = 400;
const LONGEST_LINE = 4000;
const WORD = /[\p{L}\p{N}_\ud800-\udfff]/u; // a word is marked as a whole, and no character is cut in two

/**
 * Show lines in two columns; where there is no room for two, those that are not alike stand below each other. Browsers
 * take a table that is laid out otherwise for none, so it says what it is by its roles too.
 */
export function columns(lines, label) {
  const heads = ["", "Expected", "Received"].map((text) =>
    element("th", { scope: "col", role: "columnheader" }, text || unseen("Mark")),
  );
  const table = element(
    "table",
    { class: "columns", role: "table", "aria-label": label },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads)),
    element("tbody", { role: "rowgroup" }, ...folded(lines)),
  );
  return element("div", { class: "framed" }, table);
}

/** Make rows of the lines that differ with some around them, and of the others one that unfolds. */
function folded(lines) {
  const isNear = new Array(lines.length).fill(false);
  lines.forEach((line, at) => {
    if (line.differs) isNear.fill(true, Math.max(0, at - AROUND), at + AROUND + 1);
  });
  const marked = isNear.some(Boolean);
  if (!marked) isNear.fill(true, 0, 2 * AROUND + 10);
  const rows = [];
  for (let at = 0; at < lines.length;) {
    if (isNear[at]) rows.push(row(lines[at++]));
    else {
      let end = at;
      while (end < lines.length && !isNear[end]) end += 1;
      rows.push(...(end - at <= 2 ? lines.slice(at, end).map(row) : [fold(lines.slice(at, end), marked)]));
      at = end;
    }
  }
  return rows;
}

function fold(lines, marked) {
  const words = marked ? "more lines, as expected" : "more lines";
  const open = () => {
    const [now, later] = [lines.slice(0, AT_ONCE), lines.slice(AT_ONCE)];
    const rows = now.map(row);
    made.replaceWith(...rows, ...(later.length > 0 ? [fold(later, marked)] : []));
    rows[0].cells[1].tabIndex = -1;
    rows[0].cells[1].focus();
  };
  const made = element(
    "tr",
    { class: "fold", role: "row" },
    element("td", { role: "cell" }),
    element("td", { colspan: "2", role: "cell" }, button(`${grouped(lines.length)} ${words}`, open)),
  );
  return made;
}

function row({ left, right, differs, allowed }) {
  const [one, other] = differs ? marked(left, right) : [shown(left), shown(right)];
  const mark = differs
    ? [element("span", { "aria-hidden": "true" }, "≠"), unseen("differs")]
    : allowed
      ? [
          element("span", { "aria-hidden": "true", title: "Not the same, as a rule allows" }, "≈"),
          unseen("not the same, as allowed"),
        ]
      : [];
  return element(
    "tr",
    { class: differs ? "differs" : allowed ? "allowed" : "alike", role: "row" },
    element("td", { class: "gutter", role: "cell" }, ...mark),
    element("td", { class: "left", dir: "ltr", role: "cell" }, one),
    element("td", { class: "right", dir: "ltr", role: "cell" }, other),
  );
}

function shown(text) {
  return text === null ? "" : said(cut(text, LONGEST_LINE));
}

/** Mark where two lines differ: what lies between what both begin and end with. */
function marked(one, other) {
  const [left, right] = [one, other].map((text) => text?.replace(/,$/, "") ?? null); // who is last in JSON has no comma
  if (left === null || right === null) return [left, right].map(markedAlone);
  let start = 0;
  while (start < Math.min(left.length, right.length) && left[start] === right[start]) start += 1;
  const isWord = (at) => [left, right].some((text) => WORD.test(text.at(at) ?? ""));
  if (isWord(start)) while (start > 0 && WORD.test(left[start - 1])) start -= 1;
  let end = 0;
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  if (isWord(-1 - end)) while (end > 0 && WORD.test(left.at(-end))) end -= 1;
  const from = Math.max(0, start - 200);
  return [left, right].map((text) => [
    from > 0 ? "…" : null,
    said(text.slice(from, start)),
    element("mark", {}, shown(text.slice(start, text.length - end))),
    said(cut(text.slice(text.length - end), 200)),
  ]);
}

function markedAlone(text) {
  if (text === null) return element("span", { class: "none" }, "nothing");
  const indent = /^ */.exec(text)[0];
  return [indent, element("mark", {}, shown(text.slice(indent.length)))];
}

/** Make a line of two texts, null for a side that has none. */
export function line(left, right, differs) {
  return { left, right, differs, allowed: !differs && left !== right };
}
