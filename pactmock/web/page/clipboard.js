/** Copies, also where browsers offer no clipboard: over plain HTTP to another machine. */

import { tell } from "./telling.js";
import { button, element } from "./dom.js";

/** Copy a text, and say that it was; where that cannot be, show it to be copied by hand. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    tell(`${what} copied`);
  } catch {
    show(text, what);
  }
}

function show(text, what) {
  const area = element("textarea", { readonly: true, rows: 10, "aria-label": what, spellcheck: "false" });
  area.value = text;
  const dialog = element(
    "dialog",
    { class: "dialog", "aria-label": what, onclose: () => dialog.remove() },
    element("h2", {}, `${what}, to be copied`),
    area,
    element(
      "p",
      { class: "actions" },
      button("Close", () => dialog.close()),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  area.select();
}
