// The answers GitHub gives when it says no, with the bodies it gives them.

const documentation = "https://docs.github.com/rest";

export interface ValidationError {
  resource?: string;
  field?: string;
  code: string;
  message?: string;
}

/** Most say which field; reviews give bare sentences. */
type Reasons = ValidationError[] | string[];

export type RefusalBody =
  | { message: string; documentation_url: string; status: string }
  | { message: string; documentation_url: string; errors: Reasons };

/** Thrown by rules, answered by the server. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: RefusalBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { errors?: Reasons; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = more.headers ?? {};
    const common = { message, documentation_url: documentation };
    this.body = more.errors
      ? { ...common, errors: more.errors }
      : { ...common, status: String(status) };
  }
}

export const notFound = (): Refusal => new Refusal(404, "Not Found");

export const forbidden = (): Refusal => new Refusal(403, "Resource not accessible by integration");

export const badCredentials = (): Refusal => new Refusal(401, "Bad credentials");

export const needsAuthentication = (): Refusal => new Refusal(401, "Requires authentication");

/** 422 about one field of one resource. */
export const invalid = (
  resource: string,
  { field, code = "invalid", message }: { field: string; code?: string; message?: string },
): Refusal =>
  new Refusal(422, "Validation Failed", {
    errors: [{ resource, field, code, ...(message === undefined ? {} : { message }) }],
  });

/** 422 with bare sentences as reasons. */
export const refused = (reason: string): Refusal =>
  new Refusal(422, "Unprocessable Entity", { errors: [reason] });

/** 422 in words of its own; `code` is `custom` then. */
export const unprocessable = (resource: string, message: string): Refusal =>
  new Refusal(422, "Validation Failed", { errors: [{ resource, code: "custom", message }] });
