import { checkLabel, createLabel, deleteLabel } from "../actions/labels.ts";
import { emit } from "../emit.ts";
import { invalid, notFound } from "../errors.ts";
import { empty, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { labelJson } from "../json/basic.ts";
import type { JsonObject } from "../state.ts";

const base = "/repos/:owner/:repo/labels";
const need = (level: string, user: "read" | "write") =>
  ({ app: `issues:${level}|pull_requests:${level}`, user }) as const;

/** Labels of a repository. */
export function labelRoutes(router: Router): void {
  router.on(`GET ${base}`, (call) => {
    const repo = call.repo(need("read", "read"));
    return list([...repo.labels.values()], (label) => labelJson(call.world, repo, label));
  });
  router.on(`POST ${base}`, (call) => {
    const repo = call.repo(need("write", "write"));
    const name = call.string("name");
    if (!name) throw invalid("Label", "name", "missing_field");
    const color = call.string("color");
    const description = call.string("description");
    const label = createLabel(call.world, repo, call.actor(), {
      name,
      ...(color === undefined ? {} : { color }),
      ...(description === undefined ? {} : { description }),
    });
    return ok(labelJson(call.world, repo, label), 201);
  });
  router.on(`GET ${base}/:name`, (call) => {
    const repo = call.repo(need("read", "read"));
    const label = repo.labels.get(call.param("name").toLowerCase());
    if (!label) throw notFound();
    return ok(labelJson(call.world, repo, label));
  });
  router.on(`PATCH ${base}/:name`, (call) => {
    const repo = call.repo(need("write", "write"));
    const label = repo.labels.get(call.param("name").toLowerCase());
    if (!label) throw notFound();
    checkLabel(call.body);
    const changes: JsonObject = {};
    const name = call.string("new_name") ?? call.string("name");
    if (name !== undefined && name !== label.name) {
      if (name.length > 50) throw invalid("Label", "name", "too_long");
      const other = repo.labels.get(name.toLowerCase());
      if (other && other !== label) throw invalid("Label", "name", "already_exists");
      changes.name = { from: label.name };
      repo.labels.delete(label.name.toLowerCase());
      label.name = name;
      repo.labels.set(name.toLowerCase(), label);
    }
    const color = call.string("color")?.toLowerCase();
    if (color !== undefined && color !== label.color) {
      changes.color = { from: label.color };
      label.color = color;
    }
    const description = call.string("description");
    if (description !== undefined && description !== label.description) {
      changes.description = { from: label.description ?? "" };
      label.description = description;
    }
    if (Object.keys(changes).length > 0)
      emit(
        call.world,
        repo,
        "label",
        { action: "edited", label: labelJson(call.world, repo, label), changes },
        call.actor().user,
      );
    return ok(labelJson(call.world, repo, label));
  });
  router.on(`DELETE ${base}/:name`, async (call) => {
    const repo = call.repo(need("write", "write"));
    await deleteLabel(call.world, repo, call.actor(), call.param("name"));
    return empty();
  });
}
