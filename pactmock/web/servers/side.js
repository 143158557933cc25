/** The mock servers beside whatever is looked at, on screens that have room for them. */

import { element, fill, said, unseen } from "../page/dom.js";
import { place } from "../page/router.js";
import { title, verdict } from "./servers.js";

/** Show all mock servers, and which of them is open. */
export function showSide(nav, all, open) {
  const shown = JSON.stringify([all?.map((item) => [item.id, title(item), verdict(item)]), open]);
  if (nav.dataset.shown === shown) return;
  nav.dataset.shown = shown;
  const others = new Map(); // how many have a title: a test run starts many mock servers for one pact
  for (const server of all ?? []) others.set(title(server), (others.get(title(server)) ?? 0) + 1);
  const focused = nav.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  fill(
    nav,
    element(
      "ul",
      {},
      element(
        "li",
        {},
        element("a", { href: "#/", "aria-current": open === null ? "page" : null }, "All mock servers"),
      ),
      ...(all ?? []).toReversed().map((server) => {
        const { state, sign, words } = verdict(server);
        return element(
          "li",
          {},
          element(
            "a",
            { href: place("servers", server.id), "aria-current": server.id === open ? "page" : null },
            element("span", { class: `sign ${state}`, "aria-hidden": "true" }, sign),
            " ",
            said(title(server)),
            others.get(title(server)) > 1 ? element("span", { class: "number" }, ` :${server.port}`) : null,
            unseen(`, ${words}`),
          ),
        );
      }),
    ),
  );
  if (focused !== null) [...nav.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
}
