// What the person at the terminal can put right: shown as `Error: <message>`, exit 1, and never with a stack.

export class UsageError extends Error {
  override readonly name = 'UsageError'
}
