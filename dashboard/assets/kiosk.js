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
