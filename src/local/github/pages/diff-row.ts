// One line of a diff as a table row.

import type { Row } from "./diff.ts";
import { html, type Html } from "./html.ts";

const signs = { added: "+", removed: "−", context: " " } as const;

export function diffRow(row: Row): Html {
  if (row.kind === "hunk" || row.kind === "note")
    return html`<tr class="${row.kind}">
      <td class="number"></td>
      <td class="number"></td>
      <td class="line">${row.text}</td>
    </tr>`;
  return html`<tr class="${row.kind}">
    <td class="number">${row.left}</td>
    <td class="number">${row.right}</td>
    <td class="line"><span class="sign">${signs[row.kind]}</span>${row.text}</td>
  </tr>`;
}
