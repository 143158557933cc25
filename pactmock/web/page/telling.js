/** What the page says beside what it shows: to who cannot see it, and in passing to who has done something. */

const announcer = () => document.getElementById("announcer");
const toast = () => document.getElementById("toast");

const QUIET = 3000;
const OFTEN = 15_000;
const SHOWN = 4000;

/** Announces failures: those that come together in one sentence, and no sentence soon after another. */
export class Announcer {
  constructor() {
    this.failed = new Map();
    this.timer = null;
    this.last = -OFTEN;
  }

  /** Note that so many requests of a mock server failed. */
  note(title, number) {
    this.failed.set(title, (this.failed.get(title) ?? 0) + number);
    if (this.timer !== null) return;
    const wait = Math.max(QUIET, this.last + OFTEN - performance.now());
    this.timer = setTimeout(() => this.announce(), wait);
  }

  announce() {
    this.timer = null;
    this.last = performance.now();
    const texts = [...this.failed].map(([title, number]) => `${number} did not match on ${title}`);
    this.failed.clear();
    const shown = texts.slice(0, 3).join("; ");
    announcer().textContent = texts.length > 3 ? `${shown}; and on ${texts.length - 3} more` : shown;
  }
}

let timer = null;

/** Say in passing that something was done. */
export function tell(text) {
  toast().textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    toast().textContent = "";
  }, SHOWN);
}
