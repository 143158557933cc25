/** A request beside the interaction that it is compared with: what differs marked in place, and who decided that. */

import { aligned } from "./alignment.js";
import { alone, dump, none, partly } from "./body.js";
import { columns, line } from "./columns.js";
import { button, code, element } from "../page/dom.js";
import { headerList } from "./header_list.js";
import { queryOf } from "./query.js";
import { count, cut, visible } from "../page/visible.js";

const FIRST_FINDINGS = 8;
const LONGEST_LINE = 4000;

/**
 * Show all parts of a request.
 *
 * `expected` is the request of an interaction, or null where only a plugin knows it; `received` one of the journal;
 * `parts` what the service found in each part, null where all matched.
 */
export function difference(expected, received, parts) {
  const found = (name) =>
    parts?.find((item) => item.part === name) ?? { part: name, matched: true, mismatches: [], more: 0 };
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
    element(
      "h3",
      {},
      name,
      " ",
      element("span", { class: `verdict ${state}` }, finding.matched ? "✓ " : "✗ ", verdict),
    ),
    content,
    findings(finding),
  );
}

/** List what was found, with the rules that decided. */
function findings({ mismatches, more }) {
  if (mismatches.length === 0) return null;
  const list = element("ul", { class: "findings" });
  const show = (from, to) =>
    list.append(...mismatches.slice(from, to).map((item) => element("li", {}, ...finding(item))));
  const first = mismatches.length <= FIRST_FINDINGS + 2 ? mismatches.length : FIRST_FINDINGS;
  show(0, first);
  const rest = mismatches.length - first;
  const all =
    rest > 0 &&
    button(`Show ${count(rest, "more difference")}`, () => {
      show(first);
      all.remove();
    });
  return [
    list,
    all,
    more > 0 && element("p", { class: "hint" }, `and ${count(more, "difference")} that are not listed`),
  ];
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
  return [
    "Decided by the rule at ",
    rule.path === "" ? "the whole part" : code(rule.path),
    ": ",
    code(cut(matchers, 600)),
  ];
}

/** Show a part that is one text: in a line where it is the same on both sides. */
function single(name, expected, received, finding) {
  const words = name[0].toUpperCase() + name.slice(1);
  const left = expected ?? finding.mismatches[0]?.expected ?? null;
  if (finding.matched && (left === null || left === received))
    return part(words, finding, code(cut(received, LONGEST_LINE)), { class: "plain" });
  return part(words, finding, columns([line(left, received, !finding.matched)], `Expected and received ${name}`));
}

function queries(expected, received, finding) {
  const right = queryOf(received.query);
  const left = new Map(Object.entries(expected?.query ?? {}));
  if (left.size === 0 && right.size === 0) return part("Query", finding, none("on neither side"), { class: "plain" });
  const differing = new Set(finding.mismatches.map((item) => item.parameter));
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const text = (name, values) => values?.map((value) => (value === null ? name : `${name} = ${value}`)) ?? [];
  const lines = names.flatMap((name) =>
    pairs(text(name, left.get(name)), text(name, right.get(name)), differing.has(name)),
  );
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
    return line(
      `${name}: ${values.join(", ")}`,
      sent === undefined ? null : `${name}: ${sent.join(", ")}`,
      differing.has(name.toLowerCase()),
    );
  });
  const others = received.headerLines.filter(([name]) => !names.has(name.toLowerCase()));
  return [
    lines.length > 0 ? columns(lines, "Expected and received headers") : none("No header is expected."),
    others.length > 0 &&
      element(
        "details",
        {},
        element(
          "summary",
          {},
          `${count(others.length, "header")} more ${others.length === 1 ? "was" : "were"} sent, which is no mismatch`,
        ),
        headerList(others),
      ),
  ];
}

function body(expected, received, finding, isCompared) {
  const [left, right] = [expected?.body ?? null, received.body];
  if (left === null && right === null && finding.matched)
    return part("Body", finding, none("on neither side"), { class: "plain" });
  return part("Body", finding, bodies(left, right, finding, isCompared));
}

function bodies(left, right, finding, isCompared) {
  const notes = [left, right].map((item, at) =>
    partly(item, at === 0 ? "The expected body" : "The body that was received"),
  );
  const paths = isCompared
    ? finding.mismatches.filter((item) => item.type === "BodyMismatch").map((item) => item.path ?? "$")
    : null;
  const isOther = finding.mismatches.some((item) => item.type !== "BodyMismatch");
  if ([left, right].some((item) => item !== null && item.encoded === "base64")) {
    return [...notes, element("div", { class: "dumps" }, dump("Expected", left), dump("Received", right))];
  }
  if (left === null && finding.matched) return [...notes, alone(right)];
  const lines = aligned(left?.content ?? null, right?.content ?? null, isOther ? [...paths, "$"] : paths);
  return [...notes, columns(lines, "Expected and received body")];
}
