// Takes what the app uses out of GitHub's own description of its API (npm package @octokit/openapi, 385 MB):
//   npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
//   node test/contract/extract.js package/generated/api.github.com.json
import { readFileSync, writeFileSync } from "node:fs";

const [, , source] = process.argv;
if (source === undefined) throw new Error("usage: extract.js <api.github.com.json>");
const description = JSON.parse(readFileSync(source, "utf8"));
const here = (name) => new URL(name, import.meta.url);

/** The routes are listed once, with the permissions that they need. */
const routes = [
  ...readFileSync(here("../support/routes.ts"), "utf8").matchAll(/"(GET|POST|PATCH|PUT|DELETE) ([^"]+)"/g),
].map(([, method, path]) => ({ method: method.toLowerCase(), path }));
// The token's own, and what looks after lost deliveries and post-mortems.
for (const [method, path] of [
  ["post", "/app/installations/{installation_id}/access_tokens"],
  ["get", "/app/hook/deliveries"],
  ["post", "/app/hook/deliveries/{delivery_id}/attempts"],
  ["get", "/search/issues"],
  ["patch", "/repos/{owner}/{repo}/issues/{issue_number}"],
  ["get", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"],
  ["post", "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers"],
]) {
  if (!routes.some((one) => one.method === method && one.path === path)) routes.push({ method, path });
}

const NOISE = new Set(["description", "summary", "example", "examples", "externalDocs", "title", "tags"]);

/** Only what validates, and as JSON Schema: OpenAPI 3.0 has its own word for what may be null. */
function toSchema(value, inProperties = false) {
  if (Array.isArray(value)) return value.map((each) => toSchema(each));
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...rest } = value;
  const kept = Object.entries(inProperties ? value : rest)
    .filter(([key]) => inProperties || (!NOISE.has(key) && !key.startsWith("x-")))
    .map(([key, each]) => [key, toSchema(each, key === "properties")]);
  const schema = Object.fromEntries(kept);
  return !inProperties && nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

const resolve = (value) =>
  value?.$ref === undefined
    ? value
    : value.$ref
        .slice(2)
        .split("/")
        .reduce((at, key) => at[key.replaceAll("~1", "/")], description);

const jsonOf = (content) => content?.["application/json"]?.schema;

const operations = routes.map(({ method, path }) => {
  const anyName = (each) => each.replace(/\{[^}]+\}/g, "{}");
  const documented = Object.keys(description.paths).find((each) => anyName(each) === anyName(path));
  const operation = description.paths[documented]?.[method];
  if (operation === undefined) throw new Error(`GitHub documents no ${method} ${path}`);
  const body = jsonOf(resolve(operation.requestBody)?.content);
  return {
    method: method.toUpperCase(),
    path: documented,
    query: Object.fromEntries(
      (operation.parameters ?? [])
        .map(resolve)
        .filter((parameter) => parameter.in === "query")
        .map(({ name, schema }) => [name, toSchema(schema)]),
    ),
    body: body === undefined ? null : toSchema(body),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [
        status,
        toSchema(jsonOf(resolve(response).content) ?? null),
      ]),
    ),
  };
});

const schemas = {};
function take(value) {
  if (typeof value !== "object" || value === null) return;
  const name = typeof value.$ref === "string" ? value.$ref.replace("#/components/schemas/", "") : null;
  if (name !== null && schemas[name] === undefined) {
    schemas[name] = toSchema(description.components.schemas[name]);
    take(schemas[name]);
  }
  Object.values(value).forEach(take);
}
take(operations);

const { version } = description.info;
const extract = { source: `api.github.com ${version}`, operations, components: { schemas } };
writeFileSync(here("github-api.json"), `${JSON.stringify(extract)}\n`);
