/** Keeps the latest message in view of whoever reads it, when more comes and when sizes change. */

/** This close to the end is reading the end. */
const nearPx = 160;

/**
 * `showLatest()` goes to the latest message: to its end, or to its beginning where it is taller than the log. `isFollowing()` is
 * whether the reader has stayed there. `watch(element)` keeps the place while that element changes its size; `goTo(element)` shows
 * something else and still follows what comes; `leave()` follows no more.
 */
export function followLatest(log) {
  let following = true;
  /** Where to stay when sizes change; undefined once the reader has scrolled to a place of their own. */
  let place = latest;
  let top = 0;

  function latest() {
    const last = [...log.querySelectorAll(".message")].at(-1);
    if (last === undefined || last.offsetHeight <= log.clientHeight) return log.scrollHeight;
    return log.scrollTop + last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }
  const end = () => log.scrollHeight;

  function settle() {
    if (place === undefined) return;
    log.scrollTop = place();
    top = log.scrollTop;
  }

  log.addEventListener("scroll", () => {
    // Our own doing.
    if (log.scrollTop === top) return;
    const isNear = log.scrollHeight - log.scrollTop - log.clientHeight < nearPx;
    // Only who scrolls up leaves the latest: it also moves away when something below is drawn for the first time.
    following = isNear || (following && log.scrollTop >= top);
    place = isNear ? end : undefined;
    top = log.scrollTop;
  });
  const sizes = new ResizeObserver(settle);
  sizes.observe(log);

  return {
    isFollowing: () => following,
    leave() {
      following = false;
      place = undefined;
    },
    showLatest() {
      following = true;
      place = latest;
      settle();
      // Messages out of sight have estimated heights until they come into view.
      requestAnimationFrame(() => {
        settle();
        requestAnimationFrame(settle);
      });
    },
    goTo(element) {
      place = undefined;
      element.scrollIntoView({ block: "center" });
    },
    watch: (element) => sizes.observe(element),
    clear() {
      sizes.disconnect();
      sizes.observe(log);
    },
  };
}
