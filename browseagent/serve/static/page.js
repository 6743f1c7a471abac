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
