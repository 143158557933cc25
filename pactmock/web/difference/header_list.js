/** Header lines, and whatever else has a name and a value. */

import { code, element, said } from "../page/dom.js";
import { cut } from "../page/visible.js";

const LONGEST_LINE = 4000;

/** List header lines. */
export function headerList(lines) {
  return element(
    "ul",
    { class: "headers" },
    ...lines.map(([name, value]) =>
      element("li", {}, code(name), ": ", said(cut(value, LONGEST_LINE), { class: "mono" })),
    ),
  );
}
