/*
 * The organization's tokens on the page "Qwiet token audit": asks the server for one page of rows at a time, and shows them.
 * What is looked for stands in the address, so that a reload, a link and the way back show the same.
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
    const previous = all(root, "[data-qwiet=previous]");
    const next = all(root, "[data-qwiet=next]");
    const exports = all(document, "a[data-qwiet=export]");
    const heads = all(root, "th[data-sort]");
    const words = root.dataset;
    const state = { sort: "LABEL", order: "asc", offset: 0, asked: 0, timer: null, typing: false };

    function limit() {
      return Number(size.value) || 50;
    }

    /* What is looked for; what is not said is the default, so that an address stays short. */
    function filter() {
      return parameters([
        ["q", search.value.trim(), ""],
        ["view", view.value, "ALL"],
        ["sort", state.sort, "LABEL"],
        ["order", state.order, "asc"],
      ]);
    }

    function query() {
      return filter().concat(
        parameters([
          ["offset", String(state.offset), "0"],
          ["limit", String(limit()), "50"],
        ])
      );
    }

    function address() {
      return window.location.pathname + question(query()) + window.location.hash;
    }

    /* Takes over what the address asks for: after a reload, from a link, or on the way back. */
    function read() {
      const asked = new URLSearchParams(window.location.search);
      search.value = asked.get("q") || "";
      choose(view, asked.get("view"), "ALL");
      choose(size, asked.get("limit"), "50");
      const sorts = heads.map(function (head) {
        return head.dataset.sort;
      });
      state.sort = sorts.indexOf(asked.get("sort")) < 0 ? "LABEL" : asked.get("sort");
      state.order = asked.get("order") === "desc" ? "desc" : "asc";
      state.offset = Math.max(0, Number.parseInt(asked.get("offset"), 10) || 0);
    }

    /* Each look at the list is a step back for the browser; what is typed is one step, however long. */
    function show(typed) {
      if (address() !== window.location.pathname + window.location.search + window.location.hash) {
        const step = typed && state.typing ? "replaceState" : "pushState";
        window.history[step](null, "", address());
      }
      state.typing = typed;
      ask();
    }

    function ask() {
      const number = ++state.asked;
      exports.forEach(function (link) {
        link.href = link.getAttribute("href").split("?")[0] + question(filter());
      });
      heads.forEach(function (head) {
        if (head.dataset.sort === state.sort) {
          head.setAttribute("aria-sort", state.order === "asc" ? "ascending" : "descending");
        } else {
          head.removeAttribute("aria-sort");
        }
      });
      const request = new XMLHttpRequest();
      request.open("GET", words.rows + question(query()));
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
        window.history.replaceState(null, "", address());
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
    function enable(buttons, enabled) {
      buttons.forEach(function (button) {
        button.setAttribute("aria-disabled", enabled ? "false" : "true");
        button.classList.toggle("qwiet-off", !enabled);
      });
    }

    function step(buttons, rows) {
      buttons.forEach(function (button) {
        button.addEventListener("click", function () {
          if (button.getAttribute("aria-disabled") !== "true") {
            state.offset = Math.max(0, state.offset + rows * limit());
            show(false);
          }
        });
      });
    }

    function again(typed) {
      state.offset = 0;
      show(typed);
    }

    function sortBy(head) {
      state.order = state.sort === head.dataset.sort && state.order === "asc" ? "desc" : "asc";
      state.sort = head.dataset.sort;
      again(false);
    }

    search.addEventListener("input", function () {
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(function () {
        again(true);
      }, WAIT_WHILE_TYPING);
    });
    [view, size].forEach(function (select) {
      select.addEventListener("change", function () {
        again(false);
      });
    });
    window.addEventListener("popstate", function () {
      window.clearTimeout(state.timer);
      state.typing = false;
      read();
      ask();
    });
    heads.forEach(function (head) {
      head.querySelector("button").addEventListener("click", function () {
        sortBy(head);
      });
    });
    step(previous, -1);
    step(next, 1);
    read();
    ask();
  }

  /* Those that differ from their default, as the query of an address has them. */
  function parameters(triples) {
    return triples
      .filter(function (triple) {
        return triple[1] !== triple[2];
      })
      .map(function (triple) {
        return triple[0] + "=" + encodeURIComponent(triple[1]);
      });
  }

  function question(some) {
    return some.length === 0 ? "" : "?" + some.join("&");
  }

  function choose(select, value, otherwise) {
    const known = Array.prototype.some.call(select.options, function (option) {
      return option.value === value;
    });
    select.value = known ? value : otherwise;
  }

  function all(root, selector) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
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
    block.className = "qwiet-aside";
    block.appendChild(isolated(text));
    return block;
  }

  function code(text) {
    const element = document.createElement("code");
    element.textContent = text;
    return element;
  }

  function beginAll() {
    all(document, "[data-qwiet=list]").forEach(begin);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", beginAll);
  } else {
    beginAll();
  }
})();
