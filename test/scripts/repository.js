// Shows the repository is read without agents.
// Expect {"exact": false}
export const meta = {
  name: "repository",
  description: "Shows the repository is read without agents.",
};
const files = await repo.files("src/**/*.js");
const text = await repo.read(files[0]);
const hits = await repo.search("export", { glob: "src/**" });
log(text.length, hits.length, repo.head);
await parallel(files.map((file) => () => agent(file)));
