// The port for operators: structured lines, never a secret. Pino's shape, so that Probot's logger fits.

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
