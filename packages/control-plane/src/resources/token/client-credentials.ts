// Which client asks: HTTP Basic or the form's own fields (RFC 6749, 2.3.1). Basic's halves are form-encoded by the
// letter of the standard; the official Go clients do so, others send them raw.

export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** Null where there are none, or more than one kind of them. */
export const readCredentials = (
  authorization: string | null,
  form: { readonly client_id?: string | undefined; readonly client_secret?: string | undefined },
): ClientCredentials | null => {
  if (authorization === null) {
    const { client_id, client_secret } = form
    return client_id && client_secret ? { clientId: client_id, clientSecret: client_secret } : null
  }
  const encoded = /^\s*basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization)?.[1]
  if (encoded === undefined || form.client_secret !== undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) return null
  return { clientId: formDecode(text.slice(0, colon)), clientSecret: formDecode(text.slice(colon + 1)) }
}

/** Our ids and secrets hold no character that form-encoding touches, so that decoding a raw one changes nothing. */
const formDecode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
