/** A request beside the interaction that it is compared with: what differs marked in place, and who decided that. */

import { aligned } from "./alignment.js";
import { button, code, element, said, unseen } from "./dom.js";
import { bytes, count, cut, visible } from "./visible.js";

const AROUND = 3; // lines that are alike, before and behind those that differ
const AT_ONCE = 400;
const LONGEST_LINE = 4000;
const FIRST_FINDINGS = 8;
const DUMPED = 512;
const WORD = /[\p{L}\p{N}_\ud800-\udfff]/u; // a word is marked as a whole, and no character is cut in two

/**
 * Show all parts of a request.
 *
 * `expected` is the request of an interaction, or null where only a plugin knows it; `received` one of the journal;
 * `parts` what the service found in each part, null where all matched.
 */
export function difference(expected, received, parts) {
  const found = (name) => parts?.find((item) => item.part === name) ?? { part: name, matched: true, mismatches: [], more: 0 };
  const isCompared = parts !== null;
  return element(
    "div",
    { class: "difference" },
    ...["method", "path"].map((name) => single(name, expected?.[name], received[name], found(name))),
    queries(expected, received, found("query")),
    part("Headers", found("headers"), headers(expected, received, found("headers"))),
    body(expected, received, found("body"), isCompared),
  );
}

function part(name, finding, content, properties = {}) {
  const state = finding.matched ? "good" : "bad";
  const number = finding.mismatches.length + finding.more;
  const verdict = finding.matched ? "matches" : number === 0 ? "differs" : count(number, "difference");
  return element(
    "section",
    { class: `part ${state} ${properties.class ?? ""}` },
    element("h3", {}, name, " ", element("span", { class: `verdict ${state}` }, finding.matched ? "✓ " : "✗ ", verdict)),
    content,
    findings(finding),
  );
}

/** List what was found, with the rules that decided. */
function findings({ mismatches, more }) {
  if (mismatches.length === 0) return null;
  const list = element("ul", { class: "findings" });
  const show = (from, to) => list.append(...mismatches.slice(from, to).map((item) => element("li", {}, ...finding(item))));
  const first = mismatches.length <= FIRST_FINDINGS + 2 ? mismatches.length : FIRST_FINDINGS;
  show(0, first);
  const rest = mismatches.length - first;
  const all = rest > 0 && button(`Show ${count(rest, "more difference")}`, () => {
    show(first);
    all.remove();
  });
  return [list, all, more > 0 && element("p", { class: "hint" }, `and ${count(more, "difference")} that are not listed`)];
}

function finding(item) {
  const where = item.path ?? item.parameter ?? item.key ?? item.part;
  return [
    where === undefined ? null : code(cut(where, 300), { class: "where" }),
    element("p", { class: "what", dir: "auto" }, visible(item.mismatch)),
    item.diff ? element("pre", { dir: "auto" }, cut(item.diff, LONGEST_LINE)) : null,
    element("p", { class: "rule" }, ...decided(item.rule)),
  ];
}

function decided(rule) {
  if (!rule) return ["Decided by equality"];
  const matchers = rule.matchers.map((item) => JSON.stringify(item)).join(` ${rule.combine} `);
  return ["Decided by the rule at ", rule.path === "" ? "the whole part" : code(rule.path), ": ", code(cut(matchers, 600))];
}

/**
 * Show lines in two columns; where there is no room for two, those that are not alike stand below each other. Browsers
 * take a table that is laid out otherwise for none, so it says what it is by its roles too.
 */
export function columns(lines, label) {
  const heads = ["", "Expected", "Received"].map((text) => element("th", { scope: "col", role: "columnheader" }, text || unseen("Mark")));
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
  for (let at = 0; at < lines.length; ) {
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
    element("td", { colspan: "2", role: "cell" }, button(`${lines.length.toLocaleString("en")} ${words}`, open)),
  );
  return made;
}

function row({ left, right, differs, allowed }) {
  const [one, other] = differs ? marked(left, right) : [shown(left), shown(right)];
  const mark = differs ? [element("span", { "aria-hidden": "true" }, "≠"), unseen("differs")]
    : allowed ? [element("span", { "aria-hidden": "true", title: "Not the same, as a rule allows" }, "≈"), unseen("not the same, as allowed")]
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

/** Show a part that is one text: in a line where it is the same on both sides. */
function single(name, expected, received, finding) {
  const words = name[0].toUpperCase() + name.slice(1);
  const left = expected ?? finding.mismatches[0]?.expected ?? null;
  if (finding.matched && (left === null || left === received)) return part(words, finding, code(cut(received, LONGEST_LINE)), { class: "plain" });
  return part(words, finding, columns([line(left, received, !finding.matched)], `Expected and received ${name}`));
}

function line(left, right, differs) {
  return { left, right, differs, allowed: !differs && left !== right };
}

/** Read a query as it was sent, as names with their values; null for a parameter without one. */
export function queryOf(text) {
  const found = new Map();
  for (const piece of (text ?? "").split("&").filter(Boolean)) {
    const [, name, equals, value] = /^([^=]*)(=?)(.*)$/s.exec(piece);
    const key = decoded(name);
    found.set(key, [...(found.get(key) ?? []), equals ? decoded(value) : null]);
  }
  return found;
}

function decoded(text) {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function queries(expected, received, finding) {
  const right = queryOf(received.query);
  const left = new Map(Object.entries(expected?.query ?? {}));
  if (left.size === 0 && right.size === 0) return part("Query", finding, none("on neither side"), { class: "plain" });
  const differing = new Set(finding.mismatches.map((item) => item.parameter));
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const text = (name, values) => values?.map((value) => (value === null ? name : `${name} = ${value}`)) ?? [];
  const lines = names.flatMap((name) => pairs(text(name, left.get(name)), text(name, right.get(name)), differing.has(name)));
  return part("Query", finding, columns(lines, "Expected and received query"));
}

function pairs(left, right, differs) {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, at) => {
    const [one, other] = [left[at] ?? null, right[at] ?? null];
    return line(one, other, differs && (one !== other || left.join("\n") === right.join("\n")));
  });
}

function headers(expected, received, finding) {
  const differing = new Set(finding.mismatches.map((item) => item.key?.toLowerCase()));
  const wanted = Object.entries(expected?.headers ?? {});
  const names = new Set(wanted.map(([name]) => name.toLowerCase()));
  const lines = wanted.map(([name, values]) => {
    const sent = received.headers[name.toLowerCase()];
    return line(`${name}: ${values.join(", ")}`, sent === undefined ? null : `${name}: ${sent.join(", ")}`, differing.has(name.toLowerCase()));
  });
  const others = received.headerLines.filter(([name]) => !names.has(name.toLowerCase()));
  return [
    lines.length > 0 ? columns(lines, "Expected and received headers") : none("No header is expected."),
    others.length > 0 && element(
      "details",
      {},
      element("summary", {}, `${count(others.length, "header")} more ${others.length === 1 ? "was" : "were"} sent, which is no mismatch`),
      headerList(others),
    ),
  ];
}

/** List header lines. */
export function headerList(lines) {
  return element("ul", { class: "headers" }, ...lines.map(([name, value]) => element("li", {}, code(name), ": ", said(cut(value, LONGEST_LINE), { class: "mono" }))));
}

function body(expected, received, finding, isCompared) {
  const [left, right] = [expected?.body ?? null, received.body];
  if (left === null && right === null && finding.matched) return part("Body", finding, none("on neither side"), { class: "plain" });
  return part("Body", finding, bodies(left, right, finding, isCompared));
}

function bodies(left, right, finding, isCompared) {
  const notes = [left, right].map((item, at) => partly(item, at === 0 ? "The expected body" : "The body that was received"));
  const paths = isCompared ? finding.mismatches.filter((item) => item.type === "BodyMismatch").map((item) => item.path ?? "$") : null;
  const isOther = finding.mismatches.some((item) => item.type !== "BodyMismatch");
  if ([left, right].some((item) => item !== null && item.encoded === "base64")) {
    return [...notes, element("div", { class: "dumps" }, dump("Expected", left), dump("Received", right))];
  }
  if (left === null && finding.matched) return [...notes, alone(right)];
  const lines = aligned(left?.content ?? null, right?.content ?? null, isOther ? [...paths, "$"] : paths);
  return [...notes, columns(lines, "Expected and received body")];
}

function partly(item, name) {
  if (item === null || item.shown === undefined) return null;
  return element("p", { class: "hint" }, `${name} has ${bytes(item.size)}, of which the first ${bytes(item.shown)} are shown.`);
}

/** Show one body, with nothing beside it. */
export function alone(item) {
  if (item === null) return none("There is no body.");
  if (item.encoded === "base64") return dump("Bytes", item);
  const lines = aligned(item.content, item.content, null);
  const most = 60;
  const text = (all) => all.map((each) => visibleLine(each.left ?? "")).join("\n");
  const pre = element("pre", { class: "alone", tabindex: "-1" }, text(lines.slice(0, most)));
  if (lines.length <= most) return pre;
  const more = button(`${(lines.length - most).toLocaleString("en")} more lines`, () => {
    pre.textContent = text(lines);
    more.remove();
    pre.focus();
  });
  return [pre, more];
}

function visibleLine(text) {
  return visible(cut(text, LONGEST_LINE));
}

function dump(name, item) {
  if (item === null) return element("div", {}, element("h4", {}, name), none("nothing"));
  if (item.encoded === false) return element("div", {}, element("h4", {}, name), alone(item));
  const raw = Uint8Array.from(atob(item.content.slice(0, 4 * Math.ceil(DUMPED / 3))), (letter) => letter.charCodeAt(0)).slice(0, DUMPED);
  const lines = [];
  for (let at = 0; at < raw.length; at += 16) {
    const part16 = [...raw.slice(at, at + 16)];
    const hex = part16.map((byte) => byte.toString(16).padStart(2, "0")).join(" ").padEnd(47);
    lines.push(`${at.toString(16).padStart(4, "0")}  ${hex}  ${part16.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".")).join("")}`);
  }
  const more = item.size > raw.length ? `, the first ${raw.length} of them here` : "";
  return element(
    "div",
    {},
    element("h4", {}, name),
    element("p", { class: "hint" }, `${bytes(item.size)} that are no text${more}`),
    element("pre", { class: "dump", tabindex: "0", role: "group", "aria-label": `${name}, as bytes` }, lines.join("\n")),
  );
}

function none(text) {
  return element("p", { class: "hint" }, text);
}
