/**
 * Asks again when something has happened: one question at a time, soon, and none of what happened is forgotten.
 *
 * The longer an answer takes, to come and to be shown, the longer is the pause after it: so a page keeps neither a
 * service busy, nor the browser.
 */

const SOON = 150;
const LATER = 5000;
const SHARE = 8;

export class Asking {
  /** `ask` asks, and shows what is answered; `soon` is the shortest pause, in milliseconds. */
  constructor(ask, soon = SOON) {
    Object.assign(this, { ask, soon, pause: soon });
    this.timer = null;
    this.current = null;
    this.isWanted = false;
    this.isStopped = false;
  }

  /** Something happened: ask soon. */
  told() {
    this.isWanted = true;
    if (this.timer === null && this.current === null && !this.isStopped) {
      this.timer = setTimeout(() => this.now(), this.pause);
    }
  }

  /** Ask now, or as soon as the question at hand is answered; arguments are those of `ask`. */
  async now(...asked) {
    while (this.current !== null) await this.current;
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.isWanted = false;
    const start = performance.now();
    this.current = this.ask(...asked);
    try {
      await this.current;
    } finally {
      this.current = null;
      this.pause = Math.min(Math.max(this.soon, SHARE * (performance.now() - start)), LATER);
      if (this.isWanted) this.told();
    }
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
  }
}
