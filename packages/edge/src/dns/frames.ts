// DNS over TCP (RFC 7766): each message behind two bytes of length. Bytes in, whole messages out.

export type Framed =
  | { readonly state: 'open'; readonly messages: readonly Buffer[]; readonly rest: Buffer }
  | { readonly state: 'refused'; readonly reason: string }

/** Every whole message at the front; refuses one that is empty or longer than `longest` before it has come. */
export function takeMessages(bytes: Buffer, longest: number): Framed {
  const messages: Buffer[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const length = bytes.readUInt16BE(at)
    if (length === 0 || length > longest) return { state: 'refused', reason: `a query of ${length} bytes` }
    if (at + 2 + length > bytes.length) break
    messages.push(bytes.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return { state: 'open', messages, rest: bytes.subarray(at) }
}

/** A message with its length in front. */
export function frame(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}
