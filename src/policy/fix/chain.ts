/** Commands as one: each runs only if the one before did its work. */
export function inChain(commands: readonly string[]): readonly string[] {
  return commands.map((command, i) => (i === commands.length - 1 ? command : chained(command)));
}

/** A here-document's body comes after its line. */
function chained(command: string): string {
  const end = command.includes("<<'") ? command.indexOf("\n") : command.length;
  return `${command.slice(0, end)} &&${command.slice(end)}`;
}
