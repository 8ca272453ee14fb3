"use strict";
(() => {
  const data = JSON.parse(document.getElementById("report-data").textContent);
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const coarse = matchMedia("(pointer: coarse)").matches;
  const hidden = new Set(); // agents switched off in the legends
  const only = new Map(); // the agent shown, where a section shows one at a time

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);

  // Charts: figures come in the colours of the day; by night each is swapped for its counterpart.
  function figure(id, dark) {
    const text = JSON.stringify(data.figures[id]);
    const made = JSON.parse(dark ? text.replace(/#[0-9a-f]{6}/g, (colour) => data.night[colour] || colour) : text);
    const chosen = only.get(document.getElementById(id).closest("section").id);
    const crowded = document.querySelectorAll("#agents .card").length - hidden.size > 4;
    for (const trace of made.data) {
      if (trace.meta === undefined) continue;
      trace.visible = chosen === undefined ? !hidden.has(trace.meta) : trace.meta === chosen;
      if (crowded && trace.legendgroup === "band") trace.visible = false;
    }
    if (!coarse && made.layout.xaxis && made.layout.xaxis.fixedrange === false) made.layout.dragmode = "zoom";
    return made;
  }
  function draw(id, dark = isDark()) {
    const { data: traces, layout } = figure(id, dark);
    return Plotly.react(id, traces, layout, { displayModeBar: false, responsive: true, doubleClick: "reset" });
  }
  const drawAll = (dark) => Object.keys(data.figures).forEach((id) => draw(id, dark));

  // One chart after the other, so that the page answers from the start.
  const waiting = Object.keys(data.figures);
  function drawNext() {
    const id = waiting.shift();
    if (id === undefined) return void (root.dataset.drawn = "true");
    draw(id);
    setTimeout(drawNext, 0);
  }

  // Light and dark.
  const themeName = document.getElementById("theme-name");
  const nameTheme = () => (themeName.textContent = isDark() ? "light" : "dark");
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
    drawAll();
  });
  prefersDark.addEventListener("change", () => { nameTheme(); drawAll(); });
  let before;
  addEventListener("beforeprint", () => { before = root.dataset.theme; root.dataset.theme = "light"; drawAll(false); });
  addEventListener("afterprint", () => {
    if (before === undefined) delete root.dataset.theme; else root.dataset.theme = before;
    drawAll();
  });

  // Legends: an agent is shown or hidden in all charts that have one.
  for (const button of document.querySelectorAll(".legend button")) {
    button.addEventListener("click", () => {
      const agent = Number(button.dataset.agent);
      if (!hidden.delete(agent)) hidden.add(agent);
      document.querySelectorAll(`.legend button[data-agent="${agent}"]`)
        .forEach((each) => each.setAttribute("aria-pressed", String(!hidden.has(agent))));
      document.querySelectorAll("section:has(.legend) .chart").forEach((each) => draw(each.id));
    });
  }
  for (const select of document.querySelectorAll("select[data-section]")) {
    const section = select.dataset.section;
    only.set(section, Number(select.value));
    select.addEventListener("change", () => {
      only.set(section, Number(select.value));
      document.querySelectorAll(`#${section} .chart`).forEach((each) => draw(each.id));
    });
  }

  // The table of bets: columns of numbers, and of texts by their place in a list; only a page of rows is in the document.
  const bets = data.bets;
  const PAGE = 25;
  const fixed = (digits) => {
    const written = new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return (value) => written.format(value);
  };
  const money = fixed(2), odds = fixed(2), probability = fixed(3), tenth = fixed(1), hundredth = fixed(2);
  const signed = (write) => (value) => (value >= 0 ? "+" : "") + write(value);
  const columns = [
    { name: "match", head: "match", words: true, beneath: played },
    { name: "date", head: "date", words: true, beneath: (row) => `matchday ${bets.matchday[row]}` },
    { name: "selection", head: "selection", words: true },
    { name: "odds", head: "odds", write: odds },
    { name: "probability", head: "prob.", write: probability },
    { name: "edge", head: "edge", write: (value) => tenth(100 * value) + "%" },
    { name: "share", head: "share", write: (value) => hundredth(100 * value) + "%" },
    { name: "stake", head: "stake", write: money },
    { name: "profit", head: "profit", write: signed(money), tone: true },
    { name: "reason", head: "reason", words: true, reason: true },
  ];
  function played(row) { // who placed the bet, and in which season where there are several
    const told = ["agent", "season"].filter((name) => bets[name].of.length > 1);
    return told.map((name) => text(name, row)).join(", ");
  }
  const text = (name, row) => bets[name].of[bets[name].at[row]];
  const total = bets.odds.length;
  const lower = {};
  for (const name of ["match", "reason", "agent", "selection"]) lower[name] = bets[name].of.map((each) => each.toLowerCase());
  const ranks = {};
  function rank(name) { // the place of each text of a column in alphabetical order
    if (!ranks[name]) {
      const order = bets[name].of.map((_, place) => place);
      order.sort((a, b) => bets[name].of[a].localeCompare(bets[name].of[b], "en", { numeric: true }));
      ranks[name] = [];
      order.forEach((place, nth) => { ranks[name][place] = nth; });
    }
    return ranks[name];
  }

  const form = document.getElementById("bets-filters");
  const head = document.querySelector("#bets-table thead tr");
  const body = document.querySelector("#bets-table tbody");
  const state = { rows: [], page: 0, sort: null, down: false };

  for (const name of ["agent", "season", "selection"]) {
    const select = form.elements[name];
    bets[name].of.forEach((each, place) => select.add(new Option(each, String(place))));
    select.closest("label").hidden = bets[name].of.length < 2;
  }

  function filter() {
    const picked = ["agent", "season", "selection"]
      .filter((name) => form.elements[name].value !== "")
      .map((name) => [bets[name].at, Number(form.elements[name].value)]);
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    state.rows = [];
    for (let row = 0; row < total; row++) {
      if (!picked.every(([at, place]) => at[row] === place)) continue;
      const has = (word) => Object.keys(lower).some((name) => lower[name][bets[name].at[row]].includes(word));
      if (words.every(has)) state.rows.push(row);
    }
    sort();
  }
  function sort() {
    const column = columns.find((each) => each.name === state.sort);
    if (column) {
      const ranked = column.words && rank(column.name);
      const key = ranked ? (row) => ranked[bets[column.name].at[row]] : (row) => bets[column.name][row];
      const sign = state.down ? -1 : 1;
      state.rows.sort((a, b) => {
        const one = key(a), two = key(b);
        if (one === null || two === null) return (one === null) - (two === null) || a - b; // the unknown last
        return sign * (one - two) || a - b;
      });
    } else {
      state.rows.sort((a, b) => a - b);
    }
    state.page = 0;
    show();
  }
  function cell(column, row) {
    const made = document.createElement("td");
    if (column.words) {
      made.textContent = text(column.name, row);
      made.className = column.reason ? "reason" : "words";
      const beneath = column.beneath && column.beneath(row);
      if (beneath) made.append(Object.assign(document.createElement("small"), { textContent: beneath }));
      if (column.reason && bets.forced[row]) made.textContent = ("forced by the rules. " + made.textContent).trim();
      return made;
    }
    const value = bets[column.name][row];
    made.textContent = value === null ? "–" : column.write(value);
    if (column.tone && value) made.className = value > 0 ? "good" : "bad";
    return made;
  }
  function show() {
    const n = state.rows.length, pages = Math.max(Math.ceil(n / PAGE), 1), first = state.page * PAGE;
    const rows = state.rows.slice(first, first + PAGE).map((row) => {
      const made = document.createElement("tr");
      made.append(...columns.map((column) => cell(column, row)));
      return made;
    });
    body.replaceChildren(...rows);
    const number = fixed(0);
    document.getElementById("bets-count").textContent = `${number(n)} of ${number(total)} bets`;
    document.getElementById("bets-page").textContent = n ? `${number(first + 1)} to ${number(first + rows.length)}` : "none";
    document.getElementById("bets-before").disabled = state.page === 0;
    document.getElementById("bets-after").disabled = state.page >= pages - 1;
    for (const th of head.children) {
      if (th.dataset.name === state.sort) th.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
  }
  for (const column of columns) {
    const th = document.createElement("th"), button = document.createElement("button");
    th.scope = "col";
    th.dataset.name = column.name;
    if (column.words) th.className = "words";
    button.type = "button";
    button.textContent = column.head;
    button.addEventListener("click", () => {
      if (state.sort !== column.name) [state.sort, state.down] = [column.name, !column.words];
      else if (state.down !== !column.words) state.sort = null; // the third time: as they were placed
      else state.down = !state.down;
      sort();
    });
    th.append(button);
    head.append(th);
  }
  const turn = (by) => () => { state.page += by; show(); };
  document.getElementById("bets-before").addEventListener("click", turn(-1));
  document.getElementById("bets-after").addEventListener("click", turn(1));
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());

  nameTheme();
  filter();
  drawNext();
})();
