import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Exchange } from "../../src/sandbox/index.ts";

type Schema = { readonly [key: string]: unknown } | null;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, Schema>>;
  readonly body: Schema;
  readonly responses: Readonly<Record<string, Schema>>;
}

interface Description {
  readonly operations: readonly Operation[];
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What the app uses of GitHub's own description of its API; `extract.js` has made it. */
const DESCRIPTION = JSON.parse(
  readFileSync(new URL("github-api.json", import.meta.url), "utf8"),
) as Description;

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
// Typed for CommonJS.
(formats as unknown as (ajv: Ajv) => void)(ajv);
// GitHub calls any text with an @ an e-mail address, and its templates are no RFC 3986 addresses.
ajv.addFormat("uri", true).addFormat("email", true).addFormat("repo.nwo", true);
const asUrl = new Ajv({ strict: false, allErrors: true, coerceTypes: true });
(formats as unknown as (ajv: Ajv) => void)(asUrl);

const compiled = new Map<object, ValidateFunction>();

function problemsOf(validator: Ajv, schema: object, value: unknown): readonly string[] {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = validator.compile({ ...schema, components: DESCRIPTION.components });
    compiled.set(schema, validate);
  }
  return validate(value) ? [] : (validate.errors ?? []).map(inWords);
}

function inWords({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || "(all)"} ${message} ${JSON.stringify(params)}`;
}

const PATTERNS = DESCRIPTION.operations.map((operation) => ({
  operation,
  pattern: new RegExp(
    `^${operation.path.replace(/\{(path|ref|basehead|branch|name)\}/g, ".+").replace(/\{[^}]+\}/g, "[^/]+")}$`,
  ),
}));

/** The documented operation of a request; the one with most fixed words, where several fit. */
export function operationOf({ method, path }: Exchange): Operation | null {
  const bare = path.split("?", 1)[0] ?? "";
  const fitting = PATTERNS.filter(
    ({ operation, pattern }) => operation.method === method && pattern.test(bare),
  );
  const fixed = ({ path: template }: Operation) => template.replace(/\{[^}]+\}/g, "").length;
  return fitting.map(({ operation }) => operation).sort((a, b) => fixed(b) - fixed(a))[0] ?? null;
}

/** What GitHub's description does not know of a request, or of its answer. */
export function deviations(exchange: Exchange): readonly string[] {
  const operation = operationOf(exchange);
  if (operation === null) return [`${exchange.method} ${exchange.path}: not documented`];
  const where = `${operation.method} ${operation.path}`;
  const query = [...new URLSearchParams(exchange.path.split("?")[1] ?? "")];
  return [
    ...query.flatMap(([name, value]) => {
      const schema = operation.query[name];
      if (!schema) return [`${where} ?${name}: not documented`];
      return problemsOf(asUrl, { type: "object", properties: { [name]: schema } }, { [name]: value }).map(
        (problem) => `${where} ?${name}=${value}: ${problem}`,
      );
    }),
    ...ofRequest(operation, exchange.requestBody).map((problem) => `${where}, sent: ${problem}`),
    ...ofAnswer(operation, exchange).map((problem) => `${where}, answered ${exchange.status}: ${problem}`),
  ].filter((problem) => !ERRATA.some((erratum) => erratum.test(problem)));
}

/** Where the description is wrong about GitHub. */
const ERRATA = [
  // Octokit's edition has made "all of user and enterprise" of "any of them".
  /^GET \/app\/installations, answered 200: \/\d+\/account /,
  // A label without a description has null here as everywhere.
  /\/labels\/\d+\/description must be string/,
];

function ofRequest({ body }: Operation, sent: string): readonly string[] {
  if (sent === "") return body?.required === undefined ? [] : ["a body is required"];
  const value: unknown = JSON.parse(sent);
  // Octokit sends an empty object where there is nothing to send.
  if (body === null) return JSON.stringify(value) === "{}" ? [] : ["no body is documented"];
  return [...problemsOf(ajv, body, value), ...undocumented(body, value, "")];
}

function ofAnswer({ responses }: Operation, { status, responseBody }: Exchange): readonly string[] {
  const schema = responses[status];
  // Only some refusals are documented for each route; all have a message.
  if (!schema && status >= 400) return problemsOf(ajv, REFUSAL, JSON.parse(responseBody) as unknown);
  if (schema === undefined) return ["the status is not documented"];
  if (schema === null) return responseBody === "" ? [] : ["no body is documented"];
  return problemsOf(ajv, schema, JSON.parse(responseBody) as unknown);
}

const REFUSAL = { type: "object", required: ["message"], properties: { message: { type: "string" } } };

/** Properties of a body that no alternative of its schema knows. */
function undocumented(schema: Schema, value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) {
    const items = alternatives(schema).flatMap(({ items: each }) => (each ? [each as Schema] : []));
    return value.flatMap((each, i) => undocumented({ anyOf: items }, each, `${path}/${i}`));
  }
  if (typeof value !== "object" || value === null) return [];
  const properties = alternatives(schema).flatMap(({ properties: each }) =>
    each ? [each as Properties] : [],
  );
  return Object.entries(value).flatMap(([key, each]) => {
    const found = properties.flatMap((one) => (Object.hasOwn(one, key) ? [one[key] as Schema] : []));
    return found.length === 0
      ? [`${path}/${key} is not documented`]
      : undocumented({ anyOf: found }, each, `${path}/${key}`);
  });
}

type Properties = Readonly<Record<string, Schema>>;

function alternatives(schema: Schema): readonly NonNullable<Schema>[] {
  if (schema === null) return [];
  if (typeof schema.$ref === "string") {
    return alternatives(
      DESCRIPTION.components.schemas[schema.$ref.replace("#/components/schemas/", "")] ?? null,
    );
  }
  const more = (["allOf", "anyOf", "oneOf"] as const).flatMap(
    (key) => (schema[key] as Schema[] | undefined) ?? [],
  );
  return [schema, ...more.flatMap(alternatives)];
}

/** Every operation that the app is said to use, as "METHOD /path". */
export function documentedRoutes(): readonly string[] {
  return DESCRIPTION.operations.map(({ method, path }) => `${method} ${path}`);
}
