import nock from "nock";
import { API, APP, type Fault, failing } from "./nock-github.ts";

type Json = Record<string, unknown>;

/** What the app's writes touch, in memory, behind GitHub's routes; and how a route is to fail. */
export interface World {
  runs: Json[];
  annotations: Json[];
  comments: Json[];
  /** Lists are older than what is there. */
  hidesComments: boolean;
  issues: Json[];
  /** Ids, of whatever issue. */
  subIssues: number[];
  labels: string[];
  /** Labels on the pull request. */
  on: string[];
  /** Every request that was made: "POST check-runs". */
  requests: { readonly route: string; readonly body: Json }[];
  writes(): string[];
  /** The next requests to the route fail; with `commit` what they ask for is done all the same. */
  fails(route: string, fault: Fault, options?: { times?: number; commit?: boolean }): void;
}

export const BOT = { login: `${APP.slug}[bot]`, type: "Bot", id: 99 };

/** Routes of `o/r` (repository) and pull request 5. */
export function world(): World {
  const faults: { route: string; fault: Fault; commit: boolean; times: number }[] = [];
  let nextId = 100;
  const state: World = {
    runs: [],
    annotations: [],
    comments: [],
    hidesComments: false,
    issues: [],
    subIssues: [],
    labels: [],
    on: [],
    requests: [],
    writes: () => state.requests.map(({ route }) => route).filter((route) => !route.startsWith("GET")),
    fails: (route, fault, { times = 1, commit = false } = {}) => {
      faults.push({ route, fault, commit, times });
    },
  };
  const done = (id: string | undefined, list: Json[], body: Json) =>
    Object.assign(list.find((item) => item.id === Number(id)) ?? {}, body);

  type Handler = (body: Json, id: string | undefined, query: URLSearchParams) => [number, unknown];
  const routes: Record<string, [string, RegExp, Handler]> = {
    "GET check-runs": [
      "get",
      /^\/repos\/o\/r\/commits\/\w+\/check-runs\?/,
      () => [200, { total_count: 0, check_runs: state.runs }],
    ],
    "GET check-run": ["get", /^\/repos\/o\/r\/check-runs\/(\d+)$/, (_, id) => found(state.runs, id)],
    "GET annotations": [
      "get",
      /^\/repos\/o\/r\/check-runs\/(\d+)\/annotations\?/,
      () => [200, state.annotations],
    ],
    "POST check-runs": [
      "post",
      /^\/repos\/o\/r\/check-runs$/,
      (body) => {
        const run = { ...body, id: nextId++, app: APP, conclusion: body.conclusion ?? null };
        state.runs.push(run);
        return [201, run];
      },
    ],
    "PATCH check-run": [
      "patch",
      /^\/repos\/o\/r\/check-runs\/(\d+)$/,
      (body, id) => [200, done(id, state.runs, body)],
    ],
    "POST requested_reviewers": [
      "post",
      /^\/repos\/o\/r\/pulls\/5\/requested_reviewers$/,
      () => [201, { number: 5 }],
    ],
    "GET comments": [
      "get",
      /^\/repos\/o\/r\/issues\/(?:5|1\d\d)\/comments\?/,
      () => [200, state.hidesComments ? [] : state.comments],
    ],
    "GET comment": [
      "get",
      /^\/repos\/o\/r\/issues\/comments\/(\d+)$/,
      (_body, id) => {
        const there = state.comments.find((comment) => comment.id === Number(id));
        return there ? [200, there] : [404, { message: "Not Found" }];
      },
    ],
    "POST comments": [
      "post",
      /^\/repos\/o\/r\/issues\/(?:5|1\d\d)\/comments$/,
      (body) => {
        const comment = { ...body, id: nextId++, user: BOT };
        state.comments.push(comment);
        return [201, comment];
      },
    ],
    "PATCH comment": [
      "patch",
      /^\/repos\/o\/r\/issues\/comments\/(\d+)$/,
      (body, id) => {
        const there = state.comments.some((comment) => comment.id === Number(id));
        return there ? [200, done(id, state.comments, body)] : [404, { message: "Not Found" }];
      },
    ],
    "GET issues": ["get", /^\/repos\/o\/r\/issues\?/, () => [200, state.issues]],
    "POST issues": [
      "post",
      /^\/repos\/o\/r\/issues$/,
      (body) => {
        const number = nextId++;
        const issue = {
          ...body,
          id: number,
          number,
          user: BOT,
          html_url: `https://github.test/o/r/issues/${number}`,
        };
        state.issues.push(issue);
        return [201, issue];
      },
    ],
    "GET issue": ["get", /^\/repos\/o\/r\/issues\/(\d+)$/, (_, id) => found(state.issues, id)],
    "PATCH issue": [
      "patch",
      /^\/repos\/o\/r\/issues\/(\d+)$/,
      (body, id) => [200, done(id, state.issues, body)],
    ],
    "POST sub_issues": [
      "post",
      /^\/repos\/o\/r\/issues\/(\d+)\/sub_issues$/,
      (body) => {
        state.subIssues.push(Number(body.sub_issue_id));
        return [201, {}];
      },
    ],
    "GET assignee": [
      "get",
      /^\/repos\/o\/r\/assignees\/(\w+)$/,
      (_, login) => [login === "stranger" ? 404 : 204, undefined],
    ],
    "GET labels": ["get", /^\/repos\/o\/r\/labels\?/, () => [200, state.labels.map((name) => ({ name }))]],
    "POST labels": [
      "post",
      /^\/repos\/o\/r\/labels$/,
      (body) => {
        if (state.labels.includes(String(body.name))) {
          return [422, { message: "Validation Failed", errors: [{ code: "already_exists" }] }];
        }
        state.labels.push(String(body.name));
        return [201, body];
      },
    ],
    "POST label": [
      "post",
      /^\/repos\/o\/r\/issues\/5\/labels$/,
      (body) => {
        state.on = [...new Set([...state.on, ...(body.labels as string[])])];
        return [200, []];
      },
    ],
    "DELETE label": [
      "delete",
      /^\/repos\/o\/r\/issues\/5\/labels\/([^/]+)$/,
      (_, name) => {
        const label = decodeURIComponent(name ?? "");
        if (!state.on.includes(label)) return [404, { message: "Label does not exist" }];
        state.on = state.on.filter((each) => each !== label);
        return [200, []];
      },
    ],
  };

  for (const [route, [method, path, handler]] of Object.entries(routes)) {
    nock(API)
      .persist()
      .intercept(path, method)
      .reply(async (uri, body) => {
        const json = typeof body === "object" ? (body as Json) : {};
        state.requests.push({ route, body: json });
        const answer = () =>
          handler(json, path.exec(uri)?.[1], new URL(uri, API).searchParams) as nock.ReplyFnResult;
        const fault = faults.find((each) => each.route === route && each.times > 0);
        if (fault === undefined) return answer();
        fault.times--;
        if (fault.commit) answer();
        return failing(fault.fault);
      });
  }
  return state;
}

function found(list: Json[], id: string | undefined): [number, unknown] {
  const item = list.find((each) => each.id === Number(id));
  return item === undefined ? [404, { message: "Not Found" }] : [200, item];
}
