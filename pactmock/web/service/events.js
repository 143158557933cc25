/**
 * What happens, as the service tells it: server-sent events, read by fetch as only that can show the token in a header.
 *
 * Who listens is told that something happened, and asks what it needs to know: so nothing is wrong where events were
 * missed, and a service that tells none is asked again and again instead.
 */

import { fetched } from "./api.js";

const SOON = 1000;
const LATER = 10_000;
const ASK_AGAIN = 2000;
const SILENCE = 45_000; // the service says something every 15 s

/** Tells `told(event)` of events, `missed()` when some may not have been told, and `is(state)`: live, polling, lost. */
export class Events {
  constructor({ told, missed, is }) {
    Object.assign(this, { told, missed, is });
    this.last = null;
    this.pause = SOON;
  }

  async listen() {
    for (;;) {
      try {
        if (!(await this.hear())) return this.poll();
      } catch {
        // It ended, or was never there: both are said below.
      }
      this.is("lost");
      await new Promise((resolve) => setTimeout(resolve, this.pause));
      this.pause = Math.min(this.pause * 2, LATER);
    }
  }

  /** Hear what is told until that ends; say whether the service tells anything at all. */
  async hear() {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE);
    const headers = { Accept: "text/event-stream", ...(this.last === null ? {} : { "Last-Event-ID": this.last }) };
    try {
      const response = await fetched("events", { headers, signal: silence.signal, cache: "no-store" });
      if (!(response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) {
        if ([404, 429].includes(response.status)) return false; // none are told, or to so many that there is no room
        this.last = null;
        throw new Error(`the answer is ${response.status}`);
      }
      this.pause = SOON;
      this.is("live");
      this.missed(); // what happened while nobody listened
      const lines = new Lines(
        (event) => this.hand(event),
        (id) => {
          this.last = id;
        },
      );
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return true;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE);
        lines.take(value);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  hand({ name, data }) {
    if (name === "missed") {
      this.missed();
      return;
    }
    try {
      this.told(JSON.parse(data));
    } catch {
      this.missed();
    }
  }

  poll() {
    this.is("polling");
    setInterval(() => document.hidden || this.missed(), ASK_AGAIN);
  }
}

/** Reads the lines of an event stream, which come in pieces, and hands each event on when it is whole, and each id. */
export class Lines {
  constructor(hand, note) {
    Object.assign(this, { hand, note });
    this.rest = "";
    this.begin();
  }

  begin() {
    this.event = { id: null, name: "message", data: [] };
  }

  take(piece) {
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    for (const line of lines) this.line(line);
  }

  line(line) {
    if (line === "") {
      const { id, name, data } = this.event;
      this.begin();
      if (data.length > 0) this.hand({ name, data: data.join("\n") });
      if (id !== null) this.note(id);
      return;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (field === "id") this.event.id = value;
    else if (field === "event") this.event.name = value;
    else if (field === "data") this.event.data.push(value);
  }
}
