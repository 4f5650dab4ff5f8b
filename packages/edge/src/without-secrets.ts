// Should a secret ever be handed to a logger, its value does not get out. A line is looked at key by key, because that
// costs next to nothing where there is none, and a gateway writes two lines for each connection.

const secretNames: ReadonlySet<string> = new Set([
  'token',
  'enrolment',
  'secret',
  'forwarderKey',
  'proofKey',
  'key',
  'authorization',
])
const deepest = 2

/** The same fields, those of a secret's name blotted out, in objects within objects as well; the argument itself where there are none. */
export function withoutSecrets(fields: Record<string, unknown>, deeper = deepest): Record<string, unknown> {
  let clean: Record<string, unknown> | null = null
  for (const [name, value] of Object.entries(fields)) {
    const shown = secretNames.has(name)
      ? '[Redacted]'
      : deeper > 0 && isPlain(value)
        ? withoutSecrets(value, deeper - 1)
        : value
    if (shown !== value) clean = { ...(clean ?? fields), [name]: shown }
  }
  return clean ?? fields
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))
