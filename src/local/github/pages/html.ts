// The one way these pages write HTML: every value put into a template is escaped, unless it is HTML itself.

import { html, raw } from "hono/html";

export { html };

export type Html = ReturnType<typeof html>;

/** For HTML that was made safe already; nothing a person wrote goes through here unsanitized. */
export const trusted = (text: string): Html => raw(text);

export const nothing: Html = raw("");
