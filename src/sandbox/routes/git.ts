import { testMerge } from "../actions/test-merge.ts";
import { notFound, refuse } from "../errors.ts";
import { diff } from "../git/changes.ts";
import { type Call, list, ok, type Plain } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { commitJson, fileJson, fullCommitJson, gitCommitJson } from "../json/commits.ts";
import { repoHtml, repoUrl } from "../json/issues.ts";
import { simplePullJson } from "../json/pulls.ts";
import type { JsonObject, RepoState } from "../state.ts";

const contents = { app: "contents:read" };

/** A ref of the path or query as a commit; 422 where there is none. */
export function mustResolve(repo: RepoState, ref: string): string {
  const sha = repo.git.resolve(ref);
  if (sha) return sha;
  throw refuse(422, `No commit found for SHA: ${ref}`);
}

/** Contents, refs, trees, commits and comparisons. */
export function gitRoutes(router: Router): void {
  router.on("GET /repos/:owner/:repo/contents", (call) => content(call));
  router.on("GET /repos/:owner/:repo/contents/*path", (call) => content(call));
  router.on("GET /repos/:owner/:repo/git/ref/*ref", async (call) => {
    const repo = call.repo(contents);
    const ref = `refs/${call.param("ref")}`;
    const tested = /^refs\/pull\/(\d+)\/merge$/.exec(ref);
    if (tested) await testMerge(call.world, repo, Number(tested[1]));
    const sha = ref.startsWith("refs/heads/") ? repo.git.branches.get(ref.slice(11)) : repo.git.refs.get(ref);
    if (!sha) throw notFound();
    return ok(refJson(call, repo, ref, sha));
  });
  for (const spec of ["git/matching-refs/*ref", "git/refs/*ref", "git/refs"])
    router.on(`GET /repos/:owner/:repo/${spec}`, (call) => {
      const repo = call.repo(contents);
      const prefix = `refs/${call.params.ref ?? ""}`;
      const all = [
        ...[...repo.git.branches].map(([name, sha]) => [`refs/heads/${name}`, sha] as const),
        ...repo.git.refs,
      ];
      return list(all.filter(([ref]) => ref.startsWith(prefix)).sort(), ([ref, sha]) =>
        refJson(call, repo, ref, sha),
      );
    });
  router.on("GET /repos/:owner/:repo/git/trees/*sha", (call) => {
    const repo = call.repo(contents);
    const commit = repo.git.resolve(call.param("sha"));
    const tree = commit ? repo.git.commit(commit).tree : call.param("sha");
    const entries = repo.git.objects.tree(tree);
    if (!entries) throw notFound();
    const url = `${repoUrl(call.world, repo)}/git`;
    const one = (path: string, mode: string, sha: string): JsonObject => {
      const type = mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob";
      const size = type === "blob" ? { size: repo.git.objects.blob(sha)?.length ?? 0 } : {};
      return {
        path,
        mode,
        type,
        sha,
        ...size,
        ...(type === "commit" ? {} : { url: `${url}/${type}s/${sha}` }),
      };
    };
    const walk = (sha: string, prefix: string): JsonObject[] =>
      (repo.git.objects.tree(sha) ?? []).flatMap((entry) => [
        one(prefix + entry.name, entry.mode, entry.sha),
        ...(entry.mode === "040000" && call.query.get("recursive")
          ? walk(entry.sha, `${prefix}${entry.name}/`)
          : []),
      ]);
    return ok({ sha: tree, url: `${url}/trees/${tree}`, tree: walk(tree, ""), truncated: false });
  });
  router.on("GET /repos/:owner/:repo/git/blobs/:sha", (call) => {
    const repo = call.repo(contents);
    const sha = call.param("sha");
    const blob = repo.git.objects.blob(sha);
    if (!blob) throw notFound();
    if (/raw/.test(call.accept))
      return { status: 200, raw: blob, contentType: "application/vnd.github.raw; charset=utf-8" };
    return ok({
      sha,
      node_id: `B_${sha}`,
      size: blob.length,
      url: `${repoUrl(call.world, repo)}/git/blobs/${sha}`,
      content: base64(blob),
      encoding: "base64",
    });
  });
  router.on("GET /repos/:owner/:repo/git/commits/:sha", (call) => {
    const repo = call.repo(contents);
    const sha = call.param("sha");
    if (!repo.git.objects.published.has(sha)) throw notFound();
    return ok(gitCommitJson(call.world, repo, sha));
  });
  commitRoutes(router);
}

function refJson(call: Call, repo: RepoState, ref: string, sha: string): JsonObject {
  const url = `${repoUrl(call.world, repo)}/git`;
  return {
    ref,
    node_id: `REF_${ref}`,
    url: `${url}/${ref}`,
    object: { sha, type: "commit", url: `${url}/commits/${sha}` },
  };
}

const base64 = (blob: Buffer): string =>
  blob
    .toString("base64")
    .replace(/(.{60})/g, "$1\n")
    .replace(/([^\n])$/, "$1\n");
const megabyte = 1024 * 1024;

function content(call: Call): Plain {
  const repo = call.repo(contents);
  const path = (call.params.path ?? "").replace(/\/+$/, "");
  const ref = call.query.get("ref") ?? repo.defaultBranch;
  if (repo.git.branches.size === 0) throw refuse(404, "This repository is empty.");
  const sha = repo.git.resolve(ref);
  if (!sha) throw refuse(404, `No commit found for the ref ${ref}`);
  const entry = repo.git.at(sha, path);
  if (!entry) throw notFound();
  if (entry.mode === "040000") {
    const entries = repo.git.objects.tree(entry.sha) ?? [];
    return ok(entries.map((one) => entryJson(call, repo, ref, path ? `${path}/${one.name}` : one.name, one)));
  }
  const blob = entry.mode === "160000" ? undefined : repo.git.objects.blob(entry.sha);
  if (blob && blob.length > 100 * megabyte)
    throw refuse(
      403,
      "This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.",
      [{ resource: "Blob", field: "data", code: "too_large" }],
    );
  if (blob && /application\/vnd\.github(\.v3)?\.raw/.test(call.accept))
    return { status: 200, raw: blob, contentType: "application/vnd.github.raw+json; charset=utf-8" };
  const json = entryJson(call, repo, ref, path, entry);
  if (!blob) return ok({ ...json, submodule_git_url: `${call.world.url}/submodule.git` });
  if (entry.mode === "120000") return ok({ ...json, target: blob.toString() });
  const large = blob.length > megabyte;
  return ok({ ...json, content: large ? "" : base64(blob), encoding: large ? "none" : "base64" });
}

function entryJson(
  call: Call,
  repo: RepoState,
  ref: string,
  path: string,
  entry: { mode: string; sha: string },
): JsonObject {
  const types: Record<string, string> = { "040000": "dir", "120000": "symlink", "160000": "submodule" };
  const type = types[entry.mode] ?? "file";
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  const url = `${repoUrl(call.world, repo)}/contents/${escaped}?ref=${encodeURIComponent(ref)}`;
  const kind = type === "dir" ? "trees" : "blobs";
  const git = type === "submodule" ? null : `${repoUrl(call.world, repo)}/git/${kind}/${entry.sha}`;
  const html = `${repoHtml(call.world, repo)}/${type === "dir" ? "tree" : "blob"}/${ref}/${escaped}`;
  return {
    name: path.split("/").at(-1) ?? "",
    path,
    sha: entry.sha,
    size: type === "file" || type === "symlink" ? (repo.git.objects.blob(entry.sha)?.length ?? 0) : 0,
    url,
    html_url: html,
    git_url: git,
    download_url:
      type === "file" || type === "symlink" ? `${repoHtml(call.world, repo)}/raw/${ref}/${escaped}` : null,
    type,
    _links: { self: url, git, html },
  };
}

function commitRoutes(router: Router): void {
  router.on("GET /repos/:owner/:repo/commits", (call) => {
    const repo = call.repo(contents);
    if (repo.git.branches.size === 0) throw refuse(409, "Git Repository is empty.");
    const from = call.query.get("sha") ?? repo.defaultBranch;
    const sha = repo.git.resolve(from);
    if (!sha) throw notFound();
    const path = call.query.get("path");
    const since = call.query.get("since");
    const until = call.query.get("until");
    const touched = (one: { sha: string; parents: string[] }) =>
      one.parents.length < 2 &&
      repo.git.at(one.sha, path as string)?.sha !==
        (one.parents[0] ? repo.git.at(one.parents[0], path as string)?.sha : undefined);
    const commits = repo.git
      .between(undefined, sha)
      .reverse()
      .filter(
        (one) =>
          (!since || Date.parse(one.committer.date) >= Date.parse(since)) &&
          (!until || Date.parse(one.committer.date) <= Date.parse(until)) &&
          (!path || touched(one)),
      );
    return list(commits, (one) => commitJson(call.world, repo, one.sha));
  });
  router.on("GET /repos/:owner/:repo/commits/:ref/pulls", (call) => {
    const repo = call.repo({ app: "pull_requests:read" });
    const sha = mustResolve(repo, call.param("ref"));
    const inDefault = repo.git.isAncestor(sha, repo.git.branches.get(repo.defaultBranch) ?? sha);
    // A commit of the default branch shows the merged pull request that brought it in, another one the open
    // ones too.
    const pulls = [...repo.issues.values()].filter((issue) => {
      if (!issue.pull || issue.gone) return false;
      if (inDefault && !issue.pull.mergedAt) return false;
      return (
        issue.pull.mergeSha === sha ||
        repo.git.between(issue.pull.baseSha, issue.pull.headSha).some((one) => one.sha === sha)
      );
    });
    return list(pulls, (issue) => simplePullJson(call.world, repo, issue));
  });
  router.on("GET /repos/:owner/:repo/commits/:sha/branches-where-head", (call) => {
    const repo = call.repo(contents);
    const sha = mustResolve(repo, call.param("sha"));
    const names = [...repo.git.branches].filter(([, tip]) => tip === sha).map(([name]) => name);
    return ok(
      names.map((name) => ({
        name,
        commit: { sha, url: `${repoUrl(call.world, repo)}/commits/${sha}` },
        protected: repo.protection.has(name),
      })),
    );
  });
  router.on("GET /repos/:owner/:repo/compare/*basehead", (call) => compare(call));
}

/** `GET /commits/{ref}`; registered after the routes below it, since a ref may hold slashes. */
export async function oneCommit(call: Call): Promise<Plain> {
  const repo = call.repo(contents);
  const sha = mustResolve(repo, call.param("ref"));
  if (/vnd\.github(\.v3)?\.sha/.test(call.accept))
    return { status: 200, raw: Buffer.from(sha), contentType: "application/vnd.github.sha; charset=utf-8" };
  const json = await fullCommitJson(call.world, repo, sha);
  return ok({ ...json, files: json.files.slice(0, 300) });
}

async function compare(call: Call): Promise<Plain> {
  const repo = call.repo(contents);
  const [left = "", right = ""] = call.param("basehead").split("...");
  const find = (name: string) => {
    const colon = name.indexOf(":");
    const owner = name.slice(0, Math.max(0, colon)).split(":")[0] ?? "";
    const there =
      colon < 0
        ? repo
        : call.world.repos.find(
            (one) =>
              one.owner.toLowerCase() === owner.toLowerCase() &&
              (one === repo || one.parent === repo.id || one.id === repo.parent),
          );
    const sha = there?.git.resolve(name.slice(colon + 1));
    if (!sha) throw notFound();
    return sha;
  };
  const [base, head] = [find(left), find(right)];
  const common = repo.git.mergeBase(base, head);
  if (!common) throw refuse(404, `No common ancestor between ${left} and ${right}.`);
  const ahead = repo.git.between(base, head);
  const behind = repo.git.between(head, base).length;
  const { query } = call;
  const paged = query.has("per_page") || query.has("page");
  const size = paged ? Math.min(100, Number(query.get("per_page") ?? 30) || 30) : 250;
  const page = Math.max(1, Number(query.get("page") ?? 1) || 1);
  // Without pagination it is the newest 250, with it they go from the oldest on.
  const commits = paged ? ahead.slice((page - 1) * size, page * size) : ahead.slice(-250);
  const files = page === 1 ? (await diff(repo.git, common, head)).slice(0, 300) : [];
  const url = `${repoUrl(call.world, repo)}/compare/${left}...${right}`;
  const html = repoHtml(call.world, repo);
  const last = Math.ceil(ahead.length / size);
  const link =
    paged && page < last
      ? `<${call.world.url}/api/v3/repos/${repo.owner}/${repo.name}/compare/${encodeURIComponent(left)}...${encodeURIComponent(right)}?per_page=${size}&page=${page + 1}>; rel="next"`
      : "";
  return {
    status: 200,
    headers: link ? { link } : {},
    body: {
      url,
      html_url: `${html}/compare/${left}...${right}`,
      permalink_url: `${html}/compare/${base}...${head}`,
      diff_url: `${html}/compare/${left}...${right}.diff`,
      patch_url: `${html}/compare/${left}...${right}.patch`,
      base_commit: commitJson(call.world, repo, base),
      merge_base_commit: commitJson(call.world, repo, common),
      status: ahead.length > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical",
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: commits.map((one) => commitJson(call.world, repo, one.sha)),
      files: files.map((file) => fileJson(call.world, repo, head, file)),
    },
  };
}
