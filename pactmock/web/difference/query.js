/** The query of a request, as it was sent and as names with values. */

import { said } from "../page/dom.js";
import { cut } from "../page/visible.js";

/** Show a query behind its path, as it was sent; null where there is none. */
export function queried(text, most) {
  return text ? said(cut(`?${text}`, most), { class: "query" }) : null;
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
