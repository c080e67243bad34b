// What a person types once the variables are in their file. Pure.

export interface Commands {
  doctor: string;
  start: string;
  docker: string;
}

/** `path` as a person would type it here; `.env` is read by itself. */
export function commandsFor(path: string): Commands {
  const file = quoted(path);
  const docker = `docker run --env-file ${file} --publish 127.0.0.1:3000:3000 --volume fanfold:/data fanfold`;
  if (path === ".env") return { doctor: "npx fanfold doctor", start: "npm start", docker };
  return {
    doctor: `npx fanfold doctor --env-file ${file}`,
    start: `node --env-file=${file} src/main.ts`,
    docker,
  };
}

const quoted = (path: string): string =>
  /^[\w./@:+-]+$/u.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
