// What Streamlit's page lacks: links of ours that open without loading everything anew, words in the
// language of the page, and a word for screen readers when another page is there.
(() => {
  "use strict";
  const words = JSON.parse(document.currentScript.dataset.words);

  // Streamlit would look for its server below the address of the page, and wait before it looks elsewhere.
  window.__streamlit = { BACKEND_BASE_URL: new URL("..", document.currentScript.src).href };

  // A key that nobody has or guesses, under which the server keeps what is typed into a form.
  const freshDraft = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const linkAt = (event) => (event.target instanceof Element ? event.target.closest("a[href]") : null);

  // How a plain click on a link of ours opens without loading everything anew; nothing for any other.
  function way(event, link) {
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!plain || !link?.closest("[data-testid=stApp]") || link.target || "reload" in link.dataset) return null;
    const there = new URL(link.href);
    if (there.origin !== location.origin || there.hash) return null;
    if ("draft" in link.dataset) there.searchParams.set("draft", freshDraft());
    // A choice changes what stands beside it.
    const stays = link.closest(".choices") !== null;
    return { there, stays };
  }

  // Streamlit listens for steps through the history; a step to a new address is one of them.
  function go({ there, stays }) {
    const open = () => {
      history.pushState(null, "", there);
      dispatchEvent(new PopStateEvent("popstate", { state: null }));
      if (!stays) document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    };
    if (left) taken(there, open);
    else open();
  }

  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (link) pressed = null;
    if (!link || event.defaultPrevented) return;
    if (link.closest("[data-testid=stApp]") && new URL(link.href).origin !== location.origin) {
      // What somebody is in the middle of stays where it is.
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      return;
    }
    const found = way(event, link);
    if (!found) return;
    event.preventDefault();
    go(found);
  });

  // Whoever leaves a field by selecting a link has changed the page as well: the server takes in what
  // was typed, and writes the address of this page, before another can be opened. The clocks go along.
  const FIELD = "input:not([type=search]), textarea, [role=spinbutton]";
  const typed = (field) => field.value ?? field.closest("[role=group]")?.textContent;
  let field = null, was, left = null, pressed = null;
  document.addEventListener("focusin", ({ target }) => {
    if (field?.closest("[role=group]")?.contains(target)) return;
    field = target.matches(FIELD) ? target : null;
    was = field && typed(field);
  });
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Enter" || !field) return;
    was = typed(field);
    // Streamlit takes in a day when its field is left for something else; the calendar closes as well.
    const around = target.matches("[role=spinbutton]") && target.closest("[data-testid=stDateInput]");
    if (!around) return;
    around.tabIndex = -1;
    around.focus();
  }, true);
  document.addEventListener("pointerdown", (event) => {
    left = field !== null && typed(field) !== was ? location.href : null;
    // A finger leaves its field and clicks at once, when it is lifted.
    const found = left && event.pointerType === "mouse" ? way(event, linkAt(event)) : null;
    pressed = found && { ...found, x: event.clientX, y: event.clientY };
  }, true);

  // What was typed may change the list under the pointer: no click comes of a link that is gone by then.
  document.addEventListener("pointerup", (event) => {
    const found = pressed;
    if (!found || Math.hypot(event.clientX - found.x, event.clientY - found.y) > 8) return;
    setTimeout(() => {
      if (pressed !== found) return;
      pressed = null;
      // What is open closes when something else is clicked.
      document.body.click();
      go(found);
    });
  }, true);

  function taken(there, open) {
    const app = document.querySelector("[data-testid=stApp]");
    const since = Date.now();
    const from = left;
    let began = false;
    const look = () => {
      const idle = app.dataset.testScriptState === "notRunning";
      began ||= !idle || location.href !== from;
      // What was typed is sent in a moment, unless it is what the server has already.
      if ((began ? !idle : Date.now() - since < 1500) && Date.now() - since < 5000) return void setTimeout(look, 30);
      const here = new URL(location.href).searchParams;
      for (const name of ["as_of", "known_on"]) {
        if (here.has(name)) there.searchParams.set(name, here.get(name));
      }
      open();
    };
    left = null;
    setTimeout(look, 30);
  }

  // The way from page to page stands within what Streamlit takes for the content.
  document.addEventListener("click", (event) => {
    const skip = event.target instanceof Element && event.target.closest("[data-testid=stSkipToContent]");
    const title = skip ? document.querySelector("h1") : null;
    if (!title) return;
    event.preventDefault();
    event.stopPropagation();
    title.tabIndex = -1;
    title.focus();
  }, true);

  // A filter changes the address and draws the way from page to page no more than it must.
  function follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a[data-reload][hreflang]") : null;
    if (!link) return;
    const there = new URL(location.href);
    there.searchParams.set("lang", link.hreflang);
    link.href = there.href;
  }
  for (const type of ["pointerdown", "focusin", "contextmenu"]) document.addEventListener(type, follow, true);

  // Pictures are drawn for the ground that they stand on; paper is white.
  addEventListener("beforeprint", () => {
    const app = document.querySelector("[data-testid=stApp]");
    const dark = app !== null && getComputedStyle(app).colorScheme === "dark";
    document.documentElement.classList.toggle("dark-ground", dark);
  });

  // On a phone the way from page to page, and a row of choices, is a strip that is wider than the screen: what
  // is chosen is brought into sight in it, clear of its edges, and the page stays where it is.
  const EDGE = 48;
  let aligned = new WeakMap();

  function align() {
    for (const strip of document.querySelectorAll(".site, .choices")) {
      const chosen = strip.querySelector(":scope > [aria-current]");
      if (!chosen || aligned.get(strip) === chosen) continue;
      aligned.set(strip, chosen);
      const [there, here] = [chosen.getBoundingClientRect(), strip.getBoundingClientRect()];
      const over = there.right + EDGE - here.right, under = there.left - EDGE - here.left;
      if (over > 0) strip.scrollLeft += over;
      else if (under < 0) strip.scrollLeft += under;
    }
  }
  addEventListener("resize", () => { aligned = new WeakMap(); align(); });

  const attributes = ["aria-label", "placeholder", "title"];
  // Some words of Streamlit's have one of another kind, such as a number, in their midst.
  const patterns = Object.entries(words).filter(([word]) => word.includes("{n}")).map(([word, ours]) =>
    [new RegExp(`^${word.replace("{n}", "(.*\\S)")}$`), ours]);

  function translated(text) {
    const plain = text.trim();
    if (Object.hasOwn(words, plain)) return words[plain];
    for (const [pattern, ours] of patterns) {
      const found = pattern.exec(plain);
      if (found) return ours.replace("{n}", () => found[1]);
    }
    return undefined;
  }

  // What stands there is ours or the data's, and the reader's language already.
  const DATA = ".stHtml, svg.marks";
  const TEXT = `${DATA}, textarea, pre, code, [data-testid=stMarkdownContainer]`;
  const isOurs = (place) => place?.closest(TEXT) && !place.closest("[data-testid=stFileUploaderDropzone] button");

  function translate(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const word = translated(node.data);
      if (word !== undefined && !isOurs(node.parentElement)) node.data = word;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    // Vega has words for kinds of marks in English alone.
    node.removeAttribute("aria-roledescription");
    for (const name of node.closest(DATA) ? [] : attributes) {
      const word = node.hasAttribute(name) ? translated(node.getAttribute(name)) : undefined;
      if (word !== undefined) node.setAttribute(name, word);
    }
    node.childNodes.forEach(translate);
  }

  let heading = "";
  const said = document.createElement("div");
  said.setAttribute("role", "status");
  said.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";

  function announce() {
    const now = document.querySelector("h1")?.textContent ?? "";
    if (now && now !== heading) {
      // The first page is read out by itself.
      if (heading) said.textContent = now;
      heading = now;
    }
  }

  const shown = new Set();

  // What somebody asked for is told elsewhere than where they pressed the button: go there, once.
  function point() {
    const marks = [...document.querySelectorAll("[data-focus]")].filter((m) => !shown.has(m.dataset.focus));
    marks.forEach((mark) => shown.add(mark.dataset.focus));
    const place = marks.at(-1)?.closest("[class*=st-key-]");
    if (!place) return;
    place.tabIndex = -1;
    place.dataset.pointed = "";
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  }

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (Object.keys(words).length) {
        if (change.type === "childList") change.addedNodes.forEach(translate);
        else translate(change.target);
      }
    }
    announce();
    align();
    point();
  }).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
  addEventListener("DOMContentLoaded", () => document.body.append(said));
})();
