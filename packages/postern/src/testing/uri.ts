// A connection string with credentials, for suites that hand one string to what they test.

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** The string with the user in it; as it is where there is none. */
export const withCredentials = (uri: string, credentials: Credentials | null): string => {
  if (credentials === null) return uri
  const { user, password } = credentials
  return uri.replace('://', () => `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`)
}
