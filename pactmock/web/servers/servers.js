/** The mock servers of the service as they are now, and how each is said to stand. */

import { get } from "../service/api.js";
import { Asking } from "../service/asking.js";
import { count, grouped } from "../page/visible.js";

const OFTEN = 300;
const NOW_AND_THEN = 20_000;

/** Knows the mock servers, and tells `changed()` whenever they were asked for again. */
export class Servers {
  constructor({ changed, failed }) {
    Object.assign(this, { changed, failed });
    this.all = null;
    this.error = null;
    this.asking = new Asking(() => this.ask(), OFTEN);
    setInterval(() => document.hidden || this.told(), NOW_AND_THEN);
  }

  /** Find a mock server by its id, name or port; null where there is none. */
  find(key) {
    const named = (this.all ?? []).filter((item) => [item.id, item.name, String(item.port)].includes(key));
    return named.find((item) => item.id === key) ?? named[0] ?? null;
  }

  /** Something may have changed. */
  told() {
    this.asking.told();
  }

  /** Ask for all of them now. */
  now() {
    return this.asking.now();
  }

  async ask() {
    try {
      this.take((await get("", { headers: { Accept: "application/json" } })).mockServers);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.changed();
  }

  take(all) {
    const before = new Map((this.all ?? []).map((item) => [item.id, item.failed]));
    this.all = all;
    for (const item of all) {
      const more = item.failed - (before.get(item.id) ?? item.failed);
      if (more > 0) this.failed(title(item), more);
    }
  }
}

/** Name a mock server: by the name that it was given, or by its participants. */
export function title(server) {
  return server.name ?? `${server.consumer} - ${server.provider}`;
}

/** Say how a mock server stands: a state for its colour, a sign, and words. */
export function verdict(server) {
  if (server.failed > 0) return { state: "bad", sign: "✗", words: `${grouped(server.failed)} failed` };
  if (server.status === "ok") return { state: "good", sign: "✓", words: "All matched" };
  if (server.metrics.requests === 0 && server.missing > 0) return { state: "idle", sign: "○", words: "Nothing yet" };
  return {
    state: "open",
    sign: "◔",
    words: server.missing > 0 ? `${grouped(server.missing)} to come` : "Not matched",
  };
}

/** Say what was received of what is expected. */
export function progress(server) {
  const expected = server.interactions + server.messages - server.notTested;
  return `${grouped(Math.max(0, expected - server.missing))} of ${count(expected, "interaction")} received`;
}

/** Say how long a mock server lives on when nobody touches it. */
export function lease(server) {
  if (server.expires === null) return "Until it is ended";
  const seconds = Math.max(0, Math.round((new Date(server.expires) - Date.now()) / 1000));
  const [value, unit] =
    seconds < 120
      ? [seconds, "second"]
      : seconds < 7200
        ? [Math.round(seconds / 60), "minute"]
        : [Math.round(seconds / 3600), "hour"];
  return `Ends in ${count(value, unit)} if untouched`;
}
