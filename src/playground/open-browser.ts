import open from "open";

/** What fails does so at once; a browser that opens may stay for hours. */
const SOON_MS = 1_500;

/** Opens the address in the browser of this machine; why it could not, `null` where it did. */
export async function openBrowser(url: string): Promise<string | null> {
  try {
    const opener = await open(url);
    return await new Promise<string | null>((resolve) => {
      const timer = setTimeout(() => resolve(null), SOON_MS);
      const done = (problem: string | null) => {
        clearTimeout(timer);
        resolve(problem);
      };
      opener.once("error", ({ message }) => done(message));
      opener.once("exit", (status) => done(status === 0 ? null : "there is none here"));
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
