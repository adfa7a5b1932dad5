import fc from "fast-check";

/**
 * Any code points at all. fast-check's own `unit: "binary"` spends seconds of every test file on getting
 * ready.
 */
export const anyCharacter = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code));
