// Charts: a mark that leads somewhere opens it like a link, a table opens under its picture, and
// pictures and their data are saved. What is saved says what it is, of which day, and from whom.
(() => {
  "use strict";

  // When charts are drawn

  // To draw one takes a browser as long as the rest of a page: those that are seen come first, the
  // others one by one while nothing else is to be done. Streamlit draws none that has no width.
  const CHART = "[data-testid=stElementContainer]:has([data-testid=stVegaLiteChart])";
  const draw = (place) => { place.dataset.drawn = ""; };
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 200));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
  });
  let waiting = false;

  function next() {
    const place = document.querySelector(`${CHART}:not([data-drawn])`);
    waiting = place !== null;
    if (!waiting) return;
    draw(place);
    setTimeout(() => idle(next, { timeout: 1000 }), 250);
  }

  // What stands below a chart stays where it is while that is drawn, and when it is drawn anew.
  const ROOM = "[class*=st-key-picture-]";
  function reserve(room) {
    const drawn = room.querySelector("svg.marks")?.getAttribute("height");
    const height = drawn ?? (room.style.minHeight ? null : /st-key-picture-\S*-(\d+)/.exec(room.className)[1]);
    if (height) room.style.minHeight = `${height}px`;
  }

  new MutationObserver(() => {
    document.querySelectorAll(ROOM).forEach(reserve);
    const places = document.querySelectorAll(`${CHART}:not([data-drawn])`);
    places.forEach((place) => seen.observe(place));
    if (!places.length || waiting) return;
    waiting = true;
    setTimeout(() => idle(next, { timeout: 1000 }), 600);
  }).observe(document.documentElement, { childList: true, subtree: true });
  document.documentElement.classList.add("draws");

  // Marks

  // Vega keeps what a mark stands for on its element.
  const item = (node) => (Array.isArray(node.__data__) ? node.__data__[0] : node.__data__);

  // It would load the whole page anew.
  function target(event) {
    const chart = event.target instanceof Element && event.target.closest("[data-testid=stVegaLiteChart] svg");
    for (let node = event.target; chart && node && node !== chart; node = node.parentNode) {
      const href = item(node)?.href;
      if (href) return href;
    }
    return null;
  }

  function follow(event) {
    const href = target(event);
    if (href === null || event.button === 2) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.button === 1) return void window.open(href, "_blank", "noopener");
    const link = document.createElement("a");
    link.href = href;
    link.hidden = true;
    document.querySelector("[data-testid=stApp]").append(link);
    link.dispatchEvent(new MouseEvent("click", event));
    link.remove();
  }
  addEventListener("click", follow, true);
  addEventListener("auxclick", follow, true);

  // Tables

  const shown = (cell) => String((Array.isArray(cell) ? cell[0] : cell) ?? "");
  const written = (cell) => String((Array.isArray(cell) ? cell[1] : cell) ?? "");
  const told = (picture) => JSON.parse(picture.dataset.picture);

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function table({ title, columns, rows, links }) {
    const head = element("tr");
    columns.forEach((column, place) => {
      const made = element("th", column, { scope: "col" });
      if (typeof rows[0]?.[place] === "number") made.className = "number";
      head.append(made);
    });
    const body = element("tbody");
    rows.forEach((row, number) => {
      const line = element("tr");
      row.forEach((cell, place) => {
        const made = place ? element("td", "", { "data-label": columns[place] }) : element("th", "", { scope: "row" });
        if (typeof cell === "number") made.className = "number";
        if (place === 0 && links[number]) made.append(element("a", shown(cell), { href: links[number] }));
        else made.textContent = shown(cell);
        line.append(made);
      });
      body.append(line);
    });
    const made = element("table", "", { class: "linked" });
    const caption = element("caption", title);
    const top = element("thead");
    top.append(head);
    made.append(caption, top, body);
    return made;
  }

  addEventListener("toggle", (event) => {
    const picture = event.target.closest?.(".picture");
    if (picture && event.target.open && !event.target.querySelector("table")) {
      event.target.append(table(told(picture)));
    }
  }, true);

  // Files

  const PAD = 16, TITLE = 20, LINE = 26, SMALL = 12;
  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  // With the mark by which spreadsheets know UTF-8.
  function csv({ columns, rows }) {
    const lines = [columns, ...rows].map((row) => row.map((cell) => quoted(written(cell))).join(","));
    return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
  }

  const SVG = "http://www.w3.org/2000/svg";

  function drawn(name, attributes, text = "") {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  function wrapped(text, font, width) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (lines.at(-1) && pen.measureText(longer).width > width) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  }

  // The font of the page goes with the picture: elsewhere it may not be there.
  async function face() {
    for (const sheet of document.styleSheets) {
      let rules = [];
      try { rules = sheet.cssRules; } catch { continue; }
      for (const rule of rules) {
        if (!(rule instanceof CSSFontFaceRule)) continue;
        const family = rule.style.getPropertyValue("font-family").replace(/["']/g, "");
        const source = /url\(["']?([^"')]+)/.exec(rule.style.getPropertyValue("src"));
        if (family !== "Source Sans" || rule.style.getPropertyValue("font-style") === "italic" || !source) continue;
        const font = await (await fetch(new URL(source[1], sheet.href ?? document.baseURI))).blob();
        const data = await new Promise((done) => {
          const reader = new FileReader();
          reader.onload = () => done(reader.result);
          reader.readAsDataURL(font);
        });
        return `@font-face{font-family:"Source Sans";font-weight:200 900;src:url(${data}) format("woff2")}`;
      }
    }
    return "";
  }

  // It stands in the last room before the line that belongs to it.
  const chartOf = (picture) => [...document.querySelectorAll(ROOM)]
    .filter((room) => room.compareDocumentPosition(picture) & Node.DOCUMENT_POSITION_FOLLOWING)
    .at(-1)?.querySelector("svg.marks");

  async function svg(picture, { title, credit, paper, text }) {
    const chart = chartOf(picture);
    const [width, height] = ["width", "height"].map((side) => Number(chart.getAttribute(side)));
    const family = "'Source Sans', 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif";
    const heads = wrapped(title, `600 ${TITLE}px ${family}`, width);
    const feet = wrapped(credit, `${SMALL}px ${family}`, width);
    const top = PAD + heads.length * LINE + 6;
    const size = { width: width + 2 * PAD, height: top + height + feet.length * 17 + PAD + 6 };
    const root = drawn("svg", { xmlns: SVG, ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img" });
    const body = chart.cloneNode(true);
    body.setAttribute("x", PAD);
    body.setAttribute("y", top);
    const line = (size, weight, y) => (words, number) => drawn("text", {
      x: PAD, y: y + number * (weight > 400 ? LINE : 17), fill: text,
      "font-family": family, "font-size": size, "font-weight": weight,
    }, words);
    root.append(
      drawn("title", {}, title),
      drawn("style", {}, await face()),
      drawn("rect", { width: "100%", height: "100%", fill: paper }),
      ...heads.map(line(TITLE, 600, PAD + TITLE)),
      body,
      ...feet.map(line(SMALL, 400, top + height + 20)),
    );
    return { size, blob: new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" }) };
  }

  async function png(picture, facts) {
    const { size, blob } = await svg(picture, facts);
    const image = new Image();
    image.src = URL.createObjectURL(blob);
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * size.width;
    canvas.height = 2 * size.height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  // Paper

  // About as wide as what is written on a page of A4, so that the type of both is as large.
  const PAPER = 680;
  const widths = new Map();

  // What Vega draws in the same moment, its page draws only later; elements lead to what drew them.
  function redraw(chart, width) {
    const drawer = [...chart.querySelectorAll("g")].map((node) => item(node)?.context?.dataflow).find(Boolean);
    drawer?.width(width).resize().run();
  }

  // A picture that is not there yet is told as its table.
  addEventListener("beforeprint", () => {
    for (const picture of document.querySelectorAll(".picture")) {
      const chart = chartOf(picture), details = picture.querySelector("details");
      picture.classList.toggle("instead", !chart && details !== null);
      if (chart) {
        widths.set(chart, Number(chart.getAttribute("width")));
        redraw(chart, PAPER);
      } else if (details && !details.querySelector("table")) {
        details.append(table(told(picture)));
      }
    }
  });
  addEventListener("afterprint", () => {
    widths.forEach((width, chart) => redraw(chart, width));
    widths.clear();
  });

  // Whoever prints with the keyboard gets the pictures that are still to be drawn.
  addEventListener("keydown", (event) => {
    const rooms = [...document.querySelectorAll(ROOM)];
    const drawn = () => rooms.every((room) => room.querySelector("svg.marks"));
    if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || drawn()) return;
    event.preventDefault();
    document.querySelectorAll(CHART).forEach(draw);
    const since = Date.now();
    const look = () => (drawn() || Date.now() - since > 10_000 ? print() : setTimeout(look, 50));
    look();
  });

  addEventListener("click", async (event) => {
    const button = event.target instanceof Element && event.target.closest(".picture [data-save]");
    if (!button) return;
    const picture = button.closest(".picture"), facts = told(picture), form = button.dataset.save;
    const made = { csv: () => csv(facts), svg: async () => (await svg(picture, facts)).blob, png: () => png(picture, facts) };
    const file = URL.createObjectURL(await made[form]());
    const name = facts.title.toLowerCase().normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
    element("a", "", { href: file, download: `${name}-${facts.day}.${form}` }).click();
    setTimeout(() => URL.revokeObjectURL(file), 60_000);
  });
})();
