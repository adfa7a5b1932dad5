import { createPrivateKey } from "node:crypto";
import type { Context } from "./context.ts";

/** The app's private key as PKCS#8 PEM, from `PRIVATE_KEY` or the file that `PRIVATE_KEY_PATH` names. */
export function readPrivateKey(context: Context, readFile: (path: string) => string): string | undefined {
  const { get, broken } = context;
  const value = get("PRIVATE_KEY");
  if (value !== undefined) return parsePrivateKey(context, "PRIVATE_KEY", value);
  const path = get("PRIVATE_KEY_PATH");
  if (path === undefined) {
    return broken(
      "PRIVATE_KEY",
      "is missing, and so is PRIVATE_KEY_PATH",
      'Generate a private key on the settings page of your app ("Private keys"), and set PRIVATE_KEY_PATH to the path of the .pem file, or PRIVATE_KEY to its content.',
    );
  }
  try {
    return parsePrivateKey(context, "PRIVATE_KEY_PATH", readFile(path).trim());
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    const fix = "It must be the path of the .pem file from GitHub, readable by this process.";
    return broken("PRIVATE_KEY_PATH", `names a file that cannot be read (${code}): ${path}`, fix);
  }
}

function parsePrivateKey({ broken }: Context, variable: string, value: string): string | undefined {
  const pem = pemOf(value);
  const fix =
    'Use the whole .pem file from GitHub, from "-----BEGIN" to "-----END … KEY-----", with its line breaks, with \\n in their place, or all of it in base64.';
  if (pem === null) return broken(variable, "holds no PEM", fix);
  if (/-----BEGIN (?:RSA )?PUBLIC KEY/.test(pem))
    return broken(variable, "holds a public key, not the private one", fix);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== "rsa") {
      return broken(variable, `holds a key of type ${key.asymmetricKeyType}; GitHub's are RSA`, fix);
    }
    return key.export({ type: "pkcs8", format: "pem" }).toString();
  } catch {
    // OpenSSL's message may name parts of the key.
    return broken(variable, "holds a private key that is cut off or damaged", fix);
  }
}

/** The PEM in a setting, with its line breaks restored; `null`: there is none. */
function pemOf(value: string): string | null {
  const begin = "-----BEGIN ";
  const unquoted = value.replace(/^(["'])([\s\S]*)\1$/, "$2");
  const text = unquoted.includes(begin) ? unquoted : Buffer.from(unquoted, "base64").toString("utf8");
  if (!text.includes(begin)) return null;
  const lines = text.replaceAll("\\n", "\n").replaceAll("\r", "").trim();
  // Some tools make one line of it, with spaces or nothing between.
  const parts = /^(-----BEGIN [A-Z ]+-----)([^-]*)(-----END [A-Z ]+-----)$/.exec(lines);
  if (parts === null) return lines;
  const [, first, body = "", last] = parts;
  return [first, ...(body.replace(/\s/g, "").match(/.{1,64}/g) ?? []), last, ""].join("\n");
}
