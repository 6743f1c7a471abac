// What the pages do better with scripts; all of it works without.
"use strict";

/** Sends a form for a stream of events, tells each step, and goes to the answer. */
async function ask(form) {
  const status = form.querySelector("[data-status]");
  const button = form.querySelector("button[type=submit]");
  const failed = (message) => {
    status.textContent = message;
    status.classList.add("bad");
    button.disabled = false;
  };
  button.disabled = true;
  status.classList.remove("bad");
  status.textContent = "Asking…";
  let reply;
  try {
    reply = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "text/event-stream" },
      body: new URLSearchParams(new FormData(form)),
    });
  } catch {
    return failed("The server does not answer.");
  }
  if (!reply.ok || !(reply.headers.get("content-type") || "").startsWith("text/event-stream")) {
    const said = await reply.json().catch(() => null);
    return failed(said && said.error ? `${said.error.message}. ${said.error.hint}` : `It failed (${reply.status}).`);
  }
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return failed("The server broke off.");
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const each of events) {
      const name = (each.match(/^event: (.*)$/m) || [])[1];
      const data = (each.match(/^data: (.*)$/m) || [])[1];
      if (!name) continue;
      const said = JSON.parse(data);
      if (name === "progress") status.textContent = said.message;
      else if (name === "error") return failed(`${said.error.message}. ${said.error.hint}`);
      else return location.assign(said.location);
    }
  }
}

for (const form of document.querySelectorAll("form[data-stream]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}

// The page beside an answer begins at its first mark.
const paper = document.querySelector("[data-paper]");
const first = paper && paper.querySelector("mark");
if (first && !location.hash) {
  paper.scrollTop += first.getBoundingClientRect().top - paper.getBoundingClientRect().top - paper.clientHeight / 3;
}

// Pointing at a part of a page writes its selector into the form.
const parts = document.querySelector("[data-parts]");

/** Takes a part for what is to be watched; nothing is sent. */
function pick(button) {
  for (const each of parts.querySelectorAll(".chosen")) each.classList.remove("chosen");
  for (const each of parts.querySelectorAll("[aria-pressed]")) each.removeAttribute("aria-pressed");
  button.parentElement.classList.add("chosen");
  button.setAttribute("aria-pressed", "true");
  const field = document.querySelector("#select");
  field.value = button.value;
  field.closest("details").open = true;
  document.querySelector("[data-picked]").textContent = `Only ${button.value} is watched. “Try it” shows what it says.`;
}

if (parts) {
  const buttons = [...parts.querySelectorAll(".pick")];
  const partOf = (target) => target.closest && target.closest(".part");
  let current = buttons.find((each) => each.hasAttribute("aria-pressed")) || buttons[0];
  const go = (button) => {
    if (current) current.tabIndex = -1;
    current = button;
    current.tabIndex = 0;
  };
  parts.classList.add("live");
  document.querySelector("[data-with]").hidden = false;
  document.querySelector("[data-without]").hidden = true;
  for (const each of buttons) each.tabIndex = -1;
  if (current) go(current);
  parts.addEventListener("click", (event) => {
    const part = partOf(event.target);
    if (!part) return;
    event.preventDefault();
    const button = part.querySelector(".pick");
    go(button);
    pick(button);
  });
  const under = document.querySelector("[data-under]");
  const light = (part) => {
    for (const each of parts.querySelectorAll(".lit")) each.classList.remove("lit");
    if (part) part.classList.add("lit");
    under.textContent = part ? part.querySelector(".pick").value : "";
  };
  parts.addEventListener("mouseover", (event) => light(partOf(event.target)));
  parts.addEventListener("mouseleave", () => light(null));
  parts.addEventListener("focusin", (event) => light(partOf(event.target)));
  parts.addEventListener("focusout", () => light(null));
  parts.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(current);
    const around = current && current.parentElement.parentElement.closest(".part");
    const to = {
      ArrowDown: buttons[at + 1], ArrowRight: buttons[at + 1], ArrowUp: buttons[at - 1],
      ArrowLeft: around && around.querySelector(".pick"), Home: buttons[0], End: buttons[buttons.length - 1],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    go(to);
    to.focus();
    to.parentElement.scrollIntoView({ block: "nearest" });
  });
}
