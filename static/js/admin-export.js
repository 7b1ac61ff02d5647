// "Select all" of the export form; the library's own way is an inline handler, which the policy forbids.
document.addEventListener("change", (event) => {
  if (!event.target.matches(".select-toggle")) return;
  for (const box of document.querySelectorAll(".selectable-field-export-row input[type=checkbox]")) {
    box.checked = event.target.checked;
  }
});
