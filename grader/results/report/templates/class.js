"use strict";
// Sorts and searches the tables of the class page and draws the heat map. Text is only ever set as text.
(() => {
  const data = JSON.parse(document.getElementById("heat-data").textContent);
  const ROW = 20, SPARE = 12;
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const pageOf = (shown, id) => "students/" + encodeURIComponent(id || shown) + "/feedback.html";
  const collator = new Intl.Collator(undefined, {numeric: true});
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);

  // --- tables -----------------------------------------------------------------------------

  const valueOf = (row, column) => {
    const cell = row.cells[column], value = cell.dataset.v ?? cell.textContent.trim();
    return value !== "" && !isNaN(value) ? Number(value) : value;
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", "", head.textContent);
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach(one => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map(row => [valueOf(row, column), row]);
        rows.sort((a, b) => up ? compare(a[0], b[0]) : compare(b[0], a[0]));
        body.append(...rows.map(pair => pair[1]));
      });
    });
  }

  // --- heat map ---------------------------------------------------------------------------

  const section = document.getElementById("heat-section"), box = document.getElementById("heat-box");
  const table = document.getElementById("heat"), said = document.getElementById("heat-said");
  const search = document.getElementById("search"), sort = document.getElementById("heat-sort");
  const turn = document.getElementById("heat-turn"), count = document.getElementById("found");
  const body = table.tBodies[0], tableRows = [...document.querySelectorAll("#students tbody tr")];
  const rank = {P: 0, R: 1, F: 2, E: 3, T: 4, M: 5, C: 6, S: 7, N: 8, K: 9, " ": 10};
  let order = data.students.map((_, place) => place), first = -1, last = -1;

  const head = () => {
    const groups = make("tr");
    groups.append(make("th", "who", "Student"), make("th", "points", "Score"));
    for (const id of data.exercises) {
      const cell = make("th", "", id);
      cell.colSpan = data.columns.filter(column => column[0] === id).length;
      cell.dataset.sort = "e" + data.exercises.indexOf(id);
      groups.append(cell);
    }
    const checks = make("tr");
    checks.append(make("th"), make("th"));
    data.columns.forEach((column, place) => {
      const cell = make("th", place && data.columns[place - 1][0] !== column[0] ? "edge" : "", column[1].split(".").pop());
      cell.title = column[1] + " " + column[2];
      cell.dataset.sort = "c" + place;
      checks.append(cell);
    });
    groups.cells[0].dataset.sort = "name";
    groups.cells[1].dataset.sort = "score";
    table.tHead.replaceChildren(groups, checks);
  };
  const drawRow = (place, index) => {
    const [shown, id, score, letters] = data.students[place], row = make("tr");
    row.setAttribute("aria-rowindex", index + 3);
    const who = make("th", "who"), link = make("a", "", shown);
    who.scope = "row";
    link.href = pageOf(shown, id);
    who.append(link);
    row.append(who, make("td", "points", score));
    [...letters].forEach((letter, column) => {
      const [name, mark] = data.statuses[letter] ?? ["", ""];
      const edge = column && data.columns[column - 1][0] !== data.columns[column][0] ? " edge" : "";
      row.append(make("td", name + edge, letter === "P" ? "" : mark));
    });
    return row;
  };
  const spacer = rows => {
    const row = make("tr", "spacer"), cell = make("td");
    cell.colSpan = data.columns.length + 2;
    row.style.height = rows * ROW + "px";
    row.setAttribute("aria-hidden", "true");
    row.append(cell);
    return row;
  };
  const draw = (everything = false) => {
    const height = box.clientHeight || 500;
    let from = Math.max(0, Math.floor(box.scrollTop / ROW) - SPARE);
    let to = Math.min(order.length, from + Math.ceil(height / ROW) + 2 * SPARE);
    if (everything) [from, to] = [0, order.length];
    if (from === first && to === last) return;
    [first, last] = [from, to];
    body.replaceChildren(spacer(from), ...order.slice(from, to).map((place, i) => drawRow(place, from + i)),
      spacer(order.length - to));
  };
  const redraw = () => { first = -1; box.scrollTop = 0; table.setAttribute("aria-rowcount", order.length + 2); draw(); };
  const keyOf = key => {
    const place = Number(key.slice(1));
    if (key === "name") return student => student[0];
    if (key === "score") return student => student[2];
    return key[0] === "e" ? student => student[4][place] : student => rank[student[3][place]];
  };
  const arrange = () => {
    const words = search.value.trim().toLocaleLowerCase();
    const fits = data.students.map(student => !words || student[0].toLocaleLowerCase().includes(words));
    const key = keyOf(sort.value), down = turn.getAttribute("aria-pressed") === "true";
    const keys = data.students.map(key);
    order = data.students.map((_, place) => place).filter(place => fits[place]);
    order.sort((a, b) => (down ? compare(keys[b], keys[a]) : compare(keys[a], keys[b])) || a - b);
    for (const row of tableRows) row.hidden = !fits[row.dataset.place];
    count.textContent = words ? `${order.length} of ${data.students.length} students` : "";
    redraw();
  };

  if (!data.students.length) return;
  const option = (value, text) => { const one = make("option", "", text); one.value = value; return one; };
  sort.append(option("name", "name"), option("score", "score"));
  data.exercises.forEach((id, place) => sort.append(option("e" + place, "points in " + id)));
  data.columns.forEach((column, place) => sort.append(option("c" + place, column[1] + " " + column[2])));
  head();
  section.hidden = false;
  let waiting = false;
  box.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  });
  search.addEventListener("input", arrange);
  sort.addEventListener("change", arrange);
  turn.addEventListener("click", () => {
    turn.setAttribute("aria-pressed", turn.getAttribute("aria-pressed") !== "true");
    arrange();
  });
  table.tHead.addEventListener("click", event => {
    const key = event.target.dataset.sort;
    if (!key) return;
    const again = sort.value === key && turn.getAttribute("aria-pressed") !== "true";
    turn.setAttribute("aria-pressed", again);
    sort.value = key;
    arrange();
  });
  table.addEventListener("mouseover", event => {
    const cell = event.target.closest("td"), row = event.target.closest("tr");
    if (!cell || !row || row.parentElement !== body || cell.cellIndex < 2) return;
    const place = order[row.getAttribute("aria-rowindex") - 3], column = data.columns[cell.cellIndex - 2];
    const status = data.statuses[data.students[place][3][cell.cellIndex - 2]];
    said.textContent = `${data.students[place][0]}: ${column[1]} ${column[2]}: ${status ? status[2] : "not graded"}`;
  });
  // The same for those who walk through the map with the keyboard, in one line for each student.
  table.addEventListener("focusin", event => {
    const row = event.target.closest("tbody tr");
    if (!row) return;
    const [shown, , score, letters] = data.students[order[row.getAttribute("aria-rowindex") - 3]];
    const open = [...letters].flatMap((letter, place) => "PN ".includes(letter) ? [] : [data.columns[place][1]]);
    said.textContent = `${shown}: ${score} points; tried and not passed: ${open.join(" ") || "nothing"}`;
  });
  addEventListener("resize", () => draw());
  // On paper all of a small class, and of a large one what was on the screen.
  addEventListener("beforeprint", () => { if (order.length <= 300) { first = -1; draw(true); } });
  addEventListener("afterprint", redraw);
  arrange();
})();
