// mongosh, as the test tools bring it, run on a connection string; the credentials travel in the environment.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const mongosh = fileURLToPath(new URL('../../../test-tools/node_modules/.bin/mongosh', import.meta.url))

/** Why mongosh cannot be run here; null when it can. */
export const mongoshMissing = existsSync(mongosh)
  ? null
  : 'mongosh is not installed: run npm test, which installs test-tools'

interface ShellOptions {
  /** A `mongodb://` string without credentials. */
  readonly uri: string
  readonly user: { readonly username: string; readonly password: string }
  /** A folder that mongosh may write its settings to. */
  readonly home: string
}

/** Runs a script with `db` connected. Rejects when mongosh ends with another code than 0 or takes over a minute. */
export const shell = (
  script: string,
  { uri, user, home }: ShellOptions,
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  promisify(execFile)(
    process.execPath,
    [mongosh, '--nodb', '--quiet', '--norc', '--eval', `db = connect(process.env.URI); ${script}`],
    {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        URI: uri.replace('mongodb://', `mongodb://${user.username}:${encodeURIComponent(user.password)}@`),
      },
      timeout: 60_000,
    },
  )
