// What a branch changes beside another one. GitHub has a form here that opens a pull request; this one shows the words in it.

import { fileDiffs } from "./diff.ts";
import { diffSections } from "./diff-view.ts";
import { commitOf, mergeBase, rawDiff } from "./git.ts";
import { html, nothing } from "./html.ts";
import type { Page } from "./layout.ts";
import type { RepositoryView } from "./view.ts";

/** `spec` is `BASE...HEAD`, as in the address. Null when one of them is no branch. */
export async function comparePage(
  repository: RepositoryView,
  { spec, title, body }: { spec: string; title: string; body: string },
): Promise<Page | null> {
  const [base = "", head = ""] = spec.split("...");
  const { gitDir } = repository;
  const from = await commitOf(gitDir, `refs/heads/${base}`);
  const to = await commitOf(gitDir, `refs/heads/${head}`);
  if (from === null || to === null) return null;
  const diff = fileDiffs(await rawDiff(gitDir, (await mergeBase(gitDir, from, to)) ?? from, to));
  const words =
    title === ""
      ? nothing
      : html`<pre class="message">
${title}

${body}</pre>`;
  return {
    title: `${base}...${head}`,
    repository,
    tab: "branches",
    main: html`<section class="box commit">
        <h1>Comparing ${base} with ${head}</h1>
        ${words}
      </section>
      ${diffSections(diff, { threads: [], repository, sha: to })}`,
  };
}
