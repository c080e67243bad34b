// The forms in which a person speaks as one of the local users.

import { html, type Html, nothing } from "./html.ts";
import { issueLink, repositoryLink } from "./links.ts";
import { emptyBox } from "./layout.ts";
import type { PageSource, RepositoryView } from "./view.ts";

/** Longer texts are refused, as on GitHub. */
export const bodyCharacters = 65_536;
export const titleCharacters = 256;

export function commentForm(
  source: PageSource,
  { repository, number }: { repository: RepositoryView; number: number },
): Html {
  return form(source, {
    repository,
    action: `${issueLink(repository, number)}/comments`,
    placeholder:
      "Leave a comment, for example: /workflow audit and fix unsafe string handling in src",
    send: "Comment",
  });
}

export function newIssueForm(source: PageSource, repository: RepositoryView): Html {
  return form(source, {
    repository,
    action: `${repositoryLink(repository)}/issues`,
    placeholder: "What is it about?",
    send: "Submit new issue",
    title: true,
  });
}

interface FormLook {
  repository: RepositoryView;
  action: string;
  placeholder: string;
  send: string;
  title?: boolean;
}

function form(source: PageSource, look: FormLook): Html {
  const people = source.people(look.repository);
  if (people.length === 0)
    return emptyBox("Nobody can comment here: this GitHub has no users yet.");
  return html`<form class="box speak" method="post" action="${look.action}">
    <label class="box-head"
      >${look.title === true ? "Open as" : "Comment as"}
      <select name="as">
        ${people.map(({ login, role }) => html`<option value="${login}">${login} (${role})</option>`)}
      </select></label
    >
    ${
      look.title === true
        ? html`<input
            name="title"
            required
            maxlength="${titleCharacters}"
            placeholder="Title"
            aria-label="Title"
          />`
        : nothing
    }
    <textarea
      name="body"
      rows="5"
      ${look.title === true ? nothing : html`required`}
      maxlength="${bodyCharacters}"
      placeholder="${look.placeholder}"
      aria-label="Text"
    ></textarea>
    <div class="send"><button type="submit">${look.send}</button></div>
  </form>`;
}
