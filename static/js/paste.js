// Text from Word, WPS or WeChat: paragraphs stay; styles, comments and hidden text go.
(() => {
  "use strict";
  const BLOCKS = "P DIV LI H1 H2 H3 H4 H5 H6 TR BLOCKQUOTE SECTION ARTICLE PRE".split(" ");
  const DROPPED = "script, head, title, meta, link, del, [class^='MsoComment'], [data-look*='mso-element:comment'], [data-look*='display:none'], [data-look*='display: none'], [data-look*='mso-hide:all']";

  const textOf = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[\r\n\t ]+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (node.tagName === "BR") return "\n";
    const inner = Array.from(node.childNodes, textOf).join("");
    if (node.tagName === "TD" || node.tagName === "TH") return `${inner.trim()}\t`;
    return BLOCKS.includes(node.tagName) ? `\n${inner.trim()}\n` : inner;
  };
  const tidy = (text) => text
    .replace(/\r\n?|\v/g, "\n")
    .replace(/\u00a0/g, " ")
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\u00ad\u0000-\u0008\u000e-\u001f]/g, "")
    .replace(/[ \t]+$/gm, "");

  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches("textarea") || !event.clipboardData) return;
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    let text = tidy(plain);
    // Only an office program hides comments and deleted words in what it copies.
    if (html && (!plain || /mso-|class="?Mso|urn:schemas-microsoft-com/i.test(html))) {
      // Parsed styles would each be reported against the content policy, though never applied.
      const harmless = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=/gi, " data-look=");
      const page = new DOMParser().parseFromString(harmless, "text/html");
      page.querySelectorAll(DROPPED).forEach((node) => node.remove());
      text = tidy(textOf(page.body)).replace(/\n{2,}/g, "\n").replace(/^\n+|\n+$/g, "");
    }
    if (!text || text === plain) return;
    event.preventDefault();
    // insertText keeps the browser's undo; it is the only call that does.
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
})();
