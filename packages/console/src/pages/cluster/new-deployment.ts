// The body of a registration from what its form says. Credentials that stand in the string belong in the fields: a string
// is no place for a secret, and the API takes none there.

import type { BodyInputOf } from '@postern/contract/schemas/operations'

export interface NewDeployment {
  readonly name: string
  readonly connectionString: string
  readonly provider: string
  readonly region: string
  readonly username: string
  readonly password: string
  /** PEM. */
  readonly ca: string
  readonly allowInvalidHostnames: boolean
}

/** What is left empty is not said. */
export function deploymentBody(wish: NewDeployment): BodyInputOf<'registerGroupDeployment'> {
  const { name, connectionString, provider, region, username, password, ca, allowInvalidHostnames } = wish
  const tls = { ...(ca.trim() !== '' && { ca }), ...(allowInvalidHostnames && { allowInvalidHostnames }) }
  return {
    name,
    connectionString: connectionString.trim(),
    provider,
    region,
    ...(username !== '' && { username, password }),
    ...(Object.keys(tls).length > 0 && { tls }),
  }
}
