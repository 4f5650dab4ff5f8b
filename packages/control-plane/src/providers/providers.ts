// Which provider serves which cloud. The local cloud serves all three; a real cloud is one folder beside it and one line
// here.

import type { Parts } from '../parts.ts'
import { createLocalProvider } from './local/local-provider.ts'
import type { Probe } from './local/probe.ts'
import type { Providers } from './provider.ts'

/** `probe`: see local/probe.ts; by default this machine is asked. */
export const createProviders = (parts: Parts, probe?: Probe): Providers => {
  const local = createLocalProvider(parts, probe)
  return { AWS: local, AZURE: local, GCP: local }
}
