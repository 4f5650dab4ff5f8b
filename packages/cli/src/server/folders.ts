// Where things lie, by the XDG base directory rules (and the platform's own folder on Windows).

import { homedir } from 'node:os'
import { join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** `POSTERN_HOME`, else `postern` in the XDG data folder. */
export const homeFolder = (env: Env): string =>
  set(env.POSTERN_HOME) ?? join(set(env.XDG_DATA_HOME) ?? underHome(env, 'LOCALAPPDATA', '.local/share'), 'postern')

/** `postern/config.toml` in the XDG configuration folder. */
export const configFile = (env: Env): string =>
  join(set(env.XDG_CONFIG_HOME) ?? underHome(env, 'APPDATA', '.config'), 'postern', 'config.toml')

/** The Atlas CLI's own file, where its profiles are. */
export const atlasConfigFile = (env: Env): string =>
  join(
    set(env.XDG_CONFIG_HOME) ??
      underHome(env, 'APPDATA', process.platform === 'darwin' ? 'Library/Application Support' : '.config'),
    'atlascli',
    'config.toml',
  )

const underHome = (env: Env, windows: string, elsewhere: string): string =>
  set(env[windows]) ?? join(set(env.HOME) ?? homedir(), elsewhere)

const set = (value: string | undefined): string | undefined => (value === undefined || value === '' ? undefined : value)
