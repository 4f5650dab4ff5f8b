// This program's one reader of the environment.

export type SandboxConfig = {
  readonly dataDir: string
  /** 0 = any free port. */
  readonly adminPort: number
  readonly adminToken: string
  readonly logLevel: string
}

/** The environment lacks something; the message names the variable and never shows a value. */
class ConfigError extends Error {}

/**
 * POSTERN_SANDBOX_DIR, POSTERN_SANDBOX_PORT (default 0), POSTERN_SANDBOX_TOKEN, POSTERN_LOG_LEVEL (default info).
 * @throws ConfigError
 */
export function readSandboxConfig(env: Readonly<Record<string, string | undefined>>): SandboxConfig {
  const dataDir = env.POSTERN_SANDBOX_DIR
  if (!dataDir) throw new ConfigError('POSTERN_SANDBOX_DIR must name the folder that keeps the data')
  const adminToken = env.POSTERN_SANDBOX_TOKEN
  if (!adminToken || adminToken.length < 16)
    throw new ConfigError('POSTERN_SANDBOX_TOKEN must hold at least 16 characters')
  const adminPort = Number(env.POSTERN_SANDBOX_PORT ?? '0')
  if (!Number.isInteger(adminPort) || adminPort < 0 || adminPort > 65_535)
    throw new ConfigError('POSTERN_SANDBOX_PORT must be a port, or 0')
  const logLevel = env.POSTERN_LOG_LEVEL ?? 'info'
  if (!['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].includes(logLevel))
    throw new ConfigError('POSTERN_LOG_LEVEL is not a level')
  return { dataDir, adminPort, adminToken, logLevel }
}
