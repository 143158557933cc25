/** The messages of a pact, and what became of those that were handed out. */

import { about, get, hasToken, root } from "../service/api.js";
import { Asking } from "../service/asking.js";
import { element, fill, said, unseen } from "../page/dom.js";
import { command } from "./home.js";
import { count, cut, grouped } from "../page/visible.js";

const SOON = 500;

export class Messages {
  constructor(server) {
    this.server = server;
    this.abort = new AbortController();
    this.element = element("section", { class: "list wide", "aria-label": "Messages" });
    this.asking = new Asking(() => this.ask(), SOON);
    this.asking.now();
  }

  told() {
    this.asking.told();
  }

  async ask() {
    try {
      const { signal } = this.abort;
      const [{ messages, total, notTested }, problems] = await Promise.all([
        get(`${about(this.server.id, "messages")}?limit=1000`, { signal }),
        get(`${about(this.server.id, "mismatches")}?limit=1000`, { signal }),
      ]);
      this.show(
        messages,
        total,
        notTested,
        problems.filter((item) => item.type.includes("message")),
      );
    } catch (error) {
      if (error.name !== "AbortError")
        fill(this.element, element("p", { class: "error", role: "alert" }, said(error.message)));
    }
  }

  show(messages, total, notTested, problems) {
    const reasons = (key) =>
      problems.filter((item) => item.interaction?.key === key && item.type !== "missing-message");
    fill(
      this.element,
      element(
        "p",
        { class: "hint" },
        count(total, "message"),
        notTested > 0 ? `, ${uncounted(total, notTested)}` : null,
      ),
      messages.length > 0 && messages.every((item) => item.asked === 0) ? this.first(messages[0]) : null,
      element("ul", { class: "rows" }, ...messages.map((item) => row(item, reasons(item.key)))),
    );
  }

  first(message) {
    const auth = hasToken() ? "-H 'Authorization: Bearer TOKEN' " : "";
    return element(
      "div",
      { class: "empty" },
      element(
        "p",
        {},
        "None was asked for yet. A test asks for one, hands it to the code under test, and says what became of it:",
      ),
      command(`curl -X POST ${auth}${new URL(about(this.server.id, "messages", message.key), root).href}`),
    );
  }

  close() {
    this.abort.abort();
    this.asking.stop();
  }
}

/** Say that messages are not part of the verdict: none of them was asked for here. */
function uncounted(total, notTested) {
  if (total === 1) return "which does not count as long as nobody asks for it";
  const which = notTested === total ? "which do" : `of which ${grouped(notTested)} do`;
  return `${which} not count as long as nobody asks for one`;
}

function row(item, reasons) {
  const [state, sign, words] =
    item.failed > 0
      ? ["bad", "✗", "Failed"]
      : item.handled > 0
        ? ["good", "✓", "Handled"]
        : ["open", "○", "Not handled"];
  return element(
    "li",
    { class: `row still ${state}` },
    element("span", { class: "sign", "aria-hidden": "true" }, sign),
    unseen(`${words}: `),
    said(cut(item.description, 300), { class: "path" }),
    element("span", { class: "status" }, item.type === "Synchronous/Messages" ? "with replies" : "without reply"),
    element(
      "span",
      { class: "about" },
      `asked for ${count(item.asked, "time")}, handled ${grouped(item.handled)}, failed ${grouped(item.failed)}`,
    ),
    ...reasons.map((reason) =>
      said(cut(reason.error ?? reason.mismatches.map((each) => each.mismatch).join("; "), 1000), {
        class: "about error",
      }),
    ),
  );
}
