// A run that cannot begin, in words for the thread.

/** The run cannot begin; the message is Markdown for the thread and says what to type next. */
export class PlanRefused extends Error {
  override readonly name = "PlanRefused";
}
