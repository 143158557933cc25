/** One request that was received: what it is compared with, what differs, and what to do with it. */

import { about, blob, gateway, get, text } from "../service/api.js";
import { badge, outcome } from "../page/badge.js";
import { copy } from "../page/clipboard.js";
import { curl } from "./curl.js";
import { alone } from "../difference/body.js";
import { difference } from "../difference/difference.js";
import { headerList } from "../difference/header_list.js";
import { button, code, element, fill, said } from "../page/dom.js";
import { save } from "../service/downloads.js";
import { queried } from "../difference/query.js";
import { place } from "../page/router.js";
import { bytes, clock, count, cut } from "../page/visible.js";

const SHOWN_BYTES = 256 * 1024;

/** Shows a request in a pane. */
export class RequestPane {
  constructor(server, number) {
    this.server = server;
    this.number = number;
    this.abort = new AbortController();
    this.element = element(
      "section",
      { class: "pane", "aria-label": `Request ${number}` },
      element("p", { class: "hint" }, "Asking for the request…"),
    );
    this.load();
  }

  async load() {
    const back = element(
      "p",
      { class: "back" },
      element("a", { href: place("servers", this.server.id) }, "← All requests"),
    );
    try {
      const entry = await get(`${about(this.server.id, "requests", this.number)}?most=${SHOWN_BYTES}`, {
        signal: this.abort.signal,
      });
      fill(
        this.element,
        back,
        this.head(entry),
        ...(entry.request === undefined ? refused(entry) : [this.actions(entry), this.compared(entry), answer(entry)]),
      );
    } catch (error) {
      if (error.name !== "AbortError")
        fill(this.element, back, element("p", { class: "error", role: "alert" }, said(error.message)));
    }
  }

  head(entry) {
    const target = entry.request
      ? [said(cut(entry.request.method, 30)), " ", said(cut(entry.request.path, 500)), queried(entry.request.query, 500)]
      : ["Refused"];
    return element(
      "header",
      {},
      element("h2", { class: "target" }, ...target),
      element(
        "p",
        { class: "facts" },
        badge(outcome(entry)),
        ` #${entry.number} · `,
        element("time", { datetime: entry.received }, clock(entry.received)),
        ` · answered ${entry.response.status}`,
      ),
      entry.sentence ? element("p", { class: "sentence" }, said(entry.sentence)) : null,
      lateness(entry),
      entry.fault ? element("p", { class: "hint" }, "Instead of the plain answer: ", said(entry.fault)) : null,
    );
  }

  actions(entry) {
    const { request } = entry;
    const isCut = request.body?.shown !== undefined;
    const file = `request-${this.number}.body`;
    const act = (doing) => async () => {
      try {
        await doing();
      } catch (error) {
        this.error.textContent = error.message;
      }
    };
    this.error = element("p", { class: "error", role: "alert" });
    const asCurl = act(() => copy(curl(request, gateway(this.server.id), { file }), "Command line"));
    const asInteraction = act(async () =>
      copy(await text(about(this.server.id, "requests", this.number, "interaction")), "Interaction"),
    );
    const whole = act(async () => save(await blob(about(this.server.id, "requests", this.number, "body")), file));
    return element(
      "div",
      {},
      element(
        "p",
        { class: "actions" },
        button("Copy as curl", asCurl),
        button("Copy as an interaction", asInteraction),
        request.body ? button(`Download the body (${bytes(request.body.size)})`, whole) : null,
        isCut
          ? null
          : element(
              "a",
              { class: "button", href: place("servers", this.server.id, "try", this.number) },
              "Change and try",
            ),
      ),
      isCut
        ? element(
            "p",
            { class: "hint" },
            "The command line takes the body from the file ",
            code(file),
            ": download it first.",
          )
        : null,
      this.error,
    );
  }

  compared(entry) {
    return comparison(this.server, entry.request, entry, this.abort.signal);
  }

  close() {
    this.abort.abort();
  }
}

/**
 * Show what a request was compared with: the interaction that it met, or each of the nearest, one at a time.
 *
 * `said` has `interaction` and `nearMisses` as the service says them.
 */
export function comparison(server, request, told, signal) {
  const near = told.nearMisses;
  const shown = element("div");
  if (near.length === 1) {
    show(server, request, near[0], shown, signal);
    return element("section", {}, element("h3", { class: "headline" }, "Compared with one interaction"), shown);
  }
  if (near.length === 0) {
    if (told.interaction) show(server, request, { interaction: told.interaction, parts: null }, shown, signal);
    else fill(shown, element("p", { class: "hint" }, "There is no interaction to compare it with."));
    const headline = told.interaction
      ? ["It matched ", interactionLink(server, told.interaction)]
      : ["Compared with nothing"];
    return element("section", {}, element("h3", { class: "headline" }, ...headline), shown);
  }
  const buttons = near.map((item, at) => {
    const differing = item.parts.filter((part) => !part.matched).map((part) => part.part);
    return button(
      [
        said(cut(item.interaction.description, 120)),
        element(
          "small",
          {},
          differing.length > 0
            ? ` ${differing.join(", ")} ${differing.length === 1 ? "differs" : "differ"}`
            : " undecided",
        ),
      ],
      () => choose(at),
      { "aria-pressed": "false" },
    );
  });
  const choose = (at) => {
    buttons.forEach((each, index) => each.setAttribute("aria-pressed", String(index === at)));
    show(server, request, near[at], shown, signal);
  };
  choose(0);
  return element(
    "section",
    {},
    element("h3", { class: "headline" }, "Nearest interactions, the best first"),
    element("div", { class: "choices", role: "group", "aria-label": "Nearest interactions" }, ...buttons),
    shown,
  );
}

async function show(server, request, near, shown, signal) {
  const turn = {};
  shown.turn = turn;
  let expected = null;
  try {
    expected = (await get(`${about(server.id, "interactions", near.interaction.key)}?most=${SHOWN_BYTES}`, { signal }))
      .request;
  } catch (error) {
    if (error.name === "AbortError") return;
    // It is gone by now; what the service found is still worth to be seen.
  }
  if (shown.turn !== turn) return;
  const states = near.interaction.providerStates;
  fill(
    shown,
    near.parts === null
      ? null
      : element(
          "p",
          { class: "facts" },
          interactionLink(server, near.interaction),
          states.length > 0 ? [" given ", said(states.map((state) => state.name ?? state).join(", "))] : null,
        ),
    near.advice ? element("p", { class: "advice" }, element("strong", {}, "Advice: "), said(near.advice)) : null,
    expected === null
      ? element("p", { class: "hint" }, "What this interaction expects is not known any more; this is what was found.")
      : null,
    difference(expected, request, near.parts),
  );
}

function lateness({ late, afterVerdict }) {
  if (!late && typeof afterVerdict !== "number") return null;
  const text = late
    ? "It came late: what it was held against was gone. It counts for nothing."
    : `It came ${afterVerdict.toFixed(3)} s after a green verdict, which it does not change:` +
      " a test may have ended before its client did.";
  return element("p", { class: "hint" }, text);
}

/** Lead to an interaction. */
export function interactionLink(server, { description, key }) {
  return element("a", { href: place("servers", server.id, "interactions", key) }, said(cut(description, 300)));
}

function answer(entry) {
  const { status, headers, body } = entry.response;
  return element(
    "details",
    { class: "answer" },
    element(
      "summary",
      {},
      `The answer: ${status}${body ? `, ${bytes(body.size)}` : ""}, ${count(headers.length, "header")}`,
    ),
    headerList(headers),
    alone(body),
  );
}

function refused(entry) {
  return [
    element("p", { class: "sentence" }, said(entry.reason)),
    element("p", { class: "hint" }, "It never became a request, so there is nothing to compare."),
  ];
}
