"""What is asked of a page in its own language: JavaScript that answers with a list of faults or figures."""

# A file that the browser keeps is read faster than a text that is handed to each page.
BRING_AXE = "() => import('/static/axe.js').then(() => {})"

# What axe finds against these rules or groups of rules.
AXE = """async (runOnly) => {
  const {violations} = await axe.run({runOnly, resultTypes: ["violations"]});
  const faults = ({id, nodes}) => nodes.map((node) => `${id} ${node.target}: ${node.failureSummary}`);
  return violations.flatMap(faults);
}"""

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size"]

# Axe would look at each of 400 time zones in a list as it does at the first.
FEWER_ZONES = """() => {
  for (const option of document.querySelectorAll("option:not(:checked):nth-child(n+4)")) option.remove();
}"""

TOO_WIDE = """() => {
  if (document.scrollingElement.scrollWidth <= innerWidth) return [];
  const beyond = (e) => e.getBoundingClientRect().right > innerWidth + 1;
  return [...document.body.querySelectorAll("*")].filter(beyond).map((e) => e.outerHTML.slice(0, 120));
}"""

CUT_OFF = """() => {
  const cuts = /hidden|clip/, exempt = ".visually-hidden, svg, select, input, textarea, progress, meter";
  const cut = [...document.body.querySelectorAll("*")].filter((e) => {
    const {overflowX, overflowY} = getComputedStyle(e);
    const wide = cuts.test(overflowX) && e.scrollWidth > e.clientWidth + 1;
    const high = cuts.test(overflowY) && e.scrollHeight > e.clientHeight + 1;
    return e.checkVisibility() && !e.closest(exempt) && (wide || high);
  });
  return cut.map((e) => e.outerHTML.slice(0, 120));
}"""

# [what, whether it is one of the main things to tap, its smaller side] of all that can be tapped. A link in
# a sentence may be as small as its line (WCAG 2.5.8); a choice is tapped by its label.
TARGETS = """() => {
  const tapped = "a[href]:not(.skip), button, summary, select, textarea, input:not([type=hidden])";
  const inline = (e) => getComputedStyle(e).display === "inline";
  const shown = (e) => e.checkVisibility({visibilityProperty: true}) && !inline(e);
  const targets = [...document.querySelectorAll(tapped)].filter(shown);
  return targets.map((e) => {
    const choice = e.matches("[type=radio], [type=checkbox]");
    const box = ((choice && e.closest("label")) || e).getBoundingClientRect();
    const main = e.matches(".tick, .button, .tabs a, .chip, summary");
    return [e.outerHTML.slice(0, 120), main, Math.min(box.width, box.height)];
  });
}"""

# The focused element: what it is, whether a ring shows that, whether something lies over it. The parts of a
# date field have the browser's own ring.
FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const under = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  const near = under && (e.contains(under) || under.contains(e) || under.closest("label")?.contains(e));
  const rings = [e, e.closest("label")].filter(Boolean).map((around) => getComputedStyle(around));
  const ringed = rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  return {
    what: `${e.localName}.${e.className} ${e.textContent.trim().slice(0, 40)}`,
    ringed: ringed || e.matches("[type=date], [type=time]"),
    covered: !near,
  };
}"""

# How many parts of the page move or fade when they change.
MOVING = """() => {
  const parts = (e) => [null, "::before", "::after"].map((part) => getComputedStyle(e, part));
  const times = (style) => `${style.transitionDuration}, ${style.animationDuration}`.split(",");
  const all = [...document.querySelectorAll("*")].flatMap(parts).flatMap(times);
  return all.filter((time) => parseFloat(time) > 0.001).length;
}"""

SETTLED = "() => Promise.all(document.getAnimations().map((animation) => animation.finished))"

# Resolves when the service worker is in charge of the page.
CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
}"""

# {path: text} of everything in Cache Storage.
KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return kept;
}"""

PICTURE_SIZE = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  return `${image.naturalWidth}x${image.naturalHeight}`;
}"""

# Puts marks for these moments on the page and lets its script say them, as it does when one comes back to it.
SAY = """(cases) => {
  const marks = cases.map(([at, zone]) => {
    const mark = document.createElement("time");
    mark.dateTime = at;
    Object.assign(mark.dataset, {zone, begun: "begun"});
    return mark;
  });
  document.querySelector("main").append(...marks);
  document.dispatchEvent(new Event("visibilitychange"));
  return marks.map((mark) => mark.textContent);
}"""

# Fills the form that has these fields by hand, past the browser's own checks, and sends it.
SEND = """(fields) => {
  const form = [...document.forms].find((form) => Object.keys(fields).every((name) => form.elements[name]));
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (field.options) field.add(new Option(value, value));
    field.value = value;
  }
  form.noValidate = true;
  form.requestSubmit();
}"""
