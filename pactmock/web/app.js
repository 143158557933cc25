/** The page as a whole: what is shown at which place, and what is asked when something happens. */

import { askForTokenWith } from "./service/api.js";
import { askToken } from "./page/dialog.js";
import { element, fill, said } from "./page/dom.js";
import { Events } from "./service/events.js";
import { Home } from "./servers/home.js";
import { listenToKeys } from "./page/keys.js";
import { postFiles, takeDrops } from "./servers/posting.js";
import { follow, go, parts } from "./page/router.js";
import { ServerPage } from "./servers/server.js";
import { Servers } from "./servers/servers.js";
import { showSide } from "./servers/side.js";
import { Announcer, tell } from "./page/telling.js";
import { themes } from "./page/theme.js";

const main = document.getElementById("main");
const side = document.getElementById("side");
const results = element("ul", { class: "results", "aria-live": "polite" });
const announcer = new Announcer();
let view = null;

const servers = new Servers({ changed: update, failed: (title, number) => announcer.note(title, number) });

/** Show what belongs to a place. */
function show([kind, key, ...rest]) {
  if (servers.all === null && servers.error === null) {
    fill(main, element("p", { class: "hint" }, "Asking the service…"));
    return;
  }
  const server = kind === "servers" ? servers.find(key ?? "") : null;
  if (server !== null) {
    if (!(view instanceof ServerPage) || view.server.id !== server.id) put(new ServerPage({ servers, server }));
    view.open(...rest);
    focusOn(rest);
  } else if (kind === "servers" && servers.all !== null) {
    put(gone(key));
    servers.now(); // it may have begun since
  } else if (!(view instanceof Home)) put(new Home({ servers, results }));
  if (main.firstChild !== view.element) {
    fill(main, view.element); // the token was asked for in its place
    view.update();
  }
  named();
}

function put(next) {
  const isFirst = view === null;
  view?.close();
  view = next;
  fill(main, view.element);
  window.scrollTo(0, 0);
  if (!isFirst && !(document.activeElement instanceof HTMLInputElement)) main.focus({ preventScroll: true });
}

/** Bring who cannot see the whole to what was opened: where it takes the place of the list. */
function focusOn(rest) {
  if (rest.length < 2 || !window.matchMedia("(width < 70rem)").matches) return;
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

function gone(key) {
  return {
    title: "Not there",
    element: element(
      "div",
      {},
      element("h1", {}, "There is no such mock server"),
      element(
        "p",
        {},
        "Nothing is called ",
        said(key ?? ""),
        " here, or not any more. ",
        element("a", { href: "#/" }, "See those that run"),
      ),
    ),
    update() {
      if (servers.find(key ?? "") !== null) show(parts() ?? []);
    },
    close() {},
  };
}

function named() {
  const failed = view instanceof ServerPage && view.server.failed > 0 ? "✗ " : "";
  document.title = view === null ? "pactmock" : `${failed}${view.title} – pactmock`;
  showSide(side, servers.all, view instanceof ServerPage ? view.server.id : null);
}

function update() {
  if (view === null || main.firstChild !== view.element) show(parts() ?? []);
  else view.update();
  named();
}

const STATES = { live: ["good", "Live"], polling: ["open", "Asking every 2 s"], lost: ["bad", "Not connected"] };

function connected(state) {
  const [colour, words] = STATES[state];
  const shown = document.getElementById("connection");
  shown.className = `connection ${colour}`;
  if (shown.textContent !== words) shown.textContent = words;
}

const events = new Events({
  told(event) {
    servers.told();
    if (view instanceof ServerPage && event.server === view.server.id) view.told();
  },
  missed() {
    servers.told();
    view?.told?.();
  },
  is: connected,
});

async function start() {
  themes(document.getElementById("theme"));
  listenToKeys(document.getElementById("help"));
  askForTokenWith(askToken);
  takeDrops(async (files) => {
    await postFiles(files, results);
    go("#/");
    tell("The files were posted: see below the mock servers");
  });
  if (/token/i.test(window.location.hash)) {
    history.replaceState(null, "", "#/");
    tell("No token is taken from an address: it would stand in histories. Type it here, if it is asked for.");
  }
  follow(show);
  await servers.now();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) events.missed();
  });
  events.listen();
}

start();
