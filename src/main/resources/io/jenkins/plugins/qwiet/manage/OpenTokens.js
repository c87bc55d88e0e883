/*
 * The page of open tokens. What people wrote only ever becomes text of a dialog; words that readers see come from data
 * attributes of the Jelly page.
 */
(function () {
  "use strict";

  /* A form that only asks has nothing to prove, and what it sends stands in the address: no crumb, no structure. */
  document.addEventListener(
    "submit",
    function (event) {
      const form = event.target;
      if (form.method.toLowerCase() === "get" && form.classList.contains("no-json")) {
        Array.prototype.forEach.call(form.querySelectorAll("input[type=hidden]"), function (input) {
          if (!input.dataset.qwiet) {
            input.disabled = true;
          }
        });
      }
    },
    true
  );

  const PAUSE = 2000;

  /* As the server wrote them the last time. */
  const shown = {};

  /* What somebody stands on is what stands in its place on a newer page. */
  function sameAs(element, place) {
    const marks = ["data-qwiet-row", "data-url", "href", "action", "aria-label"];
    for (const mark of marks) {
      const value = element.getAttribute(mark);
      if (value && value !== "#") {
        return Array.prototype.find.call(place.querySelectorAll("[" + mark + "]"), function (each) {
          return each.getAttribute(mark) === value;
        });
      }
    }
    return undefined;
  }

  /* Shows what is new in a part of the page; focus and scrolled tables stay where they are. */
  function update(part, news) {
    const written = new XMLSerializer().serializeToString(news);
    if (shown[part.dataset.qwietPart] === written) {
      return;
    }
    shown[part.dataset.qwietPart] = written;
    const held = part.contains(document.activeElement) ? document.activeElement : null;
    const place = actsOnOne().indexOf(held);
    const scrolled = Array.prototype.map.call(part.querySelectorAll(".qwiet-open-scroll"), function (table) {
      return table.scrollLeft;
    });
    while (part.firstChild) {
      part.removeChild(part.firstChild);
    }
    Array.prototype.forEach.call(news.childNodes, function (node) {
      part.appendChild(document.importNode(node, true));
    });
    if (typeof Behaviour !== "undefined") {
      Behaviour.applySubtree(part, true);
    }
    Array.prototype.forEach.call(part.querySelectorAll(".qwiet-open-scroll"), function (table, index) {
      table.scrollLeft = scrolled[index] || 0;
    });
    if (held) {
      const next = sameAs(held, part) || actAt(place) || part.querySelector(".qwiet-open-scroll") || part;
      next.focus({ preventScroll: true });
    }
  }

  /* The parts that tell of tokens and acts are taken from a newer page; what somebody types is in none of them. */
  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const parts = document.querySelectorAll("[data-qwiet-part]");
    const news = Array.prototype.map.call(parts, function (part) {
      return page.querySelector("[data-qwiet-part=" + part.dataset.qwietPart + "]");
    });
    /* That of a login has none of them, and tells nothing. */
    if (news.indexOf(null) < 0) {
      Array.prototype.forEach.call(parts, function (part, index) {
        update(part, news[index]);
      });
    }
  }

  /* The acts of which this page says that they go on, and those of which it says what became of them. */
  function acts(goOn) {
    const selector = ".qwiet-notice[data-act]" + (goOn ? "[data-goes-on]" : ":not([data-goes-on])");
    return Array.prototype.map.call(document.querySelectorAll(selector), function (notice) {
      return (goOn ? "awaited=" : "shown=") + encodeURIComponent(notice.dataset.act);
    });
  }

  /* What goes on in the background is looked at again, unless somebody is asked something. */
  function follow() {
    window.setTimeout(function () {
      if (document.querySelector("dialog[open]")) {
        follow();
        return;
      }
      const request = new XMLHttpRequest();
      const query = acts(true).concat(acts(false));
      request.open("GET", window.location.pathname + (window.location.search || "?") + "&" + query.join("&"));
      request.onload = function () {
        if (request.status === 200) {
          show(request.responseText);
        }
        begin();
      };
      request.onerror = follow;
      request.send();
    }, PAUSE);
  }

  function begin() {
    if (acts(true).length > 0) {
      follow();
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }

  /* Whoever came by keyboard goes on from there: when the dialog is gone, since nothing behind it takes the focus before. */
  function backTo(link) {
    if (document.querySelector("dialog[open]")) {
      window.setTimeout(backTo, 50, link);
      return;
    }
    const now = document.contains(link) ? link : sameAs(link, document);
    if (now) {
      now.focus();
    }
  }

  const LEFT_AT = "qwiet-left-at";
  const LIST = "[data-qwiet-part][tabindex]";

  /* The acts on one token each, in the order of the list. */
  function actsOnOne() {
    return Array.prototype.slice.call(document.querySelectorAll("a.confirmation-link[data-qwiet-one]"));
  }

  /* What stands there now, or the last one; nothing for what is in no place of the list. */
  function actAt(place) {
    const all = actsOnOne();
    return place < 0 ? undefined : all[Math.min(place, all.length - 1)];
  }

  /*
   * An act is answered by a new page: there, too, whoever came by keyboard goes on where the act was. Never at an act on many
   * tokens, which would come next where its neighbours are gone.
   */
  function leave(link) {
    leaveFor(actsOnOne().indexOf(link));
  }

  /* A number: an act of the list; else what is to have the focus there. */
  function leaveFor(place) {
    window.sessionStorage.setItem(LEFT_AT, window.location.pathname + "#" + place);
  }

  function comeBack() {
    const left = (window.sessionStorage.getItem(LEFT_AT) || "").split("#");
    window.sessionStorage.removeItem(LEFT_AT);
    if (left[0] === window.location.pathname) {
      const place = Number(left[1]);
      const next = Number.isNaN(place) ? document.querySelector(left[1]) : actAt(place);
      (next || document.querySelector(LIST) || document.body).focus();
    }
  }

  /* Another page of the list, another order and a search are new pages too. */
  document.addEventListener("click", function (event) {
    const link = event.target.closest ? event.target.closest(".qwiet-open-sort, .qwiet-open-paging a") : null;
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
      leaveFor(link.dataset.qwietSort ? "[data-qwiet-sort=" + link.dataset.qwietSort + "]" : LIST);
    }
  });
  document.addEventListener("submit", function (event) {
    if (event.target.classList.contains("qwiet-open-filter")) {
      leaveFor(LIST);
    }
  });

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", comeBack);
  } else {
    comeBack();
  }

  /* Jenkins' dialog takes each Enter in it for its own button, whichever has the focus. */
  document.addEventListener(
    "keydown",
    function (event) {
      const cancel = event.target.closest ? event.target.closest("dialog [data-id=cancel]") : null;
      if (cancel && event.key === "Enter") {
        event.preventDefault();
        event.stopPropagation();
        cancel.click();
      }
    },
    true
  );

  /* Jenkins' own dialog, whose button says what it does; older versions of Jenkins take no text for it from the link. */
  document.addEventListener(
    "click",
    function (event) {
      const link = event.target.closest ? event.target.closest("a.confirmation-link[data-ok-text]") : null;
      if (!link || typeof dialog === "undefined") {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      dialog
        .confirm(link.dataset.title, {
          message: link.dataset.message,
          type: link.dataset.destructive === "true" ? "destructive" : "default",
          okText: link.dataset.okText,
        })
        .then(
          function () {
            const form = document.createElement("form");
            form.method = "post";
            form.action = link.dataset.url;
            crumb.appendToForm(form);
            leave(link);
            document.body.appendChild(form);
            form.submit();
          },
          function () {
            backTo(link);
          }
        );
    },
    true
  );

  /* What is read out as a button can be pressed as one. */
  document.addEventListener("keydown", function (event) {
    const link = event.target.closest ? event.target.closest("a.confirmation-link[data-ok-text]") : null;
    if (link && event.key === " ") {
      event.preventDefault();
      link.click();
    }
  });
})();
