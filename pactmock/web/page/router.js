/** Where the page is: behind the `#` of its address, so that it needs no path of its own and works below any prefix. */

/** Return the address of a place: `place("servers", id, "requests", 3)`. */
export function place(...parts) {
  return `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

/** Return the parts of the place where the page is; null for what is no place, as that of the link to the content. */
export function parts() {
  const { hash } = window.location;
  if (hash !== "" && !hash.startsWith("#/")) return null;
  try {
    return hash.slice(2).split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return [];
  }
}

/** Go to a place; `instead` of this one, for those that need no step back of their own. */
export function go(target, { instead = false } = {}) {
  if (window.location.hash === target) return;
  if (instead) {
    history.replaceState(null, "", target);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    window.location.hash = target;
  }
}

/** Call a function now, and whenever the place is another. */
export function follow(moved) {
  window.addEventListener("hashchange", () => {
    const now = parts();
    if (now !== null) moved(now);
  });
  moved(parts() ?? []);
}
