// The front of a DNS query (RFC 1035, 4.1.1 and 4.1.2) read by hand where the codec would lose something: the question's
// own bytes, which an answer repeats with the asker's mixture of cases (a resolver's guard against forgery, "0x20"),
// and labels that hold a dot or a byte beyond ASCII, which must not be taken for other names.

export const headerBytes = 12

export interface QueryHeader {
  readonly id: number
  readonly isResponse: boolean
  readonly opcode: number
  readonly recursionDesired: boolean
  readonly questions: number
}

export interface Question {
  /** Name, type and class exactly as they came. */
  readonly raw: Buffer
  /** As it was spelled, without the trailing dot; `.` inside a label and control bytes as `\ddd` (RFC 4343, 2.1). */
  readonly spelled: string
  /** Lower case. */
  readonly name: string
  readonly type: number
  readonly class: number
}

/** Null for fewer than 12 bytes. */
export function readHeader(query: Buffer): QueryHeader | null {
  if (query.length < headerBytes) return null
  const flags = query.readUInt16BE(2)
  return {
    id: query.readUInt16BE(0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0x0f,
    recursionDesired: (flags & 0x0100) !== 0,
    questions: query.readUInt16BE(4),
  }
}

/** The first question; null when it is cut short, longer than 255 bytes, or compressed (there is nothing before it). */
export function readQuestion(query: Buffer): Question | null {
  const labels: string[] = []
  let at = headerBytes
  for (;;) {
    const length = query[at]
    if (length === undefined || length > 63) return null
    at++
    if (length === 0) break
    if (at + length > query.length || at + length - headerBytes > 254) return null
    labels.push(labelText(query.subarray(at, at + length)))
    at += length
  }
  if (at + 4 > query.length) return null
  const spelled = labels.join('.')
  return {
    raw: query.subarray(headerBytes, at + 4),
    spelled,
    name: spelled.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()),
    type: query.readUInt16BE(at),
    class: query.readUInt16BE(at + 2),
  }
}

const labelText = (label: Buffer): string =>
  label.toString('latin1').replaceAll(/[^!-~]|[.\\]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)
