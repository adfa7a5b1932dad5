import type { Context, Hono } from "hono";
import { INCIDENT } from "../demo/kamiyo.ts";
import { SandboxError } from "../sandbox/index.ts";
import { type Act, issuePath } from "./acts/act.ts";
import { Form, FormError } from "./acts/form.ts";
import { ACTS } from "./acts/index.ts";
import type { Games } from "./game.ts";
import { actAs, actor, setTour, tell } from "./visitor.ts";

/** Adds everything that is done. The guard has seen that it comes from these pages. */
export function addActs(app: Hono, games: Games): void {
  const formOf = async (context: Context) => new Form(new URLSearchParams(await context.req.text()));
  app.post("/act/:name", async (context) => {
    const name = context.req.param("name");
    const { company, tour } = await games.now();
    const act: Act | undefined =
      name === "tour" ? tour.press : Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
    if (act === undefined) return context.text("There is no such act.", 404);
    const form = await formOf(context);
    const back = local(form.text("back"));
    // Everything that people do takes them a moment.
    company.clock.forward(1);
    try {
      const { said, to, login } = await act({ company, login: actor(context).login, form });
      if (login !== undefined) actAs(context, login);
      tell(context, { kind: "done", text: said });
      return context.redirect(to ?? back, 303);
    } catch (error) {
      tell(context, { kind: "refused", text: refusal(error) });
      return context.redirect(back, 303);
    } finally {
      games.changes.tell();
    }
  });
  app.post("/as", async (context) => {
    const form = await formOf(context);
    actAs(context, form.text("login"));
    return context.redirect(local(form.text("back")), 303);
  });
  app.post("/tour/:what{join|leave}", async (context) => {
    setTour(context, context.req.param("what") === "join");
    return context.redirect(local((await formOf(context)).text("back")), 303);
  });
  app.post("/restart", async (context) => {
    await games.restart();
    setTour(context, true);
    tell(context, { kind: "done", text: "A fresh GitHub, and Hotfix Guard anew." });
    return context.redirect("/", 303);
  });
}

/** A path of these pages; anything else leads to the first. */
function local(path: string): string {
  return /^\/(?![/\\])[\w./-]*$/.test(path) ? path : issuePath(INCIDENT);
}

/** What GitHub's own pages would say: what is wrong, without the status and its name. */
function reason({ body, message }: SandboxError): string {
  const errors = body !== null && typeof body === "object" && "errors" in body ? body.errors : undefined;
  const texts = Array.isArray(errors) ? errors.filter((one) => typeof one === "string") : [];
  return texts.length > 0 ? texts.join(" ") : message.replace(/^\d{3}: /, "");
}

function refusal(error: unknown): string {
  if (error instanceof SandboxError) return `GitHub refused: ${reason(error)}`;
  if (error instanceof FormError) return error.message;
  return `That did not work: ${error instanceof Error ? error.message.replace(/^sandbox: /, "") : String(error)}`;
}
