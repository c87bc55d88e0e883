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

  /* What goes on in the background is looked at again, unless somebody is about to do something else. */
  function follow() {
    window.setTimeout(function () {
      const busy = document.querySelector("dialog[open], input:focus, select:focus");
      if (busy) {
        follow();
      } else {
        window.location.reload();
      }
    }, 2000);
  }

  function begin() {
    if (document.querySelector("#qwiet-notice[data-goes-on]")) {
      follow();
    }
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }

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
            document.body.appendChild(form);
            form.submit();
          },
          function () {
            /* Whoever came by keyboard goes on from there. */
            link.focus();
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
