// An audit log that keeps its rows in memory.

import { type AuditLog, type Audited, type Cause, causeNow } from "../../world/audit-log.ts";

export interface MemoryAuditLog extends AuditLog {
  readonly rows: readonly (Audited & Cause)[];
}

export function createMemoryAuditLog(): MemoryAuditLog {
  const rows: (Audited & Cause)[] = [];
  return {
    rows,
    note: async (audited) => {
      const cause = causeNow();
      rows.push(...audited.map((each) => ({ ...cause, ...each })));
    },
  };
}
