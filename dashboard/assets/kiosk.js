// The wall screen: one picture after the other, each for as long as the page says; whoever is there can stop it.
(() => {
  "use strict";
  let timer, part = 0, current = "", paused = false;

  const links = () => [...document.querySelectorAll(".kiosk a[data-part]")];
  const button = () => document.querySelector(".kiosk button[data-pause]");

  function turn() {
    const all = links();
    const next = all.findIndex((link) => link.hasAttribute("aria-current")) + 1;
    if (!all.length) return;
    // Once a round everything is loaded anew, so that a screen on a wall follows a new version.
    if (next === all.length) return location.replace(all[0].href);
    history.replaceState(null, "", all[next].href);
    dispatchEvent(new PopStateEvent("popstate", { state: null }));
    // A step that came to nothing, as while the server is away, is taken again.
    pause(paused);
  }

  // A chart is drawn as for a desk and shown larger, to be read from across the room, as far as there
  // is room under what stands above it: the heading it is under, or all of the page if that is the first.
  const DESK = 1060, BAR = 125;
  function enlarge() {
    const main = document.querySelector("[data-testid=stMain]");
    const heads = [...main.querySelectorAll("h2")];
    for (const room of main.querySelectorAll("[class*=st-key-picture-]")) {
      const over = heads.findLastIndex((head) => head.compareDocumentPosition(room) & Node.DOCUMENT_POSITION_FOLLOWING);
      const top = over > 0 ? heads[over].getBoundingClientRect().top : -main.scrollTop;
      const drawn = room.querySelector("svg.marks")?.getAttribute("height");
      const height = drawn ?? /st-key-picture-\S*-(\d+)/.exec(room.className)[1];
      const left = innerHeight - BAR - (room.getBoundingClientRect().top - top);
      const times = Math.max(1, Math.min(innerWidth / DESK, left / height));
      const now = Number(room.style.getPropertyValue("--times")) || 1;
      if (Math.abs(times - now) > 0.02) room.style.setProperty("--times", times);
    }
  }

  function place() {
    const main = document.querySelector("[data-testid=stMain]");
    const heading = main?.querySelectorAll("h2")[part - 1];
    if (part && heading) heading.scrollIntoView({ block: "start" });
    else main?.scrollTo(0, 0);
  }

  function pause(now) {
    paused = now;
    clearTimeout(timer);
    const there = button();
    if (there) there.textContent = paused ? there.dataset.resume : there.dataset.pause;
    if (!paused) timer = setTimeout(turn, document.querySelector(".kiosk").dataset.seconds * 1000);
  }

  function look() {
    const here = document.querySelector(".kiosk a[aria-current]");
    if (!here) return clearTimeout(timer);
    if (here.href !== current) {
      current = here.href;
      part = Number(here.dataset.part);
      pause(paused);
    }
    enlarge();
    // Pictures that are drawn later push what is below them down.
    if (!paused) place();
  }

  document.addEventListener("click", (event) => {
    if (event.target === button()) pause(!paused);
  });
  for (const type of ["wheel", "touchmove"]) {
    document.addEventListener(type, () => button() && !paused && pause(true), { passive: true });
  }
  addEventListener("DOMContentLoaded", () =>
    new MutationObserver(look).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["aria-current"],
    }));
})();
