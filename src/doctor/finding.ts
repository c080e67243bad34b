// What the doctor says about one thing, and how findings are counted.

export type Level = "ok" | "warning" | "failure";

/** What is looked at, with its name for people. The first of them are about this process, the rest about one repository. */
export const subjects = {
  environment: "Environment",
  node: "Node",
  git: "git",
  data: "Data folder",
  sandbox: "Sandbox",
  github: "The App at GitHub",
  clock: "Clock",
  permissions: "The App's permissions",
  events: "The App's events",
  webhook: "Webhook",
  deliveries: "Deliveries",
  installations: "Installations",
  model: "Model",
  "permissions-here": "Permissions here",
  switch: "Switch",
  settings: "Settings",
  branches: "Branches",
  checkpoint: "Checkpoint",
  verified: "Signatures",
  ci: "CI on our pushes",
} as const;

export type Subject = keyof typeof subjects;

export interface Finding {
  id: Subject;
  level: Level;
  /** What was found, as a sentence. */
  found: string;
  /** What to type or click; there is none where nothing is to be done. */
  fix?: string;
}

export const ok = (id: Subject, found: string): Finding => ({ id, level: "ok", found });

export const warning = (id: Subject, found: string, fix: string): Finding => ({
  id,
  level: "warning",
  found,
  fix,
});

export const failure = (id: Subject, found: string, fix: string): Finding => ({
  id,
  level: "failure",
  found,
  fix,
});

/** Warnings are no failures: the bot works, and somebody should look. */
export const isHealthy = (findings: readonly Finding[]): boolean =>
  findings.every(({ level }) => level !== "failure");
