/*
 * The organization's tokens on the page "Qwiet token audit": asks the server for one page of rows at a time, and shows them.
 * What people wrote only ever becomes text of a node. Words that readers see come from data attributes of the Jelly page.
 */
(function () {
  "use strict";

  const WAIT_WHILE_TYPING = 250;

  function begin(root) {
    const search = root.querySelector("[data-qwiet=search]");
    const view = root.querySelector("[data-qwiet=view]");
    const size = root.querySelector("[data-qwiet=size]");
    const body = root.querySelector("tbody");
    const status = root.querySelector("[data-qwiet=status]");
    const previous = root.querySelector("[data-qwiet=previous]");
    const next = root.querySelector("[data-qwiet=next]");
    const heads = Array.prototype.slice.call(root.querySelectorAll("th[data-sort]"));
    const words = root.dataset;
    const state = { sort: "LABEL", order: "asc", offset: 0, asked: 0, timer: null };

    function limit() {
      return Number(size.value) || 50;
    }

    function ask() {
      const number = ++state.asked;
      const query =
        "?text=" + encodeURIComponent(search.value) +
        "&view=" + encodeURIComponent(view.value) +
        "&sort=" + encodeURIComponent(state.sort) +
        "&order=" + state.order +
        "&offset=" + state.offset +
        "&limit=" + limit();
      const request = new XMLHttpRequest();
      request.open("GET", words.rows + query);
      request.setRequestHeader("Accept", "application/json");
      root.setAttribute("aria-busy", "true");
      request.onload = function () {
        if (number === state.asked) {
          root.setAttribute("aria-busy", "false");
          answer(request);
        }
      };
      request.onerror = function () {
        if (number === state.asked) {
          root.setAttribute("aria-busy", "false");
          status.textContent = words.textFailed;
        }
      };
      request.send();
    }

    function answer(request) {
      let page = null;
      if (request.status === 200) {
        try {
          page = JSON.parse(request.responseText);
        } catch (e) {
          page = null;
        }
      }
      if (page === null) {
        status.textContent = words.textFailed;
        return;
      }
      if (page.rows.length === 0 && page.matching > 0 && state.offset > 0) {
        state.offset = Math.floor((page.matching - 1) / limit()) * limit();
        ask();
        return;
      }
      body.textContent = "";
      page.rows.forEach(function (row) {
        body.appendChild(line(row));
      });
      const last = page.offset + page.rows.length;
      status.textContent =
        page.matching === 0
          ? words.textNone
          : words.textShowing
              .replace("{0}", String(page.offset + 1))
              .replace("{1}", String(last))
              .replace("{2}", String(page.matching));
      enable(previous, page.offset > 0);
      enable(next, last < page.matching);
    }

    /* A button that has the focus keeps it: a disabled one would lose it to the top of the page. */
    function enable(button, enabled) {
      button.setAttribute("aria-disabled", enabled ? "false" : "true");
      button.classList.toggle("qwiet-off", !enabled);
    }

    function step(button, rows) {
      button.addEventListener("click", function () {
        if (button.getAttribute("aria-disabled") !== "true") {
          state.offset = Math.max(0, state.offset + rows * limit());
          ask();
        }
      });
    }

    function again() {
      state.offset = 0;
      ask();
    }

    function sortBy(head) {
      state.order = state.sort === head.dataset.sort && state.order === "asc" ? "desc" : "asc";
      state.sort = head.dataset.sort;
      heads.forEach(function (other) {
        if (other === head) {
          other.setAttribute("aria-sort", state.order === "asc" ? "ascending" : "descending");
        } else {
          other.removeAttribute("aria-sort");
        }
      });
      again();
    }

    search.addEventListener("input", function () {
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(again, WAIT_WHILE_TYPING);
    });
    view.addEventListener("change", again);
    size.addEventListener("change", again);
    heads.forEach(function (head) {
      head.querySelector("button").addEventListener("click", function () {
        sortBy(head);
      });
    });
    step(previous, -1);
    step(next, 1);
    ask();
  }

  /* The server sends texts that are ready to be read, and an address only if it is one of this Jenkins. */
  function line(row) {
    const tr = document.createElement("tr");
    const label = cell(tr, "qwiet-text");
    label.setAttribute("role", "rowheader");
    label.appendChild(isolated(row.label));
    if (row.description) {
      label.appendChild(aside(row.description));
    }
    cell(tr, "qwiet-id").appendChild(code(row.id));
    const badges = cell(tr, "qwiet-badges");
    row.badges.forEach(function (badge) {
      const span = document.createElement("span");
      span.className = badge.style;
      span.textContent = badge.text;
      badges.appendChild(span);
      badges.appendChild(document.createTextNode(" "));
    });
    const expires = cell(tr, "");
    if (row.expiresAt) {
      const time = document.createElement("time");
      time.dateTime = row.expiresAt;
      time.textContent = row.expires;
      expires.appendChild(time);
    } else {
      expires.textContent = row.expires;
    }
    const made = cell(tr, "qwiet-text");
    made.appendChild(document.createTextNode(row.madeBy));
    if (row.href) {
      const link = document.createElement("a");
      link.href = row.href;
      link.appendChild(isolated(row.build));
      const block = document.createElement("div");
      block.appendChild(link);
      made.appendChild(block);
    } else if (row.build) {
      made.appendChild(aside(row.build));
    }
    return tr;
  }

  function cell(tr, className) {
    const td = document.createElement("td");
    td.className = className;
    tr.appendChild(td);
    return td;
  }

  function isolated(text) {
    const bdi = document.createElement("bdi");
    bdi.textContent = text;
    return bdi;
  }

  function aside(text) {
    const block = document.createElement("div");
    block.className = "jenkins-!-text-color-secondary";
    block.appendChild(isolated(text));
    return block;
  }

  function code(text) {
    const element = document.createElement("code");
    element.textContent = text;
    return element;
  }

  function all() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-qwiet=list]"), begin);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", all);
  } else {
    all();
  }
})();
