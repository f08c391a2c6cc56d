// What a reviewer does with a page: find a place, see what claimed it, step from boundary to boundary, show only
// some roles or one rule, search. Without this script the pages are whole, and their anchors lead to records.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};
const number = (value) => Number(value).toLocaleString("en");

// Addresses ------------------------------------------------------------------------------------------------

// `#r_…` and `#s_…` name elements, `#s_…@123` and `#b123` a byte, `#only=chrome` a role: go there, or to the page that knows.
function follow() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (!name) return;
  if (name.startsWith("only=")) return showOnly(name.slice(5));
  // A segment may stand on another page of its document: `#s_…@123` names its byte too.
  const [id, byte] = name.split("@");
  const target = document.getElementById(id);
  if (target) return reveal(target);
  if (byte && /^\d+$/.test(byte)) return followByte(Number(byte), name);
  if (/^b\d+$/.test(name)) return followByte(Number(name.slice(1)));
  if (/^r_[0-9a-f]{24}$/.test(name)) location.replace(`find.html#${name}`);
}

function followByte(at, name = `b${at}`) {
  const page = $$(".parts [data-start]").filter((link) => Number(link.dataset.start) <= at).pop();
  if (page && !page.hasAttribute("aria-current")) return location.replace(`${page.getAttribute("href")}#${name}`);
  const spans = $$("#text [data-o]");
  const found = spans.filter((span) => Number(span.dataset.o) <= at).pop();
  if (found) reveal(found);
}

function reveal(target) {
  select(target);
  target.scrollIntoView({ block: target.matches("section") ? "start" : "center" });
  // What comes into view is laid out only now, and may be taller than it was taken for.
  requestAnimationFrame(() => target.scrollIntoView({ block: target.matches("section") ? "start" : "center" }));
}

// What claimed a place -------------------------------------------------------------------------------------

const ROLES = { h: "header", b: "body", c: "chrome", u: "unclaimed", x: "in no span", w: "withheld" };
const FIELDS = { published_raw: "date" };
let selected = null;

function select(target) {
  if (selected) selected.classList.remove("on");
  selected = target;
  if (!target) return;
  target.classList.add("on");
  tell(target);
}

function tell(target) {
  const spot = $("#spot");
  const spans = target.matches("[data-o]") ? [target] : $$("[data-o]", target);
  const [span, end] = [spans[0], spans.at(-1)];
  if (!spot || !span) return;
  const section = span.closest("section");
  const block = span.closest(".g");
  const start = Number(span.dataset.o);
  const isRecord = target.matches("section");
  const bytes = ["bytes", `${number(start)}–${number(Number(end.dataset.o) + Number(end.dataset.n))}`];
  const said = (isRecord ? [["record", recordName(section)], bytes] : [
    ["role", ROLES[span.className[0]] + (span.dataset.c ? `: ${span.dataset.c.replace(/_/g, " ")}` : "")],
    ["field", span.dataset.f && (FIELDS[span.dataset.f] || span.dataset.f)],
    ["rule", span.dataset.r && ruleName(span.dataset.r)],
    ["segment", block.dataset.s && !/\bg[hcux]\b/.test(block.className) && block.dataset.s],
    ["record", recordName(section)],
    bytes,
  ]).filter(([, value]) => value);
  const parts = said.map(([what, value]) => {
    const part = element("span", `at-${what}`);
    part.append(element("small", "", what), value);
    return part;
  });
  const link = element("a", "at-link", "link");
  link.href = `#b${start}`;
  spot.replaceChildren(...parts, link);
  spot.dataset.role = isRecord ? "" : ROLES[span.className[0]];
}

const ruleName = (index) => $("#rule").options[index].text.replace(/ \([\d,]+\)$/, "");

function recordName(section) {
  const record = section.querySelector(".no");
  if (!record) return "";
  const title = section.querySelector(".ti, .by");
  return `${record.textContent} ${section.querySelector(".kd")?.textContent ?? ""}${title ? ` · ${title.textContent}` : ""}`;
}

// Roles and rules ------------------------------------------------------------------------------------------

function matches(span, roles, rule) {
  const letter = span.className[0];
  const isRole = !roles.length || roles.some((role) => ROLES[letter].startsWith(role.name) && (!role.kind || letter === "u" || span.dataset.c === role.kind));
  return isRole && (!rule || span.dataset.r === rule);
}

function filter() {
  const roles = $$("#roles [aria-pressed=true]").map((chip) => ({ name: chip.dataset.role === "lost" ? "in no span" : chip.dataset.role, kind: chip.dataset.kind }));
  const rule = $("#rule").value;
  const isOn = Boolean(roles.length || rule);
  for (const marked of $$("#text .hit, #text .has")) marked.classList.remove("hit", "has");
  if (isOn) {
    for (const span of $$("#text span[data-o]")) {
      if (!matches(span, roles, rule)) continue;
      span.classList.add("hit");
      span.closest(".g").classList.add("has");
      span.closest("section").classList.add("has");
    }
  }
  document.body.classList.toggle("filtered", isOn);
  document.body.classList.toggle("hiding", isOn && $("#hide").checked);
}

function showOnly(role) {
  for (const chip of $$("#roles .chip")) chip.setAttribute("aria-pressed", String(chip.dataset.role === role || chip.dataset.kind === role));
  filter();
  step(1);
}

// Boundaries -----------------------------------------------------------------------------------------------

// Stops are the hits if something is filtered, else the records; with Shift the blocks.
function stops(fine) {
  if (document.body.classList.contains("filtered")) return $$("#text .hit");
  return fine ? $$("#text .g:not(.k)") : $$("#text section");
}

function step(way, fine = false) {
  const list = stops(fine);
  if (!list.length) return;
  const here = selected && list.findIndex((stop) => stop === selected || stop.contains(selected));
  let next;
  if (selected && here >= 0) next = list[here + way];
  else {
    const edge = $(".head").offsetHeight ? 4 : 0;
    const after = list.findIndex((stop) => stop.getBoundingClientRect().top > edge);
    next = way > 0 ? list[after] : list[(after < 0 ? list.length : after) - 1];
  }
  if (next) return reveal(next);
  const page = $(`.parts [rel=${way > 0 ? "next" : "prev"}]`);
  if (page && selected) page.focus();
}

// Search ---------------------------------------------------------------------------------------------------

const MOST_HITS = 5000;
let hits = [];
let hitAt = -1;

function search(words) {
  hits = [];
  hitAt = -1;
  if (words) {
    const pattern = new RegExp(words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/\s+/g, "\\s+"), "giu");
    const walker = document.createTreeWalker($("#text"), NodeFilter.SHOW_TEXT, (node) => (node.parentElement.closest(".g") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT));
    while (walker.nextNode() && hits.length < MOST_HITS) {
      for (const match of walker.currentNode.data.matchAll(pattern)) {
        const range = new Range();
        range.setStart(walker.currentNode, match.index);
        range.setEnd(walker.currentNode, match.index + match[0].length);
        hits.push(range);
      }
    }
  }
  if (window.Highlight) {
    CSS.highlights.set("found", new Highlight(...hits));
    CSS.highlights.delete("here");
  }
  tellHits(words);
}

function tellHits(words) {
  const most = hits.length >= MOST_HITS ? " or more" : "";
  const at = hitAt >= 0 ? `${number(hitAt + 1)} of ` : "";
  const where = $(".parts") ? " on this page" : "";
  $("#hits").textContent = words ? `${at}${number(hits.length)}${most} found${where}; Enter for the next` : "";
}

function nextHit(way) {
  if (!hits.length) return;
  hitAt = (hitAt + way + hits.length) % hits.length;
  const range = hits[hitAt];
  if (window.Highlight) CSS.highlights.set("here", new Highlight(range));
  const holder = range.startContainer.parentElement;
  select(holder.closest("[data-o]") || holder);
  holder.scrollIntoView({ block: "center" });
  const box = range.getBoundingClientRect();
  if (box.top < 80 || box.bottom > innerHeight - 80) scrollBy(0, box.top - innerHeight / 2);
  tellHits($("#q").value);
}

// The list of records --------------------------------------------------------------------------------------

function list() {
  const rows = $$("#text section[id]").map((section) => {
    const row = element("li");
    const link = element("a", section.classList.contains("gone") ? "gone" : "");
    link.href = `#${section.id}`;
    link.append(element("span", "no", $(".no", section).textContent));
    const said = (selector) => $(selector, section)?.textContent ?? "";
    const opening = $(".g .b", section)?.textContent.trim().slice(0, 80) ?? "";
    link.append(element("b", said(".ti") ? "" : "opening", said(".ti") || opening || said(".kd")));
    const under = [said(".by"), said(".iso") || said(".da"), said(".rm")].filter(Boolean);
    link.append(element("small", "", under.join(" · ") || said(".kd")));
    if ($(".fl", section)) link.append(element("i", "look", said(".fl")));
    row.append(link);
    return row;
  });
  $("#list").replaceChildren(...rows);
  tellShown();
}

function sift(words) {
  const wanted = words.toLowerCase();
  for (const row of $$("#list li")) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  tellShown();
}

function tellShown() {
  const rows = $$("#list li");
  const shown = rows.filter((row) => !row.hidden).length;
  $("#shown").textContent = shown === rows.length ? number(shown) : `${number(shown)} of ${number(rows.length)}`;
}

function followScroll() {
  const links = new Map($$("#list a").map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  let current = null;
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) entry.isIntersecting ? seen.add(entry.target) : seen.delete(entry.target);
    const first = [...seen].sort((a, b) => a.compareDocumentPosition(b) & 4 ? -1 : 1)[0];
    const link = first && links.get(first.id);
    if (!link || link === current) return;
    current?.removeAttribute("aria-current");
    current = link;
    link.setAttribute("aria-current", "true");
    const box = link.getBoundingClientRect();
    const side = $("#side").getBoundingClientRect();
    if (box.top < side.top || box.bottom > side.bottom) $("#side").scrollTop += box.top - side.top - side.height / 2;
  }, { rootMargin: "-10% 0px -70% 0px" });
  for (const section of $$("#text section[id]")) watch.observe(section);
}

// Pages ----------------------------------------------------------------------------------------------------

function openMenu(isOpen) {
  document.body.classList.toggle("open", isOpen);
  $("#menu").setAttribute("aria-expanded", String(isOpen));
  if (isOpen) $("#q").focus();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    openMenu(false);
    return event.target.blur?.();
  }
  if (event.target.matches("input, select, textarea")) return;
  const does = { j: () => step(1), k: () => step(-1), J: () => step(1, true), K: () => step(-1, true), n: () => nextHit(1), N: () => nextHit(-1), "/": () => { openMenu(true); $("#q").focus(); } }[event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

function startDocument() {
  list();
  followScroll();
  const text = $("#text");
  text.addEventListener("pointerover", (event) => { const span = event.target.closest("[data-o]"); if (span && event.pointerType === "mouse") tell(span); });
  text.addEventListener("pointerleave", () => selected && tell(selected));
  text.addEventListener("click", (event) => { const span = event.target.closest("[data-o]"); if (span && getSelection().isCollapsed) select(span); });
  $("#roles").addEventListener("click", (event) => {
    const chip = event.target.closest(".chip");
    if (!chip) return;
    chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    filter();
  });
  $("#rule").addEventListener("change", filter);
  $("#hide").addEventListener("change", filter);
  let waiting;
  $("#q").addEventListener("input", (event) => { clearTimeout(waiting); waiting = setTimeout(() => search(event.target.value.trim()), 150); });
  $(".find").addEventListener("submit", (event) => event.preventDefault());
  $("#q").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); nextHit(event.shiftKey ? -1 : 1); } });
  $("#list-q").addEventListener("input", (event) => sift(event.target.value.trim()));
  $("#list").addEventListener("click", () => openMenu(false));
  $("#menu").addEventListener("click", () => openMenu(!document.body.classList.contains("open")));
  for (const button of $$("[data-go]")) button.addEventListener("click", (event) => step(Number(button.dataset.go), event.shiftKey));
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", follow);
  follow();
}

function startIndex() {
  const known = location.hash.match(/^#(r_[0-9a-f]{24})$/);
  if (known) return location.replace(`find.html#${known[1]}`);
  $("#byid").addEventListener("submit", (event) => {
    event.preventDefault();
    location.href = `find.html#${$("#id").value.trim()}`;
  });
  $("#rows-q").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const row of $$("#rows tbody tr")) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}

// An id may be given without its `r_`, or as its beginning; what leads nowhere is answered in words.
function startFinder() {
  const { digits, prefix } = document.body.dataset;
  const find = () => {
    const asked = decodeURIComponent(location.hash.slice(1)).trim();
    if (!asked) return;
    for (const row of $$("main .ids li")) row.hidden = false;
    const hex = (asked.match(/^(?:r_)?([0-9a-f]{1,24})$/i)?.[1] ?? "").toLowerCase();
    if (!hex) return answer(asked.startsWith("s_")
      ? `${asked} names a segment, and this page finds records: ask for the record_id of its row.`
      : `${asked} is no id of a record: those are r_ and 24 signs of 0 to 9 and a to f.`);
    const beginning = hex.slice(0, Number(digits));
    if (beginning.length < Number(digits)) return answer(`${asked} is too short to find a record by: give ${digits} signs after r_ or more.`);
    if (beginning !== prefix && $(`a[href="find-${beginning}.html"]`)) return location.replace(`find-${beginning}.html#r_${hex}`);
    const found = $$("a[id^=r_]").filter((link) => link.id.startsWith(`r_${hex}`));
    if (found.length === 1) return location.replace(found[0].getAttribute("href"));
    if (!found.length) return answer(hex.length === 24 ? `No record r_${hex} stands in this version.` : `No record whose id begins with r_${hex} stands in this version.`);
    for (const link of $$("a[id^=r_]")) link.parentElement.hidden = !found.includes(link);
    answer(`${number(found.length)} records begin with r_${hex}.`);
  };
  addEventListener("hashchange", find);
  find();
}

function answer(words) {
  const way = element("a", "", "The index lists every document");
  way.href = "index.html";
  $("#answer").replaceChildren(`${words} `, way, ".");
}

({ document: startDocument, index: startIndex, finder: startFinder })[document.body.classList[0]]?.();
