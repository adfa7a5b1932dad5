/** Where a pull request from `head` (of a fork: `owner:branch`) to `base` is opened. */
export function compareUrl(repositoryUrl: string, base: string, head: string): string {
  return `${repositoryUrl}/compare/${refInUrl(base)}...${refInUrl(head)}?expand=1`;
}

function refInUrl(ref: string): string {
  return ref
    .split("/")
    .map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, "�")).replace(/[()'!*]/g, percent))
    .join("/")
    .replace("%3A", ":");
}

function percent(c: string): string {
  return `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
}
