"use strict";
// The table of every row: a page of rows at a time, read from the Parquet files by range requests.
// Words are found in every row of a table that is small enough to be read whole; the fragment names what is shown.
// Opened from disk, a page may read no file but those its reader chooses. Text is set as text, never as HTML.
(() => {
  const STEP = 25; // rows on a page
  const CELL = 140; // characters of a value in the table
  const WHOLE = 50_000; // characters of a value in the detail, before the rest is asked for
  const FOOTER = 1 << 16; // bytes first read from the end of a file: most footers fit
  const SMALL = 1 << 20; // bytes of a file whose columns are read whole: one request in place of one a page
  const ROWS = 50_000; // of a table that is searched as a whole,
  const BYTES = 8_000_000; // and its bytes as Parquet
  const PAUSE = 250; // milliseconds without a key, after which words are looked for
  const tables = JSON.parse(byId("tables").textContent);
  const chosen = new Map(); // path → File, where the reader chose files
  const opened = new Map(); // path → Promise of { file, metadata }
  const wholes = new Map(); // table → Promise of its rows, each with its words
  let state = { table: "records", start: 0, find: "" };
  let shown = []; // rows on the page, each with its place in the table
  let total = 0; // rows that could be shown
  let turn = 0; // of loads: a slow one must not overwrite a later one

  function byId(id) {
    return document.getElementById(id);
  }

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name in element && name !== "scope") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  // Reading -----------------------------------------------------------------------------------------

  function open({ path, bytes }) {
    if (!opened.has(path)) {
      const opening = openFile(path, bytes);
      opening.catch(() => opened.delete(path));
      opened.set(path, opening);
    }
    return opened.get(path);
  }

  async function openFile(path, bytes) {
    const own = chosen.get(path);
    const source = own
      ? { byteLength: own.size, slice: (start, end) => own.slice(start, end).arrayBuffer() }
      : await hyparquet.asyncBufferFromUrl({ url: path, byteLength: bytes });
    const file = hyparquet.cachedAsyncBuffer(source, { minSize: 0 });
    return { file, metadata: await hyparquet.parquetMetadataAsync(file, { initialFetchSize: FOOTER }) };
  }

  async function read(name, start, end) {
    const rows = [];
    let first = 0; // row of the table at which the file begins
    for (const part of tables[name].files) {
      const [from, to] = [Math.max(start - first, 0), Math.min(end - first, part.rows)];
      first += part.rows;
      if (from >= to) continue;
      rows.push(
        ...(await hyparquet.parquetReadObjects({
          ...(await open(part)),
          rowStart: from,
          rowEnd: to,
          useOffsetIndex: part.bytes > SMALL,
          compressors: { ZSTD: (input, length) => hyparquet.decompress(input, new Uint8Array(length)) },
          parsers: { timestampFromMicroseconds: instant },
        })),
      );
    }
    return rows;
  }

  // Return rows of the table, or of those of its rows that hold what is looked for, and how many there are.
  async function choice({ table, start, find }) {
    if (find && isSmall(table)) {
      const held = (await whole(table)).filter(({ words }) => words.includes(find.toLowerCase()));
      return [held.slice(start, start + STEP), held.length];
    }
    const { rows } = tables[table];
    const found = await read(table, start, Math.min(start + STEP, rows));
    return [found.map((row, place) => ({ row, at: start + place })), rows];
  }

  function isSmall(name) {
    const { rows, files } = tables[name];
    return rows <= ROWS && files.reduce((sum, { bytes }) => sum + bytes, 0) <= BYTES;
  }

  function whole(name) {
    if (!wholes.has(name)) {
      const reading = read(name, 0, tables[name].rows).then((rows) => rows.map((row, at) => ({ row, at, words: wordsOf(row) })));
      reading.catch(() => wholes.delete(name));
      wholes.set(name, reading);
    }
    return wholes.get(name);
  }

  function wordsOf(row) {
    const values = Object.values(row).filter((value) => !isEmpty(value));
    return values.map(write).join("\n").toLowerCase();
  }

  function instant(micros) {
    return new Date(Number(micros / 1000n)).toISOString().replace(/(:00)?\.000Z$/, "Z");
  }

  // Writing values ----------------------------------------------------------------------------------

  function write(value) {
    if (Array.isArray(value)) return value.map(write).join(", ");
    if (value !== null && typeof value === "object") {
      const parts = Object.entries(value);
      return parts.every(([name]) => name === "start" || name === "end")
        ? `${value.start}–${value.end}`
        : parts.map(([name, part]) => `${name}: ${write(part)}`).join("; ");
    }
    // A float of 32 bits is written with the digits that it has.
    return typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(7))) : String(value);
  }

  function isEmpty(value) {
    return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  }

  function show(value, limit) {
    if (isEmpty(value)) return make("span", { className: "null" }, value ? "none" : "null");
    const text = write(value);
    const cut = text.length > limit ? text.slice(0, limit) + "…" : text;
    return make("bdi", { dir: "auto" }, cut);
  }

  function isNumber({ type }) {
    return /^(u?int|float|double)/.test(type);
  }

  // What tells most about a row stands first, and ids last.
  function arrange({ columns, leading }) {
    const rank = ({ name }) => (leading.includes(name) ? leading.indexOf(name) : /(_id|sha256)$/.test(name) ? 99 : 98);
    return [...columns].sort((one, other) => rank(one) - rank(other));
  }

  // The table ---------------------------------------------------------------------------------------

  function fill() {
    const columns = arrange(tables[state.table]);
    const head = columns.map((column) =>
      make("th", { scope: "col", title: column.meaning, className: isNumber(column) ? "n" : "" }, column.name),
    );
    byId("sheet-head").replaceChildren(make("tr", {}, make("th", { scope: "col", className: "n" }, "row"), ...head));
    byId("sheet-body").replaceChildren(...shown.map(({ row, at }) => line(row, at, columns)));
    byId("sheet-caption").textContent = `${state.table}: choose a row to read all of it`;
    sift();
  }

  function line(row, at, columns) {
    const number = (at + 1).toLocaleString("en");
    const opener = make("button", { type: "button", className: "row", onclick: () => detail(row, at) }, number);
    opener.setAttribute("aria-label", `Row ${number}: show all of it`);
    const cells = columns.map((column) =>
      make("td", { className: isNumber(column) ? "n" : "" }, show(row[column.name], CELL)),
    );
    return make("tr", {}, make("th", { scope: "row", className: "n" }, opener), ...cells);
  }

  // A table too large to be read whole is searched no further than the rows on the page.
  function sift() {
    const lines = [...byId("sheet-body").rows];
    const isPart = state.find && !isSmall(state.table);
    lines.forEach((element, place) => {
      element.hidden = isPart && !wordsOf(shown[place].row).includes(state.find.toLowerCase());
    });
    const seen = lines.filter((element) => !element.hidden).length;
    byId("found").textContent = isPart
      ? `Only these ${lines.length} were searched, since the table is large: ${seen} hold it.`
      : "";
  }

  async function load() {
    const own = ++turn;
    byId("sheet").setAttribute("aria-busy", "true");
    for (const button of byId("tabs").children) {
      button.setAttribute("aria-pressed", String(button.value === state.table));
    }
    try {
      const [found, count] = await choice(state);
      if (own !== turn) return;
      [shown, total] = [found, count];
      byId("sheet").hidden = false;
      fill();
      tell(place());
    } catch (error) {
      if (own !== turn) return;
      tell(`${state.table} could not be read (${error.message}). Choose its files below instead.`);
      byId("chooser").hidden = false;
    } finally {
      if (own === turn) settle();
    }
  }

  function settle() {
    byId("sheet").removeAttribute("aria-busy");
    byId("first").disabled = byId("previous").disabled = state.start === 0;
    byId("next").disabled = byId("last").disabled = state.start + STEP >= total;
  }

  function place() {
    const { rows } = tables[state.table];
    const [from, to, count, all] = [state.start + 1, Math.min(state.start + STEP, total), total, rows].map((number) =>
      number.toLocaleString("en"),
    );
    if (!rows) return `No rows: nothing was put into ${state.table}.`;
    if (!state.find || !isSmall(state.table)) return `Rows ${from} to ${to} of ${all}.`;
    return total ? `Rows ${from} to ${to} of ${count} that hold it, out of ${all}.` : `No rows hold it, out of ${all}.`;
  }

  function tell(message) {
    byId("place").textContent = message;
  }

  function go(change) {
    state = { ...state, ...change };
    byId("sheet").scrollTop = 0;
    const named = { table: state.table, page: state.start / STEP + 1, ...(state.find && { find: state.find }) };
    history.replaceState(null, "", `#${new URLSearchParams(named)}`);
    load();
  }

  // `#table=segments&page=2&find=looms` shows what whoever shared it saw.
  function follow() {
    const named = new URLSearchParams(location.hash.slice(1));
    const table = named.get("table");
    if (!Object.hasOwn(tables, table ?? "")) return false;
    const start = (Math.max(1, Math.floor(Number(named.get("page"))) || 1) - 1) * STEP;
    state = { table, start: Math.min(start, lastOf(tables[table].rows)), find: named.get("find") ?? "" };
    byId("find").value = state.find;
    byId("browse-title").scrollIntoView();
    return true;
  }

  function lastOf(rows) {
    return Math.max(0, Math.ceil(rows / STEP) - 1) * STEP;
  }

  // The detail of a row -----------------------------------------------------------------------------

  function detail(row, at) {
    const parts = arrange(tables[state.table]).flatMap((column) => [
      make("dt", { title: column.meaning }, column.name),
      make("dd", {}, ...entire(row[column.name])),
    ]);
    byId("detail-title").textContent = `${state.table}, row ${(at + 1).toLocaleString("en")}`;
    byId("detail-parts").replaceChildren(...parts);
    const link = byId("detail-link");
    const to = placeOf(row);
    link.hidden = !to || !link.dataset.to;
    link.href = link.dataset.to + to;
    byId("detail").showModal();
    byId("detail").scrollTop = 0;
  }

  // A record is found by its id; a segment or span, which may stand on any page of its document, by its byte as well.
  function placeOf(row) {
    const page = `${encodeURIComponent(row.document_id ?? "")}.html`;
    if (state.table === "records") return `find.html#${encodeURIComponent(row.record_id)}`;
    if (state.table === "segments") return `${page}#${encodeURIComponent(row.segment_id)}@${row.byte_start}`;
    if (state.table === "spans") return `${page}#b${row.byte_start}`;
    return state.table === "documents" ? page : "";
  }

  function entire(value) {
    const element = show(value, WHOLE);
    const length = isEmpty(value) ? 0 : write(value).length;
    if (length <= WHOLE) return [element];
    const more = make("button", { type: "button" }, `Show all ${length.toLocaleString("en")} characters`);
    more.onclick = () => {
      element.textContent = write(value);
      more.remove();
    };
    return [element, more];
  }

  // Files chosen by the reader ----------------------------------------------------------------------

  async function choose(files) {
    const strange = [];
    for (const file of files) {
      const part = await partOf(file).catch(() => undefined);
      if (!part) strange.push(file.name);
      else {
        chosen.set(part.path, file);
        opened.delete(part.path);
        wholes.delete(part.table);
        state = { table: part.table, start: 0, find: state.find };
      }
    }
    const names = strange.join(", ");
    byId("strange").textContent = names && `Not of this version: ${names}`;
    if (strange.length < files.length) load();
  }

  // A file is known by what it says of itself: every part is named alike.
  async function partOf(file) {
    const slice = (start, end) => file.slice(start, end).arrayBuffer();
    const metadata = await hyparquet.parquetMetadataAsync({ byteLength: file.size, slice });
    const table = metadata.key_value_metadata.find(({ key }) => key === "table").value;
    const part = tables[table].files.find(({ bytes, rows }) => bytes === file.size && BigInt(rows) === metadata.num_rows);
    return part && { table, path: part.path };
  }

  // Setting up --------------------------------------------------------------------------------------

  for (const name of Object.keys(tables)) {
    const button = make("button", { type: "button", value: name }, name);
    button.append(" ", make("small", {}, tables[name].rows.toLocaleString("en")));
    button.onclick = () => go({ table: name, start: 0 });
    byId("tabs").append(button);
  }
  byId("first").onclick = () => go({ start: 0 });
  byId("previous").onclick = () => go({ start: Math.max(0, state.start - STEP) });
  byId("next").onclick = () => go({ start: Math.min(lastOf(total), state.start + STEP) });
  byId("last").onclick = () => go({ start: lastOf(total) });
  let waiting;
  byId("find").oninput = (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => go({ start: 0, find: event.target.value.trim() }), PAUSE);
  };
  byId("choose").onchange = (event) => choose([...event.target.files]);
  byId("close").onclick = () => byId("detail").close();
  byId("live").hidden = false;
  follow();
  onhashchange = () => follow() && load();
  if (location.protocol === "file:") {
    byId("chooser").hidden = false;
    tell("Choose Parquet files to see their rows");
  } else load();
})();
