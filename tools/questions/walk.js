// The lines of a rendered page with marks of their structure. `offered`: names of what a click opens.
// `lenient`: of a page that shows itself only when its scripts have run, what it hides and what stands in noscript.
({ offered, lenient }) => {
  const never = new Set(["SCRIPT", "STYLE", lenient ? "" : "NOSCRIPT", "TEMPLATE", "HEAD", "IFRAME", "OBJECT", "SVG", "CANVAS",
    "AUDIO", "VIDEO", "TEXTAREA", "DATALIST"]);
  const opens = new RegExp(offered, "i");
  const lines = [];
  let words = "", linked = 0, prefix = "", clicked = 0;
  const flush = () => {
    const text = words.replace(/\s+/g, " ").trim();
    if (text) {
      const bare = text.replace(/\s/g, "").length;
      lines.push({ text: (clicked ? "» " : "") + prefix + text, link: linked >= bare });
      prefix = "";
    }
    words = "";
    linked = 0;
  };
  const isOffered = (element) => element.getAttribute("role") === "tabpanel"
    || opens.test(`${element.getAttribute("class") || ""} ${element.id || ""}`);
  const flat = (element) => {
    const outside = [words, linked, prefix, lines.length];
    words = ""; linked = 0; prefix = "";
    walkChildren(element, false);
    flush();
    const text = lines.splice(outside[3]).map((line) => line.text).join(" / ");
    [words, linked, prefix] = outside;
    return text;
  };
  const walkChildren = (element, inLink) => {
    const nodes = element.shadowRoot ? element.shadowRoot.childNodes
      : element.tagName === "SLOT" && element.assignedNodes().length ? element.assignedNodes() : element.childNodes;
    for (const node of nodes) walk(node, inLink);
  };
  const walk = (node, inLink) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const style = getComputedStyle(node.parentElement || document.body);
      if (!lenient && !clicked && style.visibility !== "visible") return;
      node.data.split(/^(?:pre|break)/.test(style.whiteSpace) ? "\n" : /$^/).forEach((piece, number) => {
        if (number) flush();
        words += piece;
        if (inLink) linked += piece.replace(/\s/g, "").length;
      });
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || never.has(node.tagName.toUpperCase())) return;
    const style = getComputedStyle(node);
    const streamed = node.hidden && node.id.startsWith("S:");
    const gone = !lenient && !streamed && (style.display === "none" || style.visibility === "hidden");
    if (gone && style.display === "none" && !isOffered(node)) return;
    const click = gone && isOffered(node) ? 1 : 0;
    const tag = node.tagName;
    if (tag === "BR" || tag === "HR") return flush();
    if (tag === "IMG") {
      if (node.alt && node.alt.trim()) { words += ` [picture: ${node.alt.trim().slice(0, 200)}] `; linked += inLink ? node.alt.length + 10 : 0; }
      return;
    }
    if (tag === "SELECT") {
      flush();
      const options = [...node.options].map((option) => option.text.trim()).filter(Boolean);
      words = options.length ? `[choice: ${options.slice(0, 60).join("; ")}]` : "";
      return flush();
    }
    if (style.display === "table-row" && !node.querySelector("table, h1, h2, h3")) {
      const cells = [...node.children].map(flat);
      if (cells.join("").length < 800) {
        flush();
        clicked += click;
        words = `| ${cells.join(" | ")} |`;
        flush();
        clicked -= click;
        return;
      }
    }
    const inline = /^(inline|contents|ruby)/.test(style.display);
    const apart = !inline || /^inline-(block|flex|grid|table)/.test(style.display);
    clicked += click;
    if (!inline) flush(); else if (apart) words += " ";
    if (/^H[1-6]$/.test(tag)) prefix = `${"#".repeat(Number(tag[1]))} `;
    else if (tag === "LI") { flush(); prefix = "- "; }
    walkChildren(node, inLink || tag === "A");
    if (!inline) flush(); else if (apart) words += " ";
    clicked -= click;
  };
  if (document.body) walk(document.body, false);
  flush();
  return lines;
}
