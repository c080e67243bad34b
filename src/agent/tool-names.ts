// The names under which models know the tools over a repository.

export const readingToolNames = ["list_files", "read_file", "search"] as const;
export const editingToolNames = ["edit_file", "write_file", "move_file", "delete_file"] as const;

export type ToolName = (typeof readingToolNames)[number] | (typeof editingToolNames)[number];
